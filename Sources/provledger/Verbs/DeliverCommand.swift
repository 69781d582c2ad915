import ArgumentParser
import Base
import Delivery
import DeliveryMachine
import Foundation
import JSON
import Ledger
import Logging
import Provisioning
import Reports
import ServiceLifecycle
import Terminal
import UnixSignals
import Views

/// `provledger deliver`
struct DeliverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deliver",
    abstract: "Bring TeamViewer in step: the worker, as a service until SIGTERM, or until nothing is pending.",
    discussion: """
      Examples:
        provledger deliver                   run as a service; SIGTERM ends it cleanly
        provledger deliver --until-idle      end when nothing is pending
        provledger deliver --until-idle --give-up-after 5m
        provledger deliver --no-wait         never wait for another worker

      In quarantine --until-idle ends with 77 (or 69 when the target is no SCIM endpoint), under `delivery pause` with 75,
      and with 69 when nothing got through for as long as delivery.fruitlessMinutes says. Ended by a signal with work
      pending it ends with 128 and the signal's number. A service manager that names NOTIFY_SOCKET hears how it is.
      """)

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions
  @OptionGroup var logging: LogOptions
  @Flag(help: "End when nothing is pending but what is parked, held or skipped.")
  var untilIdle = false
  @Flag(help: "End with 75 instead of waiting when another worker is at work.")
  var noWait = false
  @Option(help: "With --until-idle: end with 69 when nothing gets through for so long: 90s, 30m, 2h, 1d.")
  var giveUpAfter: TimeSpan?

  func validate() throws {
    if giveUpAfter != nil, !untilIdle { throw ValidationError("--give-up-after is for --until-idle.") }
  }

  func run() async throws {
    let manager = ServiceManager()
    let signals = EndingSignals(isService: !untilIdle, logger: LedgerOptions.logger) {
      Output.end()
      manager.stopping()
    }
    let (end, pending, diagnosis) = try await ledger.withLedger { ledger in
      if let warning = try ledger.configurationWarning() { Output.notice(warning) }
      let end = try await serve(ledger, signals, manager)
      let status = try StatusReport(ledger)
      show(status)
      return (end, status.throughput.backlog.pending, try Worker.diagnosis(for: ledger))
    }
    switch end {
    case .stopped where untilIdle && pending > 0: try leave(pending, signals)
    case .idle, .stopped, .renewed: return
    case .paused(let pause): throw Fault(pause)
    case .quarantined(let quarantine): throw Fault(quarantine)
    case .fruitless(let fruitless): throw fruitless.fault(pending: pending, diagnosis)
    }
  }

  /// Says what an ended run leaves behind, and ends as is usual for the signal that ended it.
  private func leave(_ pending: Int, _ signals: EndingSignals) throws {
    guard let signal = signals.received else { return }
    let people = pending.of("person is", "people are")
    Output.notice("Ended by \(signal) while \(people) still pending; the next `provledger deliver` goes on.")
    throw ExitCode(128 + signal.rawValue)
  }

  private func serve(_ ledger: OpenLedger, _ signals: EndingSignals, _ manager: ServiceManager) async throws
    -> Worker.End
  {
    let options = DeliveryService.Options(
      untilIdle: untilIdle, waits: !noWait, patience: giveUpAfter?.duration, actor: Operator.name)
    let worker = WorkerSession(ledger, options, manager)
    try await worker.watched {
      try await signals.run(
        ServiceGroup(
          configuration: ServiceGroupConfiguration(
            services: [.init(service: worker.service, successTerminationBehavior: .gracefullyShutdownGroup)],
            logger: LedgerOptions.logger)))
    }
    return worker.service.end
  }

  private func show(_ status: StatusReport) {
    if output.json { return Output.json(status.json) }
    Output.line(status.peopleLine)
  }
}
