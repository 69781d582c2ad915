import Base
import EventLog
import GRDB
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing

@testable import Views

/// Every table at any position, as views have it that were rebuilt up to there, and as the live ones had it then.
@Suite("Any moment, as rebuilt views have it")
struct PastByViewsTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  private static func digest(_ views: ViewStore) throws -> String {
    TableDigest.text(over: try views.database.read(TableDigest.all))
  }

  @Test(
    "all tables are what a rebuild that stopped there gives, and what the live ones held then", arguments: UInt64(1)...6
  )
  func everyTable(seed: UInt64) async throws {
    var history = History(place, ledger, seed: 6000 + seed)
    var held: [Int64: String] = [:]
    for _ in 0..<4 {
      try await history.live(rounds: 1)
      held[try ledger.views.catchUp()] = try Self.digest(ledger.views)
    }
    let last = try ledger.log.lastPosition()
    var random = SeededGenerator(seed: seed)
    for position in held.keys.sorted() + (0..<6).map({ _ in Int64.random(in: 0...last, using: &random) }) {
      let past = try ledger.views.at(position, Self.digest)
      #expect(try past == ledger.views.digest(at: position), "event \(position) of seed \(seed)")
      if let then = held[position] { #expect(past == then, "event \(position) of seed \(seed)") }
    }
  }

  @Test("where people were erased since, everybody else is what the live views held then", arguments: UInt64(1)...6)
  func erased(seed: UInt64) async throws {
    var history = History(place, ledger, seed: 7000 + seed)
    var held: [Int64: [Person]] = [:]
    for _ in 0..<5 {
      try await history.live(rounds: 1, erasing: true, losing: true)
      held[try ledger.views.catchUp()] = try ledger.views.people().people
    }
    let gone = Set(try ledger.erasures().map(\.alias))
    for (position, people) in held {
      let past = try ledger.views.at(position) { try $0.people().people }
      #expect(past.map(\.alias) == people.map(\.alias))
      #expect(past.filter { !gone.contains($0.alias) } == people.filter { !gone.contains($0.alias) })
      #expect(past.allSatisfy { ($0.erasure != nil) == gone.contains($0.alias) })
    }
  }
}
