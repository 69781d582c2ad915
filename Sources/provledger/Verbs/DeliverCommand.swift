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
        provledger deliver --until-idle      wait out pauses and outages, end when nothing is pending
        provledger deliver --no-wait         end with 75 when another worker is at work

      In quarantine --until-idle ends with 77 (or 69 when the target is no SCIM endpoint), under `delivery pause` with 75.
      """)

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions
  @Flag(help: "End when nothing is pending but what is parked, held or skipped.")
  var untilIdle = false
  @Flag(help: "End with 75 instead of waiting when another worker is at work.")
  var noWait = false

  func run() async throws {
    let end = try await ledger.withLedger { ledger in
      if let warning = try ledger.configurationWarning() { Output.notice(warning) }
      let end = try await serve(ledger)
      try show(StatusReport(ledger))
      return end
    }
    switch end {
    case .idle, .stopped, .renewed: return
    case .paused(let pause): throw Fault(pause)
    case .quarantined(let quarantine): throw Fault(quarantine)
    }
  }

  private func serve(_ ledger: Ledger) async throws -> Worker.End {
    let progress = ProgressLine()
    defer { progress.end() }
    let service = DeliveryService(
      ledger: ledger, options: .init(untilIdle: untilIdle, waits: !noWait, actor: Operator.name),
      logger: LedgerOptions.logger
    ) { holder in
      if let holder { tellWaiting(holder) }
    } progress: {
      show($0, progress)
    }
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: LedgerOptions.logger))
    try await group.run()
    return service.end
  }

  private func show(_ step: Worker.Progress, _ progress: ProgressLine) {
    guard progress.isDue else { return }
    let fault = step.lastFault.map { ", last answer: \($0)" } ?? ""
    let wait = fault + (step.closed.map { ", nothing leaves\($0.words)" } ?? "")
    let all = step.completed + step.unsettled
    progress.show(
      "\(step.completed) delivered, \(step.unsettled) pending, \(step.parked) parked, \(step.calls) calls\(wait)",
      done: untilIdle && all > 0 ? Double(step.completed) / Double(all) : nil)
  }

  private func show(_ status: StatusReport) {
    if output.json { return Output.json(status.json) }
    let people = PersonStatus.allCases.compactMap { word in status.people[word].map { "\($0) \(word.rawValue)" } }
    Output.line("people: \(people.isEmpty ? "nobody" : people.joined(separator: ", "))")
  }
}
