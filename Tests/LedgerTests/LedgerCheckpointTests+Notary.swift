import Base
import EventLog
import Foundation
import Glibc
import Provisioning
import TestSupport
import Testing
@testable import Ledger

/// When a checkpoint is due, and who makes it.
extension ProcessTests.LedgerCheckpointTests {
  // MARK: The notary

  @Test("a checkpoint is due after enough events or enough time, and never for nothing")
  func schedule() {
    let configuration = LogConfiguration(
      key: "k", checkpointEvents: 100, checkpointMinutes: 10, rehashHours: 24, anchors: [])
    let schedule = NotarySchedule(configuration)
    let then = Timestamp(milliseconds: 1_767_312_000_000)
    func due(_ size: Int64, _ last: Int64?, after seconds: Int = 0) -> Bool {
      schedule.signs(size: size, last: last, at: last.map { _ in then }, now: then + .seconds(seconds))
    }
    #expect(!due(0, nil))
    #expect(due(1, nil))
    #expect(!due(109, 10))
    #expect(due(110, 10))
    #expect(!due(11, 10, after: 599))
    #expect(due(11, 10, after: 600))
    #expect(!due(10, 10, after: 6000))
    #expect(!due(9, 10, after: 6000))
    #expect(schedule.tells(nil, newest: 5, now: then))
    #expect(schedule.tells(AnchorState(name: "a", size: 4), newest: 5, now: then))
    #expect(!schedule.tells(AnchorState(name: "a", size: 5), newest: 5, now: then))
    let failed = AnchorState(name: "a", failed: then, failure: "x")
    #expect(!schedule.tells(failed, newest: 5, now: then + .seconds(59)))
    #expect(schedule.tells(failed, newest: 5, now: then + .seconds(60)))
  }

  @Test("the notary signs and tells what is due, step by step, and all that is left at the end")
  func notary() async throws {
    let (place, ledger) = try await anchored(files: ["notes"])
    let notary = Notary(for: ledger, logger: quiet)
    func sizes() throws -> [Int64] { try ledger.log.checkpoints().map(\.size) }
    await notary.step()
    #expect(try sizes() == [3])
    try await append(2, to: ledger)
    await notary.step()
    #expect(try sizes() == [3])
    place.clock.advance(.seconds(600))
    await notary.step()
    #expect(try sizes() == [3, 5])
    try await append(1, to: ledger)
    await notary.finish()
    #expect(try sizes() == [3, 5, 6])
    #expect(try ledger.anchorStates().map(\.size) == [6])
    let count = Counter()
    await notary.run { if count.add() == 2 { throw CancellationError() } }
    #expect(count.count == 3)
  }
}
