import Base

extension MappingReader {
  /// An address; that it is none is told by a check alone, since whoever only reads a ledger calls nobody.
  ///
  /// `isOfMachine` allows plain http to link-local addresses too, as Azure's metadata service has one.
  mutating func url(_ name: String, default standard: String? = nil, isOfMachine: Bool = false) -> String {
    let text = self.text(name, default: standard)
    if text.isEmpty { return text }
    do throws(ServiceURL.Objection) { _ = try ServiceURL(checking: text, isOfMachine: isOfMachine) } catch {
      object(name, .url, "\(error); write it like https://host.example/path")
    }
    return text
  }
}
