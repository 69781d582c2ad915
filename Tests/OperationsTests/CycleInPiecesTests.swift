import Base
import EventLog
import Foundation
import Ledger
import Provisioning
import Sealing
import TestSupport
import Testing
import Views

@testable import Operations

@Suite("Cycles are appended in pieces")
struct CycleInPiecesTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  private func run(_ people: [Exported]) async throws -> CycleSummary {
    let path = try place.write("export.csv", Export.csv(people))
    return try await DirectoryImport(into: ledger, actor: "operator:olga").run(paths: [path])
  }

  /// Everything of the newest cycle but its last event, as a crash leaves it in another ledger's log.
  private func cutOff(_ people: [Exported], as id: String = "cut", keeping count: Int) async throws {
    let known = try ledger.views.people().people
    let ids = people.map(\.id)
    let subjects = try ledger.keys.subjects(for: ids)
    let changes = people.map { person in
      DirectoryChange(
        id: person.id,
        attributes: [
          .userPrincipalName: .text(person.address), .displayName: .text(person.name ?? ""),
          .accountEnabled: .flag(true),
        ], place: Fault.Place(file: "cut"))
    }
    var cycle = Cycle(id: id, policy: ledger.configuration.policy, people: People(known))
    let outcome = cycle.run(DirectoryReading(kind: .snapshot, changes: changes), safeguard: "s") {
      subjects[$0]?.alias ?? ""
    }
    try await ledger.append(Array(outcome.events.prefix(count)), actor: "operator:olga")
    try ledger.views.catchUp()
  }

  @Test("an observation is never parted from its decision, and no event is lost or moved", arguments: 1...7)
  func pieces(size: Int) {
    let user = DirectoryUser(id: "i")
    let events: [Event] = (0..<9).flatMap { number -> [Event] in
      let decided = Event(.user("p\(number)"), .decided(Decision(.skip, .importSkipped, desired: nil)))
      let observed = Event(.user("p\(number)"), .userObserved(UserObserved(state: .present, user: user)))
      return number % 3 == 0 ? [decided] : [observed, decided]
    }
    var rest = Array(events.reversed())
    var pieces: [[Event]] = []
    while let piece = Transaction.piece(from: &rest, size: size) { pieces.append(piece) }
    #expect(Array(pieces.joined()) == events)
    for piece in pieces {
      let isParted = if case .userObserved? = piece.last?.payload { true } else { false }
      #expect(!isParted && (1...size + 1).contains(piece.count))
    }
  }

  @Test("whom a cycle saw that was cut off says nothing of who belongs here")
  func familiar() async throws {
    let people = ["ada", "bob", "eve", "kim"].map { Exported($0) }
    try await cutOff(people, keeping: 4)
    #expect(try await run(people).counts[.create] == 4)
    let strangers = ["s1", "s2", "s3", "s4", "s5"].map { Exported($0) }
    try await cutOff(strangers, as: "other", keeping: 11)
    let summary = try await run(strangers)
    #expect(summary.unfamiliar != nil && summary.counts[.create] == 0)
  }

  @Test("a cycle that was cut off is closed by the next, which decides anew what it had decided")
  func interrupted() async throws {
    let before = ["ada", "dan", "kim"].map { Exported($0) }
    let all = before + [Exported("bob"), Exported("eve")]
    _ = try await run(before)
    try await cutOff(all, keeping: 4)
    #expect(try ledger.views.openCycles() == ["cut"] && ledger.views.unfinishedCycles() == ["cut"])
    let summary = try await run(all)
    #expect(summary.counts[.create] == 2 && summary.counts[.none] == 0)
    #expect(try ledger.views.openCycles().isEmpty && ledger.views.unfinishedCycles() == ["cut"])
    let types = try ledger.recorded().map(\.type)
    #expect(types.count { $0 == CycleInterrupted.type } == 1)
    #expect(try ledger.views.people().people.allSatisfy { $0.decisionCycle != "cut" })
    #expect(try ledger.views.check().isEqual)
  }

  @Test("leavers of a cycle that was cut off count for the safeguard of the next")
  func safeguard() async throws {
    let everybody = (1...40).map { Exported("p\($0)") }
    _ = try await run(everybody)
    let left = Array(everybody.dropLast(5))
    // Five may leave at once, so that the safeguard lets the disables through, and then the power goes.
    try await cutOff(left, keeping: 1 + 2 * 5)
    #expect(try ledger.views.people().people.count { $0.desired?.active == false } == 5)
    let summary = try await run(Array(everybody.dropLast(8)))
    #expect(summary.held?.count == 8 && summary.counts[.disable] == 0)
    #expect(try ledger.views.people().people.allSatisfy { $0.desired?.active == true })
  }

  @Test("whoever acts after a crash closes the cycle, and so does a worker; whoever is at it is left alone")
  func closing() async throws {
    _ = try await run([Exported("ada")])
    try await cutOff([Exported("ada"), Exported("bob")], keeping: 2)
    let lock = try ledger.lock(.cycle)
    try await Records(in: ledger, actor: .worker).closeInterruptedCycles()
    #expect(try ledger.views.openCycles() == ["cut"])
    withExtendedLifetime(lock) {}
    _ = consume lock
    try await Records(in: ledger, actor: .worker).closeInterruptedCycles()
    #expect(try ledger.views.openCycles().isEmpty)
  }
}
