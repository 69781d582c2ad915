public import Base
import Provisioning

/// Which tenant is read through Microsoft Graph, and by whom.
public struct GraphConfiguration: Equatable, Sendable {
  /// The tenant's id, or one of its verified domains.
  public var tenant: String
  /// The application's (client's) id.
  public var client: String
  /// How the application proves who it is.
  public var proof: Proof
  /// The application id of the enterprise application to which people are assigned.
  public var servicePrincipal: String
  /// Microsoft's sign-in service; https, or http on loopback.
  public var authority = GraphConfiguration.worldwideAuthority
  /// Microsoft Graph with its version; https, or http on loopback.
  public var url = GraphConfiguration.worldwide
  /// The file of authorities that are trusted beside the system's, absolute or in the ledger's folder; nil for none.
  public var certificates: String?
  /// The users' properties that are read beside those that always are.
  public var select: [String] = []

  /// How an application proves who it is. Paths are absolute or in the ledger's folder.
  public enum Proof: Equatable, Sendable {
    /// By a client secret.
    case secret(SecretSource)
    /// By a certificate: a PEM file with it and its key.
    case certificate(String)
    /// By a token of another provider in a file, which is read again each time.
    case federatedToken(String)
    /// By what the machine in Azure is.
    case managedIdentity(client: String?, endpoint: String?)
  }

  /// Microsoft Graph outside the national clouds.
  public static let worldwide = "https://graph.microsoft.com/v1.0"
  /// The sign-in service outside the national clouds.
  public static let worldwideAuthority = "https://login.microsoftonline.com"
}

extension GraphConfiguration {
  /// Reads `graph`; nil without a tenant. Throws a `Fault` of the PL-02 codes with the line concerned.
  init?(_ mapping: MappingReader) throws {
    var reader = mapping
    tenant = try reader.text("tenant", default: "")
    client = try reader.text("client", default: "")
    let proof = try Proof(try reader.mapping("credentials", isOptional: true))
    let principal = try reader.text("servicePrincipal", default: "")
    servicePrincipal = principal.isEmpty ? client : principal
    authority = try reader.text("authority", default: Self.worldwideAuthority)
    url = try reader.text("url", default: Self.worldwide)
    let certificates = try reader.text("certificates", default: "")
    self.certificates = certificates.isEmpty ? nil : certificates
    select = try reader.list("select")
    if let name = select.first(where: { !Self.isProperty($0) }) {
      throw reader.wrong("select", "names \"\(name)\", which is no property; list them as Microsoft Graph writes them")
    }
    try reader.finish()
    if tenant.isEmpty { return nil }
    if client.isEmpty { throw reader.wrong("client", "must be the application (client) id of the registration") }
    guard let proof else {
      throw reader.wrong("credentials", "must say one of secret, certificate, federatedTokenFile, managedIdentity")
    }
    self.proof = proof
  }

  /// Letters, digits and `_`: an extension's name has them too (Microsoft Graph, "Add custom data to resources by using extensions").
  private static func isProperty(_ name: String) -> Bool {
    (1...256).contains(name.utf8.count)
      && name.unicodeScalars.allSatisfy {
        $0.isASCII && ($0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil)
      }
  }
}

extension GraphConfiguration.Proof {
  /// Reads `graph.credentials`; nil when nothing is said.
  fileprivate init?(_ mapping: MappingReader) throws {
    var reader = mapping
    let secret = try reader.secret("secret")
    let certificate = try reader.text("certificate", default: "")
    let token = try reader.text("federatedTokenFile", default: "")
    let identity = try reader.text("managedIdentity", default: "")
    let endpoint = try reader.text("identityEndpoint", default: "")
    try reader.finish()
    let managed = Self.managedIdentity(
      client: identity == "system" ? nil : identity, endpoint: endpoint.isEmpty ? nil : endpoint)
    let said: [Self?] = [
      secret.map(Self.secret), certificate.isEmpty ? nil : .certificate(certificate),
      token.isEmpty ? nil : .federatedToken(token), identity.isEmpty ? nil : managed,
    ]
    let proofs = said.compactMap(\.self)
    if proofs.count > 1 { throw reader.wrong("certificate", "and another way cannot both be there; keep one") }
    guard let proof = proofs.first else { return nil }
    self = proof
  }
}
