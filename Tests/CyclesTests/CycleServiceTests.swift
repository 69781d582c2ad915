import Base
import Logging
import Operations
import Provisioning
import ServiceLifecycle
import Synchronization
import Testing

@testable import Cycles

/// A source that does as it is told, in time that moves when somebody sleeps.
private final class ScriptedSource: CycleSource {
  struct Told {
    var now = Timestamp(milliseconds: 0)
    var runs: [Int64] = []
    var looks: [Int64] = []
    var failing = 0
    var last: Timestamp?
  }

  let told = Mutex(Told())
  let name = "directory"

  func lastCycle() throws -> Timestamp? { told.withLock { $0.last } }

  func run() async throws -> CycleSummary? {
    try told.withLock { told in
      told.runs.append(told.now.milliseconds / 1000)
      if told.failing > 0 {
        told.failing -= 1
        throw Fault(.lockBusy, "busy")
      }
      told.last = told.now
    }
    return nil
  }

  func leavers() async throws -> CycleSummary? {
    told.withLock { $0.looks.append($0.now.milliseconds / 1000) }
    return nil
  }

  /// Runs a service over it until a number of seconds has passed.
  func serve(_ schedule: CycleClock, until end: Int64, seed: UInt64 = 1) async throws {
    let service = CycleService(
      self, by: schedule, seed: seed, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      clock: { self.told.withLock { $0.now } },
      sleep: { span in
        let now = self.told.withLock { told in
          told.now = told.now + span
          return told.now
        }
        if now.milliseconds > end * 1000 { throw CancellationError() }
      })
    try await service.run()
  }
}

@Suite("Cycles on a schedule") struct CycleServiceTests {
  private let hour = CycleClock(every: .seconds(3600), patience: .seconds(3600))

  @Test("The first is at once, the next a span later and at most a twentieth of it more") func spans() async throws {
    let source = ScriptedSource()
    try await source.serve(hour, until: 40_000)
    let runs = source.told.withLock { $0.runs }
    #expect(runs.first == 0 && runs.count >= 10)
    for (earlier, later) in zip(runs, runs.dropFirst()) { #expect((3600...3780).contains(later - earlier)) }
    #expect(Set(zip(runs, runs.dropFirst()).map { $1 - $0 }).count > 3)
  }

  @Test("After a restart the span counts from the last cycle of the log") func restart() async throws {
    let source = ScriptedSource()
    source.told.withLock { $0.last = Timestamp(milliseconds: -3_000_000) }
    try await source.serve(hour, until: 1000)
    #expect(source.told.withLock { $0.runs }.first.map { (600...780).contains($0) } == true)
  }

  @Test("What fails is tried after 1, 2, 4 … minutes, at most the span; then the schedule goes on") func failures()
    async throws
  {
    let source = ScriptedSource()
    source.told.withLock { $0.failing = 8 }
    try await source.serve(hour, until: 20_000)
    let runs = source.told.withLock { $0.runs }
    #expect(Array(zip(runs, runs.dropFirst()).map { $1 - $0 }.prefix(8)) == [60, 120, 240, 480, 960, 1920, 3600, 3600])
    #expect((3600...3780).contains(runs[9] - runs[8]))
  }

  @Test("Between two cycles leavers are looked for") func looks() async throws {
    let source = ScriptedSource()
    try await source.serve(
      CycleClock(every: .seconds(2400), between: .seconds(300), patience: .seconds(2400)), until: 2300)
    #expect(source.told.withLock { $0.looks } == [300, 600, 900, 1200, 1500, 1800, 2100])
    #expect(source.told.withLock { $0.runs } == [0])
  }

  @Test("Nothing is more often than each minute") func least() {
    #expect(CycleClock(every: .zero, between: .zero, patience: .zero).span == .seconds(60))
    #expect(CycleClock(every: .zero, between: .zero, patience: .zero).between == .seconds(60))
  }
}
