import Glibc

/// Who is reached without the proxy, as the variable NO_PROXY lists them.
///
/// An entry is a host with all below it (`corp.example`, `.corp.example` and `*.corp.example` mean the same), an address,
/// a network such as `10.0.0.0/8`, or `*` for everybody; a port behind a host or an address limits it to that port. No
/// standard says so; these are the rules that curl(1), wget and the languages' libraries share.
public struct NoProxy: Equatable, Sendable {
  private enum Rule: Equatable {
    case everybody
    case name(String, port: Int?)
    case network([UInt8], bits: Int, port: Int?)
  }

  private let rules: [Rule]

  /// The rules of entries between commas or blanks.
  public init(_ text: String) {
    self.init(text.split { $0 == "," || $0.isWhitespace }.map(String.init))
  }

  /// The rules of entries; one that names nobody is passed over.
  public init(_ entries: [String]) { rules = entries.compactMap(Self.rule) }

  /// Whether a host, as it stands in a URL, is reached at a port without the proxy.
  public func covers(_ host: String, port: Int) -> Bool {
    let name = Self.folded(host)
    let address = Self.address(name)
    return rules.contains { rule in
      switch rule {
      case .everybody: true
      case .name(let suffix, let only):
        address == nil && (only ?? port) == port && (name == suffix || name.hasSuffix(".\(suffix)"))
      case .network(let start, let bits, let only):
        address.map { (only ?? port) == port && Self.isEqual($0, start, bits) } ?? false
      }
    }
  }

  private static func rule(_ entry: String) -> Rule? {
    if entry == "*" { return .everybody }
    let parts = entry.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 {
      guard let start = address(folded(String(parts[0]))), let bits = Int(parts[1]),
        (0...start.count * 8).contains(bits)
      else { return nil }
      return .network(start, bits: bits, port: nil)
    }
    guard let place = HostAndPort(Substring(entry.replacing("*.", with: ".", maxReplacements: 1))) else { return nil }
    let name = folded(place.host.hasPrefix(".") ? String(place.host.dropFirst()) : place.host)
    if let start = address(name) { return .network(start, bits: start.count * 8, port: place.port) }
    return name.isEmpty ? nil : .name(name, port: place.port)
  }

  /// Lower case, without the brackets of an address and the dot of a whole name.
  private static func folded(_ host: String) -> String {
    var name = Substring(host.lowercased())
    if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
    return String(name.hasSuffix(".") ? name.dropLast() : name)
  }

  /// The 4 or 16 bytes of an address; nil for a name.
  private static func address(_ text: String) -> [UInt8]? {
    for (family, length) in [(AF_INET, 4), (AF_INET6, 16)] {
      var bytes = [UInt8](repeating: 0, count: length)
      if inet_pton(family, text, &bytes) == 1 { return bytes }
    }
    return nil
  }

  private static func isEqual(_ left: [UInt8], _ right: [UInt8], _ bits: Int) -> Bool {
    guard left.count == right.count else { return false }
    return left.indices.allSatisfy { index in
      let kept = min(8, max(0, bits - index * 8))
      let mask = UInt8(truncatingIfNeeded: 0xFF00 >> kept)
      return left[index] & mask == right[index] & mask
    }
  }
}
