import Base
import EventLog
import Foundation
import GraphModel
import Ledger
import Provisioning
import Synchronization
import Testing

/// A follower in one process of what another appends.
@Suite(.timeLimit(.minutes(3)))
struct FollowTests {
  @Test("While a process imports 500 people, a follower here sees 1…N without a gap")
  func follow() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    let company = Company(seed: 11, people: 500)
    let file = try stage.write("users.csv", company.csv())
    let ledger = try stage.open()
    defer { try? ledger.close() }
    let seen = Seen()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for try await batch in ledger.log.follow() { seen.add(batch.map(\.position)) }
      }
      let end = try await stage.expect(0, "import", file)
      #expect(end.output.contains("500 people read"))
      let again = try await stage.expect(0, "import", file)
      #expect(again.output.contains("0 new or changed"))
      let size = try ledger.log.lastPosition()
      #expect(size > 1000)
      try await eventually("the follower has all of it") { seen.positions.count >= size }
      group.cancelAll()
      #expect(seen.positions == Array(1...size))
    }
  }
}

/// The positions that a follower has seen, in the order in which it saw them.
private final class Seen: Sendable {
  private let list = Mutex<[Int64]>([])

  var positions: [Int64] { list.withLock { $0 } }

  func add(_ more: [Int64]) { list.withLock { $0 += more } }
}
