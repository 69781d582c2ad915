public import Base
import JSON

/// A secret or certificate of an application's registration, as far as it may be known (Microsoft Graph REST API v1.0,
/// resource types "passwordCredential" and "keyCredential").
public struct ApplicationKey: Equatable, Sendable {
  /// What it is.
  public enum Kind: String, Sendable {
    /// A client secret.
    case secret
    /// A certificate.
    case certificate
  }

  /// What it is.
  public var kind: Kind
  /// What its owner calls it; nil for nothing.
  public var name: String?
  /// When it ends.
  public var end: Timestamp

  /// How long before its end a key is worth a word.
  public static let notice = Duration.seconds(30 * 86_400)

  init?(_ kind: Kind, _ json: JSONValue) {
    guard let end = json["endDateTime"]?.string.flatMap(Timestamp.init(graph:)) else { return nil }
    self.kind = kind
    self.end = end
    name = json["displayName"]?.string.map { String(OutsideText.cleaned($0).prefix(120)) }
  }

  /// All of an application, the first to end first.
  static func all(of application: JSONObject) -> [ApplicationKey] {
    let secrets = application["passwordCredentials"]?.array ?? []
    let certificates = application["keyCredentials"]?.array ?? []
    return
      (secrets.compactMap { ApplicationKey(.secret, $0) } + certificates.compactMap { ApplicationKey(.certificate, $0) })
      .sorted { $0.end < $1.end }
  }
}

extension Timestamp {
  /// Reads a moment as Graph writes it (DateTimeOffset in UTC): with no, or any number of, decimals, which are cut.
  init?(graph text: String) {
    guard text.hasSuffix("Z") else { return nil }
    let parts = text.dropLast().split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let decimals = (parts.count == 2 ? String(parts[1].prefix(3)) : "") + "000"
    self.init("\(parts[0]).\(decimals.prefix(3))Z")
  }
}
