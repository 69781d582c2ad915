import Base
import Foundation
import HTTPTransport
public import Ledger
public import MicrosoftGraph
import Provisioning

/// The way to the tenant that a ledger's configuration names; `shutdown` must be called when it is done with.
public struct GraphConnection: Sendable {
  /// What reads the tenant.
  public let source: GraphSource
  private let transports: [Transport]

  /// A way; nobody is called yet.
  ///
  /// Throws `Fault` with `graphMissing` where no tenant is configured, `graphURL`, `certificatesUnusable`, and the faults
  /// of the proxy's URL and credentials.
  public init(_ ledger: OpenLedger, waiting: Waiting = .system) throws {
    try self.init(ledger.configuration, folder: ledger.folder, waiting: waiting)
  }

  /// A way as a configuration in a folder says. Throws as the other initializer does.
  public init(_ configuration: Configuration, folder: String, waiting: Waiting = .system) throws {
    guard let graph = configuration.graph else {
      throw Fault(
        .graphMissing,
        "provledger.yaml names no tenant under `graph`; add tenant, client and credentials, or import an export.")
    }
    let site = GraphSite(graph: graph, configuration: configuration, folder: folder)
    let authority = try site.url(graph.authority, "authority")
    let url = try site.url(graph.url, "url")
    let credentials = try site.credentials()
    let route = try site.route(to: url)
    let signInRoute = try site.signInRoute(to: authority)
    let transport = try Transport(.init(route: route))
    let signIn = try Transport(.init(route: signInRoute))
    transports = [transport, signIn]
    let tokens = AccessTokens(
      Application(tenant: graph.tenant, client: graph.client, authority: authority, resource: url.origin),
      by: credentials, over: Persistence(signIn, waiting), waiting,
      diagnosis: GraphDiagnosis(authority, proxy: signInRoute.proxy))
    let client = GraphClient(
      url, client: graph.client, principal: graph.servicePrincipal, tokens: tokens,
      over: Persistence(transport, waiting), diagnosis: GraphDiagnosis(url, proxy: route.proxy),
      newID: { UUID().uuidString.lowercased() })
    source = GraphSource(client, selecting: graph.select, reading: configuration.policy.sourceAttributes)
  }

  /// Opens the way that a configuration names, hands it to `body`, and closes it, also when `body` throws. Throws as the
  /// initializer does, and what `body` throws.
  public static func using<Value>(
    _ ledger: OpenLedger, _ body: (GraphConnection) async throws -> Value
  ) async throws -> Value {
    try await using(ledger.configuration, folder: ledger.folder, body)
  }

  /// The same for a configuration in a folder.
  public static func using<Value>(
    _ configuration: Configuration, folder: String, _ body: (GraphConnection) async throws -> Value
  ) async throws -> Value {
    let connection = try GraphConnection(configuration, folder: folder)
    do {
      let value = try await body(connection)
      await connection.shutdown()
      return value
    } catch {
      await connection.shutdown()
      throw error
    }
  }

  /// Closes all connections.
  public func shutdown() async { for transport in transports { await transport.shutdown() } }
}

/// What a configuration means on this machine.
private struct GraphSite {
  let graph: GraphConfiguration
  let configuration: Configuration
  let folder: String

  func url(_ text: String, _ key: String) throws(Fault) -> ServiceURL {
    do throws(ServiceURL.Objection) { return try ServiceURL(checking: text) } catch {
      throw Fault(
        .graphURL, "`graph.\(key)` in provledger.yaml \(error). Write it as the articles show it, with https.")
    }
  }

  func route(to url: ServiceURL) throws -> Route {
    try configuration.route(to: url.host, port: url.port, folder: folder, trusting: graph.certificates)
  }

  /// The way to where tokens are; a machine's own endpoint is never behind a proxy.
  func signInRoute(to authority: ServiceURL) throws -> Route {
    if case .managedIdentity = graph.proof { return Route() }
    return try route(to: authority)
  }

  /// The credentials, read anew each time.
  func credentials() throws -> Credentials {
    switch graph.proof {
    case .secret(let place):
      return .secret { try place.secret("the client secret", .graphCredentials) }
    case .certificate(let path):
      let path = inFolder(path)
      return .certificate {
        let text = try Self.text(path)
        do throws(ClientCertificate.Objection) { return try ClientCertificate(pem: text) } catch {
          throw Fault(.graphCredentials, "The file \(path), which graph.credentials.certificate names, \(error).")
        }
      }
    case .federatedToken(let path):
      let place = SecretSource.file(inFolder(path))
      return .federated { try place.secret("the federated token", .graphCredentials) }
    case .managedIdentity(let client, let endpoint): return .managed(try identity(client, endpoint))
    }
  }

  /// The machine's identity, with the endpoint that the configuration or the environment names (Azure App Service, "Use
  /// managed identities").
  private func identity(_ client: String?, _ endpoint: String?) throws -> ManagedIdentity {
    let environment = ProcessInfo.processInfo.environment
    let text = endpoint ?? environment["IDENTITY_ENDPOINT"] ?? ManagedIdentity.metadata
    do throws(ServiceURL.Objection) { _ = try ServiceURL(checking: text, isOfMachine: true) } catch {
      let place = endpoint == nil ? "IDENTITY_ENDPOINT in the environment" : "`graph.credentials.identityEndpoint`"
      throw Fault(.graphURL, "\(place) \(error). Leave it out, or write the endpoint of this machine.")
    }
    return ManagedIdentity(endpoint: text, header: environment["IDENTITY_HEADER"], client: client)
  }

  private func inFolder(_ path: String) -> String { path.hasPrefix("/") ? path : "\(folder)/\(path)" }

  private static func text(_ path: String) throws -> String {
    do { return String(decoding: try OutsideFile.read(path, limit: 1 << 20), as: UTF8.self) } catch {
      let why = (error as? OutsideFile.Failure)?.text ?? "cannot be read"
      throw Fault(.graphCredentials, "The file \(path), which graph.credentials.certificate names, \(why).")
    }
  }
}
