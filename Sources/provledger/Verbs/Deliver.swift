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
struct Deliver: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
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
    let ledger = try ledger.open()
    if let warning = try ledger.configurationWarning() { Output.notice(warning) }
    let progress = ProgressLine()
    defer { progress.end() }
    let service = DeliveryService(
      ledger: ledger, options: .init(untilIdle: untilIdle, waits: !noWait, actor: Operator.name),
      logger: LedgerOptions.logger
    ) { holder in
      if let holder { Output.notice("waiting: another worker: \(holder.sentence)") }
    } progress: {
      show($0, progress)
    }
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: LedgerOptions.logger))
    try await group.run()
    progress.end()
    try report(service.end, ledger)
  }

  private func show(_ step: Worker.Progress, _ progress: ProgressLine) {
    guard progress.isDue else { return }
    let fault = step.lastFault.map { ", last answer: \($0)" } ?? ""
    let wait = fault + (step.closed.map { ", nothing leaves\(Self.words($0))" } ?? "")
    let all = step.completed + step.unsettled
    progress.show(
      "\(step.completed) delivered, \(step.unsettled) pending, \(step.parked) parked, \(step.calls) calls\(wait)",
      done: untilIdle && all > 0 ? Double(step.completed) / Double(all) : nil)
  }

  private static func words(_ closed: DeliveryBlock) -> String {
    let until = closed.until.map { " before \($0)" } ?? ""
    return switch closed.reason {
    case .quarantine: ": in quarantine"
    case .operatorPause: "\(until): paused by an operator"
    case .maintenance: "\(until): planned maintenance"
    case .targetPause: "\(until), as TeamViewer asks"
    case .circuit: "\(until): the target fails"
    case .quota: "\(until): the quota \(closed.quota ?? "") is used up"
    }
  }

  private func report(_ end: Worker.End, _ ledger: Ledger) throws {
    let status = try StatusReport(ledger)
    try ledger.close()
    if output.json {
      Output.json(status.json)
    } else {
      let people = PersonStatus.allCases.compactMap { word in status.people[word].map { "\($0) \(word.rawValue)" } }
      Output.line("people: \(people.isEmpty ? "nobody" : people.joined(separator: ", "))")
    }
    switch end {
    case .idle, .stopped, .renewed: return
    case .paused(let pause):
      let until = pause.until.map { " until \($0)" } ?? ""
      let reason = pause.reason.map { ": \($0)" } ?? ""
      throw Fault(
        .deliveriesPaused, "An operator has paused deliveries\(until)\(reason). `provledger delivery resume` ends it.")
    case .quarantined(let quarantine):
      let (meaning, remedy) = Explanation.of(quarantine.reason)
      throw Fault(
        .of(quarantine.reason),
        "No call leaves: \(meaning) (\(quarantine.operation) was answered \(quarantine.status)). \(remedy)")
    }
  }
}
