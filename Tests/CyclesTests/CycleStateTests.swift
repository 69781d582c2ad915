import Base
import EventLog
import GraphModel
import JSON
import Ledger
import Provisioning
import Synchronization
import TestSupport
import Testing

@testable import Cycles

/// What is kept beside the log for whoever looks while a cycle runs.
@Suite("Cycles: how far one is", .timeLimit(.minutes(2)))
struct CycleStateTests {
  @Test("each phase is kept as it begins, and a full read knows of how many; at the end the credentials are left")
  func phases() async throws {
    try await TenantStage.serving(250) { stage in
      let seen = Mutex<[CycleState.Progress]>([])
      let ledger = try stage.place.open()
      defer { try? ledger.close() }
      ledger.keep(Fault(.graphUnreachable, "It was not there."), ofCyclesOver: .tenant)
      _ = try await GraphConnection.using(ledger) { connection in
        try await GraphCycle(over: connection.source, into: ledger, actor: .operator("olga")).run { _ in
          if let progress = ledger.cycleState().progress { seen.withLock { $0.append(progress) } }
          stage.place.clock.advance(.seconds(1))
        }
      }
      let all = seen.withLock { $0 }
      #expect(Set(all.map(\.phase)) == [.reading, .deciding, .recording])
      #expect(all.allSatisfy { $0.isFull && $0.directory == .standard })
      #expect(all.filter { $0.phase == .reading }.allSatisfy { $0.total == 250 })
      let end = ledger.cycleState()
      #expect(end.progress == nil && end.failures == [])
      #expect(end.credentials?.map(\.kind) == ["secret"] && end.looked != nil)
    }
  }

  @Test("a cycle whose process is gone does not run, and what is no state says nothing")
  func gone() throws {
    let place = try TestLedger()
    let ledger = try place.open()
    var state = CycleState()
    let now = place.clock.moment
    state.progress = .init(process: Int32.max, directory: .standard, isFull: false, now: now)
    state.credentials = [.init(kind: "certificate", name: nil, end: now)]
    state.failures = [.init(.tenant, code: "PL-1204", reason: "PL-1204: It is wrong.", since: now)]
    ledger.keep(state)
    #expect(ledger.cycleState().progress == nil)
    #expect(ledger.cycleState().credentials == state.credentials && ledger.cycleState().failures == state.failures)
    try place.write("ledger/cycle.state", "{")
    #expect(ledger.cycleState() == CycleState())
  }

  @Test("a schedule that runs faster keeps its proportions")
  func speed() {
    var chance = SeededGenerator(seed: 1)
    let fast = CycleClock(every: .seconds(60), between: .seconds(60), patience: .seconds(60), speed: 30)
    let start = Timestamp(milliseconds: 0)
    #expect(fast.look(after: start) == start + .seconds(2))
    let next = fast.cycle(after: start, nil, &chance)
    #expect(next.map { ($0 - start).milliseconds }.map { (2000...2100).contains($0) } == true)
    #expect(fast.cycle(after: start, .init(count: 1, newest: start), &chance) == start + .seconds(2))
  }
}
