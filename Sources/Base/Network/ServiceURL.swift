import Foundation

/// The base URL of a service, checked once: https, or plain http on loopback only; no user, query or fragment.
public struct ServiceURL: Equatable, Sendable, CustomStringConvertible {
  /// Why a text is none, in words that follow the name of its place.
  public struct Objection: Error, Equatable, CustomStringConvertible {
    /// The words.
    public let description: String
  }

  /// Scheme, host and port, without a slash at the end.
  public let origin: String
  /// The path under which the endpoints stand, without a slash at the end; may be empty.
  public let path: String
  /// The host, for sentences.
  public let host: String

  /// The port, also where the text leaves it out.
  public let port: Int

  /// Scheme, host, port and path.
  public var description: String { origin + path }

  /// Checks a URL of at most 2048 characters. `isOfMachine` lets plain http lead to a link-local address too (RFC 3927), as
  /// the metadata service of a cloud's machine has one.
  public init(checking text: String, isOfMachine: Bool = false) throws(Objection) {
    guard text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
      let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), let host = parts.host,
      !host.isEmpty, (1...65535).contains(parts.port ?? 443)
    else { throw Objection(description: "is malformed") }
    guard parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil else {
      throw Objection(description: "holds a user, a query or a fragment")
    }
    guard scheme == "https" || scheme == "http" else { throw Objection(description: "is neither https nor http") }
    guard scheme == "https" || Loopback.contains(host) || isOfMachine && Loopback.isLinkLocal(host) else {
      throw Objection(
        description: "is plain http to another machine, which would show the token to everybody on the way")
    }
    var path = parts.percentEncodedPath[...]
    while path.hasSuffix("/") { path = path.dropLast() }
    origin = "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? "")
    self.path = String(path)
    self.host = host
    port = parts.port ?? (scheme == "https" ? 443 : 80)
  }

  /// Whether a link leads to the same scheme, host and port: a token may go there.
  public func covers(_ link: String) -> Bool {
    link.hasSameBytes(as: origin) || link.utf8.starts(with: "\(origin)/".utf8)
  }
}
