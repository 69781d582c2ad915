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
    /// Of these, those up to the durable end of the cycle; what follows is the views' catching up.
    var receiptSeconds: Double
    var events: Int64
    /// Events a second that this machine appended in batches of 1,000 a moment later, to the same log.
    var batchedRate: Double
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
    let start = ledger.clock()
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
    let receipt = try receipt(in: ledger.log, after: before)
    let batchedRate = try await batchedRate(ledger)
    let delta = try await bench.importDelta(of: min(10, people))
    return Figures(
      seconds: seconds, receiptSeconds: (receipt - start).seconds, events: events, batchedRate: batchedRate,
      peakBytes: peak, longestWait: longest, deltaSeconds: delta.seconds,
      deltaPeakBytes: delta.peakBytes)
  }

  /// When the end of the cycle was recorded, which is durable a few milliseconds later.
  private func receipt(in log: Log, after position: Int64) throws -> Timestamp {
    guard let finished = try log.read(types: [CycleFinished.type], from: position + 1, limit: 1).first else {
      throw Peer.Failure(description: "the import's cycle did not finish")
    }
    return finished.time
  }

  private func batchedRate(_ ledger: OpenLedger) async throws -> Double {
    let count = 20_000
    var life = try Life(size: Int64(count), position: ledger.log.lastPosition(), keys: ledger.keys)
    let batches = (0..<count / 1000).map { _ in life.events(1000) }
    return Double(count) / (try await ledger.appendInTurn(batches))
  }
}
