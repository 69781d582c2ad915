import Base
public import DeliveryMachine

extension [UnreadableAccount] {
  /// How many entries are named at most.
  private static let most = 5

  /// What a list's reader passed over, with the first few by id and attribute.
  public var sentence: String {
    let names = prefix(Self.most).map { entry in
      "\(entry.id.map { OutsideText.cleaned($0) } ?? "one without an id") (\(entry.attribute))"
    }
    let more = count > Self.most ? " and \(count - Self.most) more" : ""
    return
      "\(count) \(count == 1 ? "entry" : "entries") of the list of accounts cannot be read and count for nobody: "
      + "\(names.joined(separator: ", "))\(more). Everybody else is provisioned; put these right in TeamViewer."
  }
}
