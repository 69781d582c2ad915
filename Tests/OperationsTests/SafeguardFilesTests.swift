import Base
import EventLog
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing
import Views

@Suite("Safeguard, through files")
struct SafeguardFilesTests {
  private let place: TestLedger
  private let ledger: OpenLedger
  private let people = (0..<40).map { Exported("p\($0)") }

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  @discardableResult
  private func show(_ people: ArraySlice<Exported>) async throws -> CycleSummary {
    let path = try place.write("export.csv", Export.csv(Array(people)))
    return try await DirectoryImport(into: ledger, actor: "olga").run(paths: [path])
  }

  @Test("too many leavers are held; approved, those who are still leavers are disabled")
  func approve() async throws {
    try await show(people[...])
    let size = try ledger.log.lastPosition()
    let tripped = try await show(people[0..<30])
    let held = try #require(tripped.held)
    #expect(held.count == 10 && tripped.counts[.held] == 10 && tripped.counts[.disable] == 0)
    #expect(try ledger.types(after: size).count { $0 == SafeguardTripped.type } == 1)
    #expect(try ledger.views.statusCounts()[.held] == 10)
    // Three come back.
    let fewer = try await show(people[0..<33])
    let now = try #require(fewer.held)
    #expect(now.count == 7 && now.id != held.id)
    #expect(
      await fault { _ = try await SafeguardApproval.approve(held.id, in: ledger, actor: "olga") }?.code
        == .safeguardUnknown)
    let before = try ledger.log.lastPosition()
    #expect(try await SafeguardApproval.approve(now.id, in: ledger, actor: "olga").disabled == 7)
    #expect(
      try ledger.types(after: before) == [SafeguardApproved.type] + Array(repeating: Decision.type, count: 7))
    let people = try ledger.views.people().people
    #expect(people.count { $0.decision?.action == .disable && $0.desired?.active == false } == 7)
    #expect(people.allSatisfy { $0.decision?.action != .held })
  }

  @Test("the same people again keep their safeguard, and get no new decision")
  func again() async throws {
    try await show(people[...])
    let first = try #require(try await show(people[0..<30]).held)
    let size = try ledger.log.lastPosition()
    let second = try #require(try await show(people[0..<30]).held)
    #expect(first.id == second.id && second.count == 10)
    #expect(try ledger.types(after: size) == [CycleStarted.type, CycleFinished.type])
  }

  @Test(
    "an unknown safeguard is a fault, and appends nothing",
    arguments: ["", "nobody", "01234567-89ab-7cde-8f01-23456789abcd"])
  func unknown(id: String) async throws {
    try await show(people[...])
    let size = try ledger.log.lastPosition()
    let found = await fault { _ = try await SafeguardApproval.approve(id, in: ledger, actor: "olga") }
    #expect(found?.code == .safeguardUnknown)
    #expect(try ledger.log.lastPosition() == size)
  }

  @Test("approved twice, the second time nobody is held")
  func twice() async throws {
    try await show(people[...])
    let held = try #require(try await show(people[0..<30]).held)
    #expect(try await SafeguardApproval.approve(held.id, in: ledger, actor: "olga").disabled == 10)
    let found = await fault { _ = try await SafeguardApproval.approve(held.id, in: ledger, actor: "olga") }
    #expect(found?.code == .safeguardUnknown)
  }

  @Test("an import waits for whoever holds the cycle lock, and says so")
  func waits() async throws {
    let (waits, told) = AsyncStream<LockHolder>.makeStream()
    let path = try place.write("export.csv", Export.csv(people))
    let ledger = ledger
    var lock: ProcessLock? = try ledger.lock(.cycle)
    async let summary = DirectoryImport(into: ledger, actor: "olga").run(paths: [path]) { progress in
      if case .waiting(let holder) = progress { told.yield(holder) }
    }
    for await holder in waits {
      #expect(holder == ledger.lockHolder(of: .cycle))
      break
    }
    #expect(try ledger.log.lastPosition() == 0 && lock != nil)
    lock = nil
    #expect(try await summary.counts[.create] == 40)
  }
}
