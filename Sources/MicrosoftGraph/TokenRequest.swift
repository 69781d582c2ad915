public import Base
import Foundation
import HTTPTransport
import SCIM

/// Whose token is asked for, and where.
public struct Application: Equatable, Sendable {
  /// The tenant's id or one of its verified domains.
  public var tenant: String
  /// The application's (client's) id.
  public var client: String
  /// Microsoft's sign-in service, such as `https://login.microsoftonline.com`.
  public var authority: ServiceURL
  /// Who the token is for, such as `https://graph.microsoft.com`.
  public var resource: String

  /// An application.
  public init(tenant: String, client: String, authority: ServiceURL, resource: String) {
    self.tenant = tenant
    self.client = client
    self.authority = authority
    self.resource = resource
  }

  /// The token endpoint (Microsoft identity platform, "OAuth 2.0 client credentials flow").
  var endpoint: String { "\(authority)/\(PercentEncoding.encode(tenant))/oauth2/v2.0/token" }

  /// The request for a token by some credentials. Throws what reading them throws.
  func request(_ credentials: Credentials, now: Timestamp) throws -> Transport.Request {
    switch credentials {
    case .secret(let secret): form([("client_secret", try secret())])
    case .certificate(let certificate):
      try assertion(
        ClientAssertion(client: client, audience: endpoint, id: UUID().uuidString.lowercased(), now: now)
          .text(signedBy: certificate()))
    case .federated(let token): assertion(try token())
    case .managed(let identity): identity.request(resource)
    }
  }

  private func assertion(_ text: String) -> Transport.Request {
    form([
      ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", text),
    ])
  }

  private func form(_ proof: [(String, String)]) -> Transport.Request {
    let fields =
      [("client_id", client), ("grant_type", "client_credentials"), ("scope", "\(resource)/.default")] + proof
    let text = fields.map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
    return Transport.Request(
      "POST", endpoint,
      headers: [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")],
      body: Array(text.utf8))
  }
}

extension ManagedIdentity {
  /// The request for a token: App Service is told by its header, a virtual machine by `Metadata`.
  fileprivate func request(_ resource: String) -> Transport.Request {
    let version = header == nil ? "2018-02-01" : "2019-08-01"
    var query = "api-version=\(version)&resource=\(PercentEncoding.encode(resource))"
    if let client { query += "&client_id=\(PercentEncoding.encode(client))" }
    let field = header.map { ("x-identity-header", $0) } ?? ("metadata", "true")
    return Transport.Request("GET", "\(endpoint)?\(query)", headers: [("accept", "application/json"), field])
  }
}
