import ArgumentParser
import Base
import Foundation
import Logging
import Provisioning
import ServiceLifecycle
import Simulators
import TeamViewerModel
import UnixSignals

/// `provledger simulate`
struct SimulateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "The other sides, on loopback, for tests and rehearsals.",
    discussion: """
      Examples:
        provledger simulate teamviewer --port 8080 --token rehearsal
        provledger simulate graph --port 8090 --users 500
      """, subcommands: [TeamViewerCommand.self, GraphCommand.self])

  /// `provledger simulate teamviewer`
  struct TeamViewerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "teamviewer", abstract: "Run a simulated TeamViewer SCIM API until SIGTERM.",
      discussion: """
        Examples:
          provledger simulate teamviewer --port 8080 --token rehearsal
          provledger simulate teamviewer --port 8080 --faults 0.2 --seed 7 --latency 20

        Prints the base URL, and to standard error the bearer token of the control side. State, request log, switches and faults are at /_simulator/state, /_simulator/log and
        /_simulator/settings; accounts are added by POST to /_simulator/accounts.
        """)

    @Option(help: "The port on 127.0.0.1; 0 takes a free one.")
    var port = 0
    @Option(help: "The bearer token that is accepted.")
    var token = "simulator"
    @Option(help: "The bearer token of the control side (default: a random one).")
    var controlToken: String?
    @Option(help: "The address of the administrator who owns the token.")
    var owner = "admin@simulator.example"
    @Option(help: "A file that keeps the accounts over restarts.")
    var state: String?
    @Option(help: "The milliseconds that each answer takes.")
    var latency: Int64 = 0
    @Option(help: "The share of exchanges that go wrong, 0 to 1.")
    var faults = 0.0
    @Option(help: "The seed of the faults.")
    var seed: UInt64 = 0

    func validate() throws {
      guard (0...65_535).contains(port) else { throw ValidationError("--port is a number from 0 to 65535.") }
      guard (0...1).contains(faults) else { throw ValidationError("--faults is a share from 0 to 1.") }
      guard (0...600_000).contains(latency) else { throw ValidationError("--latency is at most 600000.") }
    }

    func run() async throws {
      var logger = Logger(label: "simulator") { label in StreamLogHandler.standardError(label: label) }
      logger.logLevel = .error
      var model = TeamViewerService()
      let id = model.addAccount(owner, name: "Token Owner", isAdministrator: true)
      model.settings.tokens = [TeamViewerService.Token(token, owner: id)]
      let plan = FaultPlan(seed: seed, profile: faults > 0 ? .passing(probability: faults) : .none)
      let control = controlToken ?? "\(randomName())\(randomName())"
      let simulator = try TeamViewerSimulator(
        SimulatedTeamViewer(model: model, plan: plan, latency: latency...latency),
        configuration: .init(port: port, stateFile: state, controlToken: control), logger: logger
      ) { port in
        Output.notice("control token: \(control)")
        Output.line("http://127.0.0.1:\(port)/scim/v2")
      }
      let services = ServiceGroup(
        configuration: .init(
          services: [simulator], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
      try await services.run()
    }
  }
}
