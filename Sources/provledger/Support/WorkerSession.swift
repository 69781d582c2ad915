import Base
import Delivery
import DeliveryMachine
import Ledger
import Logging
import Provisioning
import Reports
import Terminal

/// The worker as a service of a command, whose progress a person and the service manager see.
struct WorkerSession {
  /// The service.
  let service: DeliveryService
  private let line: ProgressLine
  private let manager: ServiceManager

  /// A worker for a ledger.
  init(_ ledger: OpenLedger, _ options: DeliveryService.Options, _ manager: ServiceManager) {
    let line = ProgressLine()
    (self.line, self.manager) = (line, manager)
    let untilIdle = options.untilIdle
    service = DeliveryService(ledger: ledger, options: options, logger: LedgerOptions.logger) { holder in
      if let holder { tellWaiting(holder) }
      manager.show("waits for another worker")
    } progress: { step in
      Self.show(step, untilIdle: untilIdle, line)
      manager.show(step.words(at: SystemClock.now()))
    }
  }

  /// Says that the service runs, answers for it while `body` does, and leaves the line behind.
  func watched(_ body: () async throws -> Void) async throws {
    defer { line.end() }
    manager.ready()
    let watch = Task { await manager.watch(service) }
    defer { watch.cancel() }
    try await body()
  }

  private static func show(_ step: Worker.Progress, untilIdle: Bool, _ line: ProgressLine) {
    let all = step.completed + step.unsettled
    let done = untilIdle && all > 0 ? Double(step.completed) / Double(all) : nil
    line.show(changing: { Bar(step.words(at: SystemClock.now()), done: done) })
  }
}

extension StatusReport {
  /// How many people are how, in a line.
  var peopleLine: String {
    let people = PersonStatus.allCases.compactMap { word in self.people[word].map { "\($0) \(word.rawValue)" } }
    return "people: \(people.isEmpty ? "nobody" : people.joined(separator: ", "))"
  }
}

extension Worker.Progress {
  /// How far the worker is, and what it waits for, why and how long.
  fileprivate func words(at now: Timestamp) -> String {
    let counts = "\(completed) delivered, \(unsettled) pending, \(parked) parked, \(calls.of("call"))"
    let fault = lastFault.map { ", last answer: \($0)" } ?? ""
    return closed.map { "\($0.wait(at: now)); \(counts)\(fault)" } ?? counts + fault
  }
}
