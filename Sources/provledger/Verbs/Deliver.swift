import ArgumentParser
import Delivery
import Foundation
import JSON
import Ledger
import Logging
import Provisioning
import Reports
import Synchronization
import TeamViewer
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

      In quarantine --until-idle ends with 77 (or 69 when the target is no SCIM endpoint).
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
    let stop = Stop()
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    let end = try await withThrowingTaskGroup(of: Worker.End?.self) { group in
      group.addTask { try await takeTurn(ledger, stop) }
      group.addTask {
        for await _ in signals where !stop.request() { return .stopped }
        return nil
      }
      while let end = try await group.next() {
        guard let end else { continue }
        group.cancelAll()
        return end
      }
      return .stopped
    }
    try report(end, ledger)
  }

  /// Waits for its turn, then delivers, with a notary beside it.
  private func takeTurn(_ ledger: Ledger, _ stop: Stop) async throws -> Worker.End {
    let lock =
      noWait
      ? try ledger.lock(.worker)
      : try await ledger.lock(.worker) { holder in
        if let holder { Output.notice("waiting: another worker: \(holder.sentence)") }
      }
    defer { withExtendedLifetime(lock) {} }
    let notary = Notary(for: ledger, logger: LedgerOptions.logger)
    let rehasher = Rehasher(for: ledger, logger: LedgerOptions.logger)
    let notarising = Task {
      async let reading: Void = rehasher.run()
      await notary.run()
      await reading
    }
    do {
      let end = try await work(ledger, stop)
      notarising.cancel()
      await notarising.value
      await notary.finish()
      return end
    } catch {
      notarising.cancel()
      throw error
    }
  }

  private func work(_ ledger: Ledger, _ stop: Stop) async throws -> Worker.End {
    let client = try Worker.client(for: ledger)
    do {
      let end = try await deliver(ledger, client, stop)
      await client.shutdown()
      return end
    } catch {
      await client.shutdown()
      throw error
    }
  }

  private func deliver(_ ledger: Ledger, _ client: SCIMClient, _ stop: Stop) async throws -> Worker.End {
    let logger = LedgerOptions.logger
    try await ledger.recordConfiguration(actor: Operator.name)
    let progress = ProgressLine()
    defer { progress.end() }
    while true {
      let settings = await Worker.settings(for: ledger, client: client, logger: logger)
      let worker = Worker(
        ledger: ledger, client: client, settings: settings, untilIdle: untilIdle, logger: logger
      ) { show($0, progress) }
      guard stop.begin(worker) else { return .stopped }
      let end = try await worker.run()
      stop.end()
      if end != .released { return end }
    }
  }

  private func show(_ step: Worker.Progress, _ progress: ProgressLine) {
    let fault = step.lastFault.map { ", last answer: \($0)" } ?? ""
    let wait = fault + (step.closedUntil.map { ", nothing leaves before \($0)" } ?? "")
    let all = step.completed + step.unsettled
    progress.show(
      "\(step.completed) delivered, \(step.unsettled) pending, \(step.parked) parked, \(step.calls) calls\(wait)",
      done: untilIdle && all > 0 ? Double(step.completed) / Double(all) : nil)
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
    guard case .quarantined(let quarantine) = end else { return }
    let (meaning, remedy) = Explanation.of(quarantine.reason)
    let code: FaultCode = quarantine.reason == .notSCIM ? .quarantinedNoSCIM : .quarantined
    throw Fault(
      code, "No call leaves: \(meaning) (\(quarantine.operation) was answered \(quarantine.status)). \(remedy)")
  }
}

/// What a signal does: a worker that runs is asked to stop; before there is one, the command just ends.
private final class Stop: Sendable {
  private struct State {
    var worker: Worker?
    var isRequested = false
  }

  private let state = Mutex(State())

  /// A worker is about to run; false when it must not any more.
  func begin(_ worker: Worker) -> Bool {
    state.withLock { state in
      state.worker = worker
      return !state.isRequested
    }
  }

  /// The worker is done.
  func end() { state.withLock { $0.worker = nil } }

  /// A signal arrived; true when there is a worker to finish what is under way.
  func request() -> Bool {
    state.withLock { state in
      state.isRequested = true
      state.worker?.stop()
      return state.worker != nil
    }
  }
}
