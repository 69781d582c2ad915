import Base
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
}
