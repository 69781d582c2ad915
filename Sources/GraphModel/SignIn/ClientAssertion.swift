import Base
import JSON

/// A signed assertion as a client sends it: a JWS in compact form (RFC 7515, section 3.1) with the claims of RFC 7523.
struct ClientAssertion {
  let algorithm: String
  /// The thumbprints of the certificate, by SHA-1 and by SHA-256.
  let sha1: [UInt8]?
  let sha256: [UInt8]?
  let claims: JSONValue
  /// What is signed, and the signature.
  let message: [UInt8]
  let signature: [UInt8]

  /// Larger ones are not read.
  private static let limit = 65_536

  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard text.utf8.count <= Self.limit, parts.count == 3, let head = Self.json(parts[0]),
      let claims = Self.json(parts[1]), let signature = Self.decode(parts[2]),
      let algorithm = head["alg"]?.string
    else { return nil }
    self.algorithm = algorithm
    sha1 = head["x5t"]?.string.flatMap(Self.decode)
    sha256 = head["x5t#S256"]?.string.flatMap(Self.decode)
    self.claims = claims
    message = Array("\(parts[0]).\(parts[1])".utf8)
    self.signature = signature
  }

  func text(_ claim: String) -> String { claims[claim]?.string ?? "" }

  /// Whether a moment lies in the time that the assertion is good for; some minutes of a clock's error are forgiven.
  func isGood(at now: Timestamp) -> Bool {
    guard let end = seconds("exp") else { return false }
    let (moment, slack) = (Double(now.milliseconds) / 1000, 300.0)
    return (seconds("nbf") ?? 0) <= moment + slack && moment < end + slack
  }

  /// A time of the claims, in seconds; it may have a fraction (RFC 7519, section 2, NumericDate).
  private func seconds(_ claim: String) -> Double? {
    if case .decimal(let text)? = claims[claim] { return Double(text) }
    return claims[claim]?.integer.map(Double.init)
  }

  /// The certificate that it names.
  func certificate(_ all: [ClientCertificate]) -> ClientCertificate? {
    all.first { $0.sha256 == sha256 || $0.sha1 == sha1 }
  }

  var thumbprint: String { Hex.text(sha1 ?? sha256 ?? []).uppercased() }

  private static func json(_ text: String) -> JSONValue? {
    decode(text).flatMap { try? JSONParser.parse($0) }.flatMap { $0.object == nil ? nil : $0 }
  }

  /// Base64url without padding (RFC 7515, section 2).
  private static func decode(_ text: String) -> [UInt8]? {
    let plain = text.replacing("-", with: "+").replacing("_", with: "/")
    return Base64.decode(plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4))
  }
}
