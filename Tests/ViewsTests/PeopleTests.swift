import Base
import CoreSupport
import EventLog
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing

@testable import Views

@Suite("Views: people")
struct PeopleTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  private func show(_ people: [Exported]) async throws -> CycleSummary {
    let path = try place.write("export.csv", Export.csv(people))
    return try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
  }

  @Test("found by every kind of name, ASCII case ignored")
  func find() async throws {
    let id = "0a1b2c3d-0000-4000-8000-00000000000A"
    _ = try await show([Exported(id, address: "Ada.King@Example.com"), Exported("eve"), Exported("bob")])
    let ada = try #require(try ledger.views.find("ada.king@example.com").first)
    let account = RemoteAccount(id: "U7x", userName: "Old.Ada@Example.com", displayName: "Ada", active: true)
    try await ledger.account(ada.alias, .linked(AccountLinked(.matched, account)))
    try ledger.views.catchUp()
    for name in [
      id, id.lowercased(), id.uppercased(), "ADA.KING@EXAMPLE.COM", "u7X", "U7x", "u7x", ada.alias,
      ada.alias.uppercased(),
    ] {
      #expect(try ledger.views.find(name).map(\.alias) == [ada.alias], "\(name)")
    }
    for name in ["", "nobody", "ada.king", "%", "Name of eve"] {
      #expect(try ledger.views.find(name).isEmpty, "\(name)")
    }
  }

  @Test("a name that several have finds all of them")
  func several() async throws {
    _ = try await show([Exported("ada"), Exported("eve")])
    let people = try ledger.views.people().people
    let account = RemoteAccount(id: "ada", userName: "x@example.com", displayName: "X", active: true)
    let eve = try #require(people.first { $0.user?.id == "eve" })
    try await ledger.account(eve.alias, .linked(AccountLinked(.matched, account)))
    try ledger.views.catchUp()
    #expect(try ledger.views.find("ada").map(\.alias) == people.map(\.alias))
  }

  // MARK: Status

  private static let desired = DesiredAccount(userName: "a@b.example", displayName: "Ada", active: true)
  private static let parked = EventPayload.deliveryParked(
    DeliveryParked(
      .rejected, decision: 1, attempt: 1, since: Timestamp(milliseconds: 0), retry: Timestamp(milliseconds: 0)))

  struct Row: Sendable, CustomTestStringConvertible {
    var status: PersonStatus
    var events: [EventPayload]
    var testDescription: String { "\(status) after \(events.map(\.type))" }

    init(_ status: PersonStatus, _ events: EventPayload...) {
      self.status = status
      self.events = events
    }
  }

  private static func decided(_ action: Decision.Action, _ desired: DesiredAccount? = desired) -> EventPayload {
    .decided(Decision(action, .newInScope, desired: desired, safeguard: action == .held ? "s1" : nil))
  }

  private static func completed(_ decision: Int64) -> EventPayload {
    .deliveryCompleted(DeliveryCompleted(.call, decision: decision))
  }

  private static func account(active: Bool) -> RemoteAccount {
    RemoteAccount(id: "u1", userName: "ada@example.com", displayName: "Name of ada", active: active)
  }

  private static let linked = EventPayload.linked(AccountLinked(.created, account(active: true)))

  private static func drifted(_ kind: DriftDetected.Kind, active: Bool?, isRepaired: Bool = false) -> EventPayload {
    .driftDetected(DriftDetected(kind, isRepaired: isRepaired, account: active.map(account)))
  }

  private static var erased: EventPayload {
    guard let reason = ErasureReason("other") else {
      return .cycleStarted(CycleStarted(source: .delta, isInitial: false))
    }
    return .subjectErased(SubjectErased(reason: reason, forced: [], events: 1, calls: 0))
  }

  static let table = [
    Row(.skipped), Row(.pending, decided(.create)), Row(.active, decided(.create), completed(1)),
    Row(.pending, decided(.create), completed(1), decided(.disable, desired.disabled)),
    Row(.disabled, decided(.create), completed(1), decided(.disable, desired.disabled), completed(3)),
    Row(.drifted, decided(.create), linked, completed(1), drifted(.disabled, active: false)),
    Row(.drifted, decided(.create), linked, completed(1), drifted(.missing, active: nil)),
    Row(.drifted, decided(.create), linked, completed(1), drifted(.changed, active: true)),
    Row(
      .drifted, decided(.create), linked, completed(1), decided(.disable, desired.disabled), completed(4),
      drifted(.extra, active: true)),
    // A skip carries what was wanted last, and is no word for an account that is active.
    Row(
      .drifted, decided(.create), linked, completed(1), decided(.disable, desired.disabled), completed(4),
      drifted(.extra, active: true), decided(.skip, desired.disabled)),
    // An account that is active is called so however it came to be linked.
    Row(.drifted, decided(.disable, desired.disabled), linked, completed(1)),
    Row(
      .pending, decided(.create), linked, completed(1), decided(.disable, desired.disabled), completed(4),
      drifted(.extra, active: true, isRepaired: true)),
    Row(
      .active, decided(.create), linked, completed(1), drifted(.disabled, active: false),
      .deliveryCompleted(DeliveryCompleted(.alreadySo, decision: 1))),
    Row(.parked, decided(.create), parked),
    Row(.abandoned, decided(.create), parked, .deliveryAbandoned(DeliveryAbandoned(.rejected, decision: 1))),
    Row(.held, decided(.create), completed(1), decided(.held)),
    Row(.held, decided(.create), decided(.held)),
    Row(.held, decided(.create), completed(1), parked, decided(.held)),
    Row(.skipped, decided(.skip, nil)), Row(.skipped, decided(.create), completed(1), decided(.skip)),
    Row(.pending, decided(.create), decided(.skip)), Row(.active, decided(.create), completed(1), decided(.none)),
    Row(.frozen, decided(.create), .deliveryHeld(DeliveryHeld(reason: nil))),
    Row(.frozen, decided(.create), completed(1), .deliveryHeld(DeliveryHeld(reason: nil))),
    Row(.skipped, decided(.create), .deliverySkipped(DeliverySkipped(decision: 1, reason: nil))),
    Row(.erased, decided(.create), parked, erased), Row(.erased, decided(.create), erased, decided(.held)),
  ]

  @Test("the word for how a person stands", arguments: table)
  func status(row: Row) {
    var person = Person(alias: "ada")
    for (number, event) in row.events.enumerated() { person.evolve(event, at: Int64(number + 1)) }
    #expect(PersonStatus(person) == row.status)
  }

  @Test("the table has every word")
  func allWords() { #expect(Set(Self.table.map(\.status)) == Set(PersonStatus.allCases)) }

  @Test("a safeguard counts everybody whom it holds, also those whose last delivery is parked")
  func safeguards() async throws {
    let all = (0..<30).map { Exported("p\($0)") }
    _ = try await show(all)
    try ledger.views.catchUp()
    for person in try ledger.views.people().people.prefix(28) {
      try await ledger.account(person.alias, Self.parked)
    }
    let held = try #require(try await show(Array(all.prefix(2))).held)
    #expect(held.count == 28)
    let safeguard = try #require(try ledger.views.safeguards().first)
    #expect(safeguard.id == held.id && safeguard.holding == 28 && safeguard.people == 28)
    #expect(safeguard.limit == 5 && safeguard.active == 30 && safeguard.approved == nil)
    #expect(try ledger.views.statusCounts()[.held] == 28)
    #expect(try await SafeguardApproval.approve(held.id, in: ledger, actor: "olga").disabled == 28)
    let approved = try #require(try ledger.views.safeguards().first)
    #expect(approved.holding == 0 && approved.approvedBy == "olga" && approved.approved == place.clock.moment)
  }

  @Test("pause and quarantine come and go")
  func target() async throws {
    let pause = TargetPaused(until: place.clock.moment, refusals: 2, status: 429)
    let quarantine = QuarantineEntered(.notSCIM, status: 200, operation: "GET /Users")
    try await ledger.target(.targetPaused(pause), .quarantineEntered(quarantine))
    try ledger.views.catchUp()
    #expect(try ledger.views.target().condition.pause == pause)
    #expect(try ledger.views.target().condition.quarantine == quarantine)
    try await ledger.target(.quarantineLeft(QuarantineLeft(.released)))
    try ledger.views.catchUp()
    #expect(try ledger.views.target().condition.quarantine == nil)
    #expect(try ledger.views.target().condition.pause == pause)
  }
}
