import ArgumentParser
import Base
import Cycles
import Delivery
import Foundation
import Ledger
import Logging
import Provisioning
import Reports
import ServiceLifecycle
import Syslog
import Terminal

/// `provledger serve`
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Everything in one process: cycles on a schedule, the worker, checkpoints; a service until SIGTERM.",
    discussion: """
      Example:
        provledger serve

      Entra ID is read where `graph` names a tenant, and exports are taken from the
      folder that `cycles.folder` names. What fails is logged and tried again.
      """)

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var look: LookOptions
  @OptionGroup var logging: LogOptions
  /// For the demo, and for tests of many cycles.
  @Option(help: .init("How many times as often as configured cycles run.", visibility: .hidden))
  var speed = 1

  func validate() throws {
    guard (1...1000).contains(speed) else { throw ValidationError("--speed is a number from 1 to 1000.") }
  }

  func run() async throws {
    let manager = ServiceManager()
    let signals = EndingSignals(isService: true, logger: LedgerOptions.logger) {
      Output.end()
      manager.stopping()
    }
    try await ledger.withLedger { ledger in
      if let warning = try ledger.configurationWarning() { Output.notice(warning) }
      if ledger.configuration.graph == nil {
        try await serve(ledger, nil, signals, manager)
      } else {
        try await GraphConnection.using(ledger) { try await serve(ledger, $0, signals, manager) }
      }
      Output.line(try StatusReport(ledger).peopleLine)
    }
  }

  private func serve(
    _ ledger: OpenLedger, _ graph: GraphConnection?, _ signals: EndingSignals, _ manager: ServiceManager
  ) async throws {
    let cycles = Schedule(of: ledger, graph: graph, logger: LedgerOptions.logger, speed: speed).services
    guard !cycles.isEmpty else {
      throw Fault(
        .nothingToServe,
        "provledger.yaml names neither a tenant under `graph` nor a `cycles.folder`, so that there is nothing to read; `provledger deliver` is the worker alone."
      )
    }
    let worker = WorkerSession(
      ledger, DeliveryService.Options(untilIdle: false, waits: true, actor: Operator.name), manager)
    for receiver in ledger.configuration.feeds { try await receiver.record(look, of: ledger) }
    let feeds = ledger.configuration.feeds.map { FeedService(SyslogFeed(of: ledger, to: $0.placed(in: ledger))) }
    let services = (cycles + feeds as [any Service]).map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) }
    try await worker.watched {
      try await signals.run(
        ServiceGroup(
          configuration: ServiceGroupConfiguration(
            services: services
              + [.init(service: worker.service, successTerminationBehavior: .gracefullyShutdownGroup)],
            logger: LedgerOptions.logger)))
    }
  }
}
