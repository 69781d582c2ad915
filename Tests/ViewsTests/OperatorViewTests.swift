import Base
import EventLog
import GRDB
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing

@testable import Views

@Suite("Views: what operators and comparisons do to deliveries")
struct OperatorViewTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  private func show(_ name: String = "Name of ada") async throws {
    let path = try place.write("export.csv", Export.csv([Exported("eve"), Exported("ada", name: name)]))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
  }

  private func ada() throws -> Person { try ledger.views.ada() }

  private func rows() throws -> [DeliveryRecord] { try ledger.views.rows(of: ada()) }

  private func user(_ payload: EventPayload) async throws {
    try await ledger.append([Event(.user(ada().alias), payload)], actor: "operator:olga")
  }

  private func account(_ payloads: EventPayload...) async throws {
    let alias = try ada().alias
    try await ledger.append(payloads.map { Event(.account(alias), $0) }, actor: "worker")
  }

  private func park() throws -> EventPayload {
    let now = place.clock.moment
    return .deliveryParked(
      DeliveryParked(
        .entryConflict, decision: try ada().decisionPosition, attempt: 1, since: now, retry: now + .seconds(60),
        status: 409, detail: "taken"))
  }

  private func complete() throws -> [EventPayload] {
    let remote = RemoteAccount(id: "u7", userName: "ada@example.com", displayName: "Name of ada", active: true)
    return [
      .linked(AccountLinked(.created, remote)),
      .deliveryCompleted(DeliveryCompleted(.call, decision: try ada().decisionPosition)),
    ]
  }

  private func deliver() async throws { for event in try complete() { try await account(event) } }

  @Test("held: on hold whatever is decided; retried: pending again, due from then on")
  func hold() async throws {
    try await show()
    try await account(park())
    try await user(.deliveryHeld(DeliveryHeld(reason: "case 7")))
    var row = try #require(try rows().last)
    #expect(row.status == .frozen && row.error == "EntryConflict")
    #expect(PersonStatus(try ada()) == .frozen)
    try await show("Ada King")
    #expect(try rows().map(\.status) == [.superseded, .frozen])
    place.clock.advance(.seconds(90))
    try await user(.deliveryRetried(DeliveryRetried()))
    row = try #require(try rows().last)
    #expect(row.status == .pending && row.since == place.clock.moment && row.decided < row.since)
    #expect(try ledger.views.check().isEqual)
  }

  @Test("skipped with the operator's words; a changed decision ends that, and so does a retry")
  func skip() async throws {
    try await show()
    try await account(park())
    try await user(.deliverySkipped(DeliverySkipped(decision: ada().decisionPosition, reason: "by hand")))
    var row = try #require(try rows().first)
    #expect(row.status == .skipped && row.error == DeliveryWord.operatorSkip && row.detail == "by hand")
    #expect(row.retry == nil)
    #expect(PersonStatus(try ada()) == .skipped)
    try await user(.deliveryRetried(DeliveryRetried()))
    row = try #require(try rows().first)
    #expect(row.status == .pending && row.error == nil && row.detail == nil)
    try await user(.deliverySkipped(DeliverySkipped(decision: ada().decisionPosition, reason: "by hand")))
    try await show("Ada King")
    #expect(try rows().map(\.status) == [.superseded, .pending])
    #expect(try ledger.views.check().isEqual)
  }

  @Test("a hold on somebody with nothing to deliver is listed too")
  func holdOfNothing() async throws {
    try await show()
    try await deliver()
    try await user(.deliveryHeld(DeliveryHeld(reason: nil)))
    try ledger.views.catchUp()
    let open = try ledger.views.openDeliveries(.frozen)
    #expect(try open.map(\.person.alias) == [ada().alias])
    #expect(open.first?.delivery?.status == .delivered)
    #expect(try ledger.views.openDeliveries(.pending).count == 1)
  }

  @Test("a parked delivery that succeeded is resolved: no error is left, and what it was is known")
  func resolved() async throws {
    try await show()
    let failed = place.clock.moment
    try await account(park())
    try ledger.views.catchUp()
    #expect(try ledger.views.backlog().errors == ["EntryConflict": 1])
    place.clock.advance(.seconds(10))
    try await deliver()
    let row = try #require(try rows().first)
    #expect(row.status == .delivered && row.error == nil && row.failures == 1)
    #expect(row.failure?.word == "EntryConflict" && row.failure?.time == failed)
    #expect(try ledger.views.curedDeliveries() == [row])
    #expect(try ledger.views.backlog().errors.isEmpty)
  }

  @Test("drift that is to be repaired opens the delivery again; delivered again it is whole", arguments: [true, false])
  func drift(isRepaired: Bool) async throws {
    try await show()
    try await deliver()
    place.clock.advance(.seconds(3600))
    try await account(.driftDetected(DriftDetected(.missing, isRepaired: isRepaired, account: nil)))
    let row = try #require(try rows().first)
    guard isRepaired else { return #expect(row.status == .delivered && row.ended != nil) }
    #expect(row.status == .pending && row.ended == nil && row.error == "DriftMissing")
    #expect(row.since == place.clock.moment)
    #expect(PersonStatus(try ada()) == .pending)
    #expect(try ledger.views.backlog().lanes[.creates]?.count == 2)
    try await deliver()
    let again = try #require(try rows().first)
    #expect(again.status == .delivered && again.error == nil && again.ended == place.clock.moment)
    #expect(try ledger.views.check().isEqual)
  }

  @Test("lanes, the oldest in each, and the rate come from counts and instants in the log")
  func backlog() async throws {
    try await show()
    let began = place.clock.moment
    try ledger.views.catchUp()
    var backlog = try ledger.views.backlog()
    #expect(backlog.pending == 2 && backlog.lanes[.creates]?.oldest == began && backlog.completed == nil)
    place.clock.advance(.seconds(700))
    try await deliver()
    place.clock.advance(.seconds(5))
    try await show("Ada King")
    try ledger.views.catchUp()
    backlog = try ledger.views.backlog()
    #expect(backlog.lanes[.changes] == Backlog.Waiting(count: 1, oldest: place.clock.moment))
    #expect(backlog.lanes[.creates]?.count == 1 && backlog.oldest == began)
    #expect(backlog.completed?.count == 1 && backlog.completed?.newest == began + .seconds(700))
  }

  @Test("counting what is pending reads an index alone")
  func indexed() throws {
    let plan = try ledger.views.read { database in
      try [
        "SELECT action, count(*), min(since) FROM delivery INDEXED BY delivery_pending WHERE status = 'pending' GROUP BY action",
        "SELECT count(*), min(ended) FROM delivery INDEXED BY delivery_ended WHERE status = 'delivered' AND ended > 1",
        "SELECT error, count(*) FROM delivery WHERE open = 1 AND error IS NOT NULL GROUP BY error",
        "SELECT status, count(*) FROM person GROUP BY status",
      ].map { try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \($0)").map { $0["detail"] as String } }
    }
    for steps in plan { #expect(steps.count == 1 && steps[0].contains("COVERING INDEX"), "\(steps)") }
  }

  @Test("the pause, the circuit and the quarantine tell since when, and the pause who")
  func target() async throws {
    let began = place.clock.moment
    try await ledger.append(
      [Event(.target, .deliveryPaused(DeliveryPaused(reason: "move")))], actor: "operator:olga")
    try await ledger.target(.circuitOpened(CircuitOpened(faults: 5, operation: "GET /Users", error: "timeout")))
    try await ledger.target(.quarantineEntered(QuarantineEntered(.credentials, status: 401, operation: "GET /Users")))
    try ledger.views.catchUp()
    var target = try ledger.views.target()
    #expect(target.pausedBy?.operator == "operator:olga" && target.pausedBy?.time == began)
    #expect(target.circuitOpened == began && target.quarantined == began && target.resumed == nil)
    place.clock.advance(.seconds(5))
    try await ledger.target(
      .deliveryResumed(DeliveryResumed()), .circuitClosed(CircuitClosed()), .quarantineLeft(QuarantineLeft(.probe)))
    try ledger.views.catchUp()
    target = try ledger.views.target()
    #expect(target.pausedBy == nil && target.circuitOpened == nil && target.quarantined == nil)
    #expect(target.resumed == began + .seconds(5))
    #expect(try ledger.views.check().isEqual)
  }
}
