import ArgumentParser
import Base
import Foundation
import GraphModel
import Logging
import ServiceLifecycle
import Simulators
import UnixSignals

extension SimulateCommand {
  /// `provledger simulate graph`
  struct GraphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "graph", abstract: "Run a simulated Microsoft Graph with its sign-in until SIGTERM.",
      discussion: """
        Examples:
          provledger simulate graph --port 8090 --users 500
          provledger simulate graph --port 8090 --life 7 --speed 1440
          provledger simulate graph --certificate server.pem --key server.key

        Prints the base URL, and to standard error tenant, client, secret, the id for graph.servicePrincipal, and the bearer token of the control side. State, request log, settings and faults are at /_simulator/state,
        /_simulator/log and /_simulator/settings; POST to /_simulator/users, groups, assignments and applications changes the tenant. With TLS the certificate must be one for localhost.
        """)

    @Option(help: "The port on 127.0.0.1; 0 takes a free one.")
    var port = 0
    @Option(help: "How many people the company has.")
    var users = 200
    @Option(help: "The seed of the company and of what chance does.")
    var seed: UInt64 = 1
    @Option(help: "Let the company live: people join, move, leave, return. The seed of its life, instead of --seed.")
    var life: UInt64?
    @Option(help: "How many times as fast as the clock it lives; 1440 is a day a minute.")
    var speed = 1440.0
    @Option(help: "The tenant's id.")
    var tenant = "7f3c1a52-6f0e-4c5b-9a51-0c2f8d3e4b60"
    @Option(help: "The client id that may sign in.")
    var client = "2d4e8f10-93b7-4f6a-8c21-5b7a9e0d1c34"
    @Option(help: "The client secret that is accepted, also as X-IDENTITY-HEADER.")
    var secret = "simulator"
    @Option(help: "A PEM file with the certificate by which the client may sign.")
    var clientCertificate: String?
    @Option(help: "A PEM file with the server's certificate, for TLS.")
    var certificate: String?
    @Option(help: "A PEM file with the key of --certificate.")
    var key: String?
    @Option(help: "The bearer token of the control side (default: a random one).")
    var controlToken: String?
    @Option(help: "The milliseconds that each answer takes.")
    var latency: Int64 = 0
    @Option(help: "The share of calls that go wrong, 0 to 1.")
    var faults = 0.0

    func validate() throws {
      guard (0...65_535).contains(port) else { throw ValidationError("--port is a number from 0 to 65535.") }
      guard (0...1).contains(faults) else { throw ValidationError("--faults is a share from 0 to 1.") }
      guard (0...600_000).contains(latency) else { throw ValidationError("--latency is at most 600000.") }
      guard (0...1_000_000).contains(users) else { throw ValidationError("--users is at most 1000000.") }
      guard (0...1_000_000).contains(speed) else { throw ValidationError("--speed is at most 1000000.") }
      guard (certificate == nil) == (key == nil) else {
        throw ValidationError("--certificate and --key go together.")
      }
    }

    func run() async throws {
      var logger = Logger(label: "simulator") { label in StreamLogHandler.standardError(label: label) }
      logger.logLevel = .error
      let company = CompanyLife(seed: life ?? seed, people: users)
      let control = controlToken ?? "\(randomName())\(randomName())"
      var configuration = GraphSimulator.Configuration(port: port, controlToken: control)
      configuration.speed = speed
      if let certificate, let key { configuration.tls = try CertificateFile.server(certificate: certificate, key: key) }
      let origin = certificate == nil ? "http://127.0.0.1" : "https://localhost"
      let graph = try graph(company)
      let applications = graph.tenant.servicePrincipals.map(\.appId).joined(separator: ", ")
      let simulator = GraphSimulator(
        graph, life: life == nil ? nil : company, configuration: configuration, logger: logger
      ) { port in
        Output.notice("tenant: \(tenant), client: \(client), secret: \(secret)")
        Output.notice("graph.servicePrincipal: \(applications)")
        Output.notice("sign-in: \(origin):\(port)/\(tenant)/oauth2/v2.0/token")
        Output.notice("control token: \(control)")
        Output.line("\(origin):\(port)/v1.0")
      }
      let services = ServiceGroup(
        configuration: .init(services: [simulator], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
      try await services.run()
    }

    private func graph(_ company: CompanyLife) throws -> SimulatedGraph {
      let now = SystemClock.now()
      var directory = company.tenant(id: tenant, now: now)
      directory.applications = [try application(now)]
      var settings = SimulatedGraph.Settings()
      settings.latency = latency
      settings.managedIdentity = .init(appId: client, header: secret)
      return SimulatedGraph(
        tenant: directory, settings: settings, faults: GraphFaultPlan(seed: seed, probability: faults), seed: seed)
    }

    private func application(_ now: Timestamp) throws -> AppRegistration {
      var application = AppRegistration(id: client, appId: client, displayName: "ProvisioningLedger")
      application.permissions = AppRegistration.readingPermissions
      application.secrets = [
        ClientSecret(
          keyId: client, displayName: "simulator", value: secret, start: now, end: now + .seconds(180 * 86_400))
      ]
      if let clientCertificate { application.certificates = [try CertificateFile.client(clientCertificate)] }
      return application
    }
  }
}
