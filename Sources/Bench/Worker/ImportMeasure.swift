import Base
import EventLog
import Foundation
import Ledger
import Provisioning
import Synchronization

/// One import of many people: time, memory, and how long others had to wait for the log meanwhile; then a delta of ten.
struct ImportMeasure {
  /// What was measured.
  struct Figures {
    var seconds: Double
    var events: Int64
    var peakBytes: Int
    /// The longest that one append of another process took while the import ran.
    var longestWait: Double
    /// The seconds of an import of ten changes after it.
    var deltaSeconds: Double
    /// The most memory of that one.
    var deltaPeakBytes: Int
  }

  let program: Program
  let folder: String
  let people: Int

  func run() async throws -> Figures {
    let bench = try await BenchLedger(program, folder: folder, url: "http://127.0.0.1:1/scim/v2", concurrency: 8)
    let ledger = try Bed.open(folder)
    defer { try? ledger.close() }
    let before = try ledger.log.lastPosition()
    let others = Mutex((appends: Int64(0), longest: 0.0))
    let (seconds, peak) = try await bench.importPeople(people) {
      while !Task.isCancelled {
        let event = Event(.operators, .reportExported(ReportExported(name: "bench", format: "csv", count: 0)))
        let span = try await ContinuousClock().seconds { try await ledger.append([event], actor: "bench") }
        others.withLock { $0 = ($0.appends + 1, max($0.longest, span)) }
        try await Task.sleep(for: .milliseconds(10))
      }
    }
    let (appends, longest) = others.withLock { $0 }
    let events = try ledger.log.lastPosition() - before - appends
    let delta = try await bench.importDelta(of: min(10, people))
    return Figures(
      seconds: seconds, events: events, peakBytes: peak, longestWait: longest, deltaSeconds: delta.seconds,
      deltaPeakBytes: delta.peakBytes)
  }
}
