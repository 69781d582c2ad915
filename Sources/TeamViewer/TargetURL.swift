public import Base
import Foundation
import Provisioning

/// The base URL of a SCIM target, checked once: https, or plain http on loopback only; no user, query or fragment.
public struct TargetURL: Equatable, Sendable, CustomStringConvertible {
  /// Scheme, host and port, without a slash at the end.
  public let origin: String
  /// The path under which SCIM's endpoints stand, without a slash at the end; may be empty.
  public let path: String
  /// The host, for sentences.
  public let host: String

  /// The port, also where the text leaves it out.
  public let port: Int

  /// Scheme, host, port and path.
  public var description: String { origin + path }

  /// Checks a URL. Throws `Fault` with `targetURL`.
  public init(_ text: String) throws(Fault) {
    func refuse(_ why: String) -> Fault {
      Fault(.targetURL, "The target's URL \(why). Write it like https://webapi.teamviewer.com/scim/v2.")
    }
    guard text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
      let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), let host = parts.host,
      !host.isEmpty, (1...65535).contains(parts.port ?? 443)
    else { throw refuse("is malformed") }
    guard parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil else {
      throw refuse("holds a user, a query or a fragment")
    }
    guard scheme == "https" || scheme == "http" else { throw refuse("is neither https nor http") }
    guard scheme == "https" || Loopback.contains(host) else {
      throw refuse("is plain http to another machine, which would show the token to everybody on the way")
    }
    var path = parts.percentEncodedPath[...]
    while path.hasSuffix("/") { path = path.dropLast() }
    origin = "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? "")
    self.path = String(path)
    self.host = host
    port = parts.port ?? (scheme == "https" ? 443 : 80)
  }
}
