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
  /// Reads `graph`; nil without a tenant, and where it cannot be used.
  init?(_ mapping: MappingReader) {
    var reader = mapping
    tenant = reader.text("tenant", default: "")
    reader.findings.source = tenant.isEmpty ? .file : .tenant
    client = reader.text("client", default: "")
    let credentials = reader.mapping("credentials", isOptional: true)
    let proof = Proof(credentials)
    let principal = reader.text("servicePrincipal", default: "")
    servicePrincipal = principal.isEmpty ? client : principal
    authority = reader.url("authority", default: Self.worldwideAuthority)
    url = reader.url("url", default: Self.worldwide)
    if !Self.hasVersion(url) {
      reader.object("url", .url, "names no version of Microsoft Graph; let it end with /v1.0 or /beta")
    }
    let certificates = reader.text("certificates", default: "")
    self.certificates = certificates.isEmpty ? nil : certificates
    select = reader.list("select")
    for (index, name) in select.enumerated() { reader.checkSelected(name, index) }
    reader.finish()
    if tenant.isEmpty { return nil }
    for (key, id) in [("tenant", tenant), ("client", client), ("servicePrincipal", principal)] where !id.isPathSafe {
      reader.refuse(key, .name, "holds characters that no id and no domain has; copy it from the Entra admin center")
    }
    if Self.shared.contains(tenant.lowercased()) {
      reader.refuse("tenant", .name, "is \"\(tenant)\", which is no tenant; write the id, or a verified domain of one")
    }
    if client.isEmpty {
      reader.refuse("client", .empty, "must be the application (client) id of the registration")
    }
    guard let proof else {
      if !credentials.saysSomething {
        reader.refuse(
          "credentials", .noCredentials, "must say one of secret, certificate, federatedTokenFile, managedIdentity")
      }
      return nil
    }
    self.proof = proof
  }
}

extension GraphConfiguration {
  /// What stands for all tenants at Microsoft's sign-in, where only people can sign in.
  private static let shared: Set = ["common", "organizations", "consumers"]

  /// Whether an address of Microsoft Graph ends with a version; an empty one is told otherwise.
  private static func hasVersion(_ url: String) -> Bool {
    var path = url[...]
    while path.hasSuffix("/") { path = path.dropLast() }
    return url.isEmpty || path.hasSuffix("/v1.0") || path.hasSuffix("/beta")
  }
}

extension MappingReader {
  /// A property that is read beside those that always are.
  fileprivate func checkSelected(_ name: String, _ index: Int) {
    if !GraphProperty.isName(name) {
      refuse(
        "select", index, .unknownAttribute,
        "names \"\(name)\", which is no property; list them as Microsoft Graph writes them")
    } else if let objection = findings.objection(toSource: name) {
      refuse("select", index, objection.kind, "names \"\(name)\", \(objection.words)", isRefused: false)
    }
  }
}

extension GraphConfiguration.Proof {
  /// Reads `graph.credentials`; nil when nothing is said, or too much.
  fileprivate init?(_ mapping: MappingReader) {
    var reader = mapping
    let secret = reader.secret("secret")
    let certificate = reader.text("certificate", default: "")
    let token = reader.text("federatedTokenFile", default: "")
    let identity = reader.text("managedIdentity", default: "")
    let endpoint = reader.url("identityEndpoint", default: "", isOfMachine: true)
    reader.finish()
    let managed = Self.managedIdentity(
      client: identity == "system" ? nil : identity, endpoint: endpoint.isEmpty ? nil : endpoint)
    let said: [Self?] = [
      secret.map(Self.secret), certificate.isEmpty ? nil : .certificate(certificate),
      token.isEmpty ? nil : .federatedToken(token), identity.isEmpty ? nil : managed,
    ]
    let proofs = said.compactMap(\.self)
    if proofs.count > 1 {
      let ways = [
        secret == nil ? "" : "secret", certificate.isEmpty ? "" : "certificate",
        token.isEmpty ? "" : "federatedTokenFile", identity.isEmpty ? "" : "managedIdentity",
      ].filter { !$0.isEmpty }
      reader.refuse(ways[1], .twoCredentials, "and `\(ways[0])` cannot both be there; keep one")
    }
    guard let proof = proofs.first else { return nil }
    self = proof
  }
}
