public import Base

/// An application that may sign in: its credentials and what an administrator has consented to.
public struct AppRegistration: Equatable, Sendable {
  /// The object id.
  public var id: String
  /// The client id.
  public var appId: String
  /// The name that the portal shows.
  public var displayName: String
  /// Client secrets.
  public var secrets: [ClientSecret] = []
  /// Certificates.
  public var certificates: [ClientCertificate] = []
  /// Who else's tokens are taken for the application's own.
  public var federated: [FederatedCredential] = []
  /// The application permissions with admin consent, such as `User.Read.All`.
  public var permissions: Set<String> = []

  /// An application without credentials and permissions.
  public init(id: String, appId: String, displayName: String) {
    self.id = id
    self.appId = appId
    self.displayName = displayName
  }
}

/// A client secret.
public struct ClientSecret: Equatable, Sendable {
  /// Its key id, which is no secret.
  public var keyId: String
  /// The name that the portal shows.
  public var displayName: String
  /// The secret itself.
  public var value: String
  /// Since when it is good.
  public var start: Timestamp
  /// Until when it is good.
  public var end: Timestamp

  /// A secret.
  public init(keyId: String, displayName: String, value: String, start: Timestamp, end: Timestamp) {
    self.keyId = keyId
    self.displayName = displayName
    self.value = value
    self.start = start
    self.end = end
  }
}

/// A certificate by which an application signs its assertions.
public struct ClientCertificate: Equatable, Sendable {
  /// Its key id.
  public var keyId: String
  /// The name that the portal shows.
  public var displayName: String
  /// The SHA-1 of its DER form, the `x5t` of a signed assertion.
  public var sha1: [UInt8]
  /// The SHA-256 of its DER form, the `x5t#S256`.
  public var sha256: [UInt8]
  /// The public key, DER of a SubjectPublicKeyInfo (RFC 5280, section 4.1).
  public var publicKey: [UInt8]
  /// Since when it is good.
  public var start: Timestamp
  /// Until when it is good.
  public var end: Timestamp

  /// A certificate.
  public init(
    keyId: String, displayName: String, sha1: [UInt8], sha256: [UInt8], publicKey: [UInt8], start: Timestamp,
    end: Timestamp
  ) {
    self.keyId = keyId
    self.displayName = displayName
    self.sha1 = sha1
    self.sha256 = sha256
    self.publicKey = publicKey
    self.start = start
    self.end = end
  }
}

/// Whose tokens are taken for the application's own: workload identity federation.
public struct FederatedCredential: Equatable, Sendable {
  /// The token's `iss`.
  public var issuer: String
  /// The token's `sub`.
  public var subject: String
  /// The token's `aud`.
  public var audience: String

  /// A credential; the audience is the one that Microsoft recommends unless another is named.
  public init(issuer: String, subject: String, audience: String = "api://AzureADTokenExchange") {
    self.issuer = issuer
    self.subject = subject
    self.audience = audience
  }
}
