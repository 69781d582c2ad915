import Base
import JSON

/// What an application with a certificate shows instead of a secret: a JWT that it signs (RFC 7523; Microsoft identity
/// platform, "Microsoft identity platform application authentication certificate credentials").
struct ClientAssertion {
  /// How long one holds.
  static let lifetime = Duration.seconds(600)

  /// The application's id.
  var client: String
  /// The token endpoint.
  var audience: String
  /// What tells two assertions apart, at random.
  var id: String
  /// When it is made.
  var now: Timestamp

  /// The JWT, signed.
  func text(signedBy certificate: ClientCertificate) throws -> String {
    let header: JSONValue = ["alg": "PS256", "typ": "JWT", "x5t#S256": .string(certificate.thumbprint)]
    let start = now.milliseconds / 1000
    let claims: JSONValue = [
      "aud": .string(audience), "exp": .integer(start + Self.lifetime.components.seconds), "iat": .integer(start),
      "iss": .string(client), "jti": .string(id), "nbf": .integer(start), "sub": .string(client),
    ]
    let signed = [header, claims].map { Base64URL.text($0.text.utf8) }.joined(separator: ".")
    return "\(signed).\(Base64URL.text(try certificate.signature(of: signed)))"
  }
}
