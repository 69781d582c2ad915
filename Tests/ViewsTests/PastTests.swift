import Base
import EventLog
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing
import Views

@Suite("Views of a moment that is past")
struct PastTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  private func take(_ people: [Exported]) async throws -> Int64 {
    let path = try place.write("export.csv", Export.csv(people))
    return try await DirectoryImport(into: ledger, actor: "olga").run(paths: [path]).position
  }

  @Test("at each position that the live views once had, they say what the live ones said then")
  func same() async throws {
    var people = (1...12).map { Exported("p\($0)") }
    var shown: [(position: Int64, people: [Person], deliveries: Int)] = []
    for round in 0..<5 {
      people[round].name = "Round \(round)"
      if round == 3 { people.removeLast() }
      let position = try await take(people)
      shown.append((position, try ledger.views.people().people, try ledger.views.deliveries().count))
    }
    for (position, people, deliveries) in shown {
      try ledger.views.at(position) { past throws in
        let then = try past.people()
        #expect(then.people == people && then.position == position)
        #expect(try past.deliveries().count == deliveries)
        #expect(try past.find("p1@example.com").map(\.alias) == people.filter { $0.user?.id == "p1" }.map(\.alias))
        #expect(try past.catchUp() == position, "they stand still")
      }
    }
    let none = try ledger.views.at(0) { try $0.people().people }
    #expect(none.isEmpty)
    #expect(try ledger.views.people().people == shown.last?.people, "the live ones are as they were")
  }

  @Test("a position that the log does not hold is refused")
  func unknown() async throws {
    let last = try await take([Exported("p1")])
    for position in [-1, last + 1] {
      #expect(throws: Fault.self) { try ledger.views.at(position) { _ in } }
    }
  }

  @Test("everybody, and each one, are as views that are built up to that position have them", arguments: UInt64(1)...6)
  func folded(seed: UInt64) async throws {
    var history = History(place, ledger, seed: 4000 + seed)
    try await history.live(rounds: 5, erasing: true)
    let last = try ledger.views.catchUp()
    var random = SeededGenerator(seed: seed)
    for position in (0..<6).map({ _ in Int64.random(in: 1...last, using: &random) }) + [0, last] {
      let built = try ledger.views.at(position) { try $0.people().people }
      #expect(try ledger.views.people(at: position) == built)
      let each = try ledger.views.people().people.compactMap { try ledger.views.person($0.alias, at: position) }
      #expect(each == built)
    }
    #expect(try ledger.views.people(at: last) == ledger.views.people().people)
    // Lately, when most people are as they are now.
    for position in (last - last / 10)...last {
      #expect(
        try ledger.views.people(at: position) == ledger.views.people(at: position) { _, _ in }, "event \(position)")
    }
  }

  @Test("changes between two positions lead from everybody then to everybody now", arguments: UInt64(1)...4)
  func differences(seed: UInt64) async throws {
    var history = History(place, ledger, seed: 5000 + seed)
    try await history.live(rounds: 5, erasing: true)
    let last = try ledger.views.catchUp()
    for (start, end) in [(0, last), (last / 3, last / 2), (last / 2, last), (last, last)] {
      let (old, new) = (try ledger.views.people(at: start), try ledger.views.people(at: end))
      var led = Dictionary(uniqueKeysWithValues: old.map { ($0.alias, $0) })
      for (before, after) in try ledger.views.changes(from: start, to: end) {
        #expect(before == led[after.alias])
        led[after.alias] = after
      }
      #expect(led.values.sorted { $0.alias < $1.alias } == new)
    }
  }

  @Test("who was erased since is erased at every moment at which the ledger knew them, and not known before that")
  func erasedSince() async throws {
    let first = try await take([Exported("p1")])
    let second = try await take([Exported("p1"), Exported("p2")])
    _ = try await take([Exported("p1")])
    let alias = try #require(try ledger.views.find("p2@example.com").first?.alias)
    _ = try await Erasure(in: ledger, actor: "olga").run(
      alias, reason: try #require(ErasureReason("other")), force: true)
    let past = try #require(try ledger.views.person(alias, at: second))
    #expect(PersonStatus(past) == .erased && past.user == nil && past.desired == nil)
    #expect(try ledger.views.person(alias, at: first) == nil)
    #expect(try ledger.views.people(at: first).count == 1)
    #expect(try ledger.views.at(second) { try $0.statusCounts()[.erased] } == 1)
  }
}
