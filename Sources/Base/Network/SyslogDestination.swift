import Foundation

/// Where syslog messages go: `tls://host:6514` (RFC 5425) or `tcp://host:601` (RFC 6587).
public struct SyslogDestination: Equatable, Sendable, CustomStringConvertible {
  /// The host's name or address.
  public let host: String
  /// The port.
  public let port: Int
  /// Whether the way is encrypted and the host proved.
  public let isEncrypted: Bool

  /// Reads a URL; nil for another.
  public init?(_ text: String) {
    guard let url = URLComponents(string: text), let host = url.host, !host.isEmpty, url.user == nil,
      ["", "/"].contains(url.path), url.query == nil, ["tcp", "tls"].contains(url.scheme)
    else { return nil }
    isEncrypted = url.scheme == "tls"
    port = url.port ?? (isEncrypted ? 6514 : 601)
    guard (1...65535).contains(port) else { return nil }
    self.host = host.trimmingCharacters(in: ["[", "]"])
  }

  /// The URL.
  public var description: String {
    "\(isEncrypted ? "tls" : "tcp")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
  }

  /// Whether nothing leaves this machine.
  public var isLoopback: Bool { Loopback.contains(host) }
}
