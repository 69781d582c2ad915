/// The addresses by which a machine reaches itself.
public enum Loopback {
  /// Whether a host, as it stands in a URL, is this machine: `localhost`, `::1`, or an address of 127.0.0.0/8 in its
  /// usual form (RFC 6761, section 6.3; RFC 1122, section 3.2.1.3).
  public static func contains(_ host: String) -> Bool {
    if ["localhost", "::1", "[::1]"].contains(host.lowercased()) { return true }
    let bytes = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return bytes.count == 4 && bytes[0] == 127 && bytes.allSatisfy { $0 != nil }
  }
}
