import Base
import EventLog
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing

@testable import Views

@Suite("Views: what became of each decision")
struct DeliveryViewTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  /// Imports a snapshot; the person `ada` is in it unless it says otherwise, and `eve` always.
  private func show(_ ada: Exported?) async throws {
    let path = try place.write("export.csv", Export.csv([Exported("eve")] + (ada.map { [$0] } ?? [])))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
  }

  private func ada() throws -> Person { try ledger.views.ada() }

  private func rows() throws -> [DeliveryRecord] { try ledger.views.rows(of: ada()) }

  private func account(_ name: String = "Name of ada", active: Bool = true) -> RemoteAccount {
    RemoteAccount(id: "u7", userName: "ada@example.com", displayName: name, active: active)
  }

  private func call(_ purpose: CallPurpose, _ outcome: CallFinished.Outcome, _ status: Int?, detail: String? = nil)
    -> EventPayload
  {
    .callFinished(
      CallFinished(
        call: 1, purpose: purpose, operation: "POST /Users", outcome: outcome, status: status,
        error: outcome == .done ? nil : "conflict", milliseconds: 20, account: outcome == .done ? account() : nil,
        detail: detail))
  }

  private func park(_ decision: Int64) -> EventPayload {
    let now = place.clock.moment
    return .deliveryParked(
      DeliveryParked(
        .entryConflict, decision: decision, attempt: 1, since: now, retry: now + .seconds(60), status: 409,
        detail: "taken"))
  }

  /// Brings the person's account to life.
  private func deliver() async throws {
    let person = try ada()
    try await ledger.account(
      person.alias, call(.create, .done, 201), .linked(AccountLinked(.created, account())),
      .deliveryCompleted(DeliveryCompleted(.call, decision: person.decisionPosition)))
  }

  @Test("a create is pending, then delivered by a call")
  func create() async throws {
    try await show(Exported("ada"))
    var row = try #require(try rows().first)
    #expect(row.status == .pending && row.action == .create && row.calls == 0 && row.ended == nil)
    #expect(row.objectID == "ada" && row.userPrincipalName == "ada@example.com" && row.accountID == nil)
    #expect(row.changes.map(\.displayName) == ["userName", "displayName", "active"])
    #expect(row.changes.allSatisfy { $0.oldValue == nil })
    #expect(try ledger.views.oldestPending() == place.clock.moment)
    place.clock.advance(.seconds(5))
    try await deliver()
    row = try #require(try rows().first)
    #expect(row.status == .delivered && row.how == .call && row.calls == 1 && row.milliseconds == 20)
    #expect(row.ended == place.clock.moment && row.httpStatus == 201 && row.accountID == "u7")
  }

  @Test("a change before delivery supersedes, and one completion ends the newest row only")
  func supersede() async throws {
    try await show(Exported("ada"))
    place.clock.advance(.seconds(5))
    try await show(Exported("ada", name: "Ada King"))
    let changed = try rows()
    #expect(changed.map(\.status) == [.superseded, .pending])
    #expect(changed[0].ended == place.clock.moment)
    #expect(
      changed[1].changes == [
        ModifiedProperty(displayName: "displayName", oldValue: "Name of ada", newValue: "Ada King")
      ])
    try await deliver()
    #expect(try rows().map(\.status) == [.superseded, .delivered])
  }

  @Test("a completion of an older decision leaves the newer one pending")
  func olderCompletion() async throws {
    try await show(Exported("ada"))
    let first = try ada().decisionPosition
    try await show(Exported("ada", name: "Ada King"))
    try await ledger.account(try ada().alias, .deliveryCompleted(DeliveryCompleted(.call, decision: first)))
    #expect(try rows().map(\.status) == [.superseded, .pending])
  }

  @Test("parked with its reason, retried and delivered: the error is gone")
  func park() async throws {
    try await show(Exported("ada"))
    let person = try ada()
    try await ledger.account(
      person.alias, call(.create, .refused, 409, detail: "taken"), park(person.decisionPosition))
    var row = try #require(try rows().first)
    #expect(row.status == .parked && row.error == "EntryConflict" && row.httpStatus == 409 && row.detail == "taken")
    #expect(row.retry == place.clock.moment + .seconds(60) && row.calls == 1)
    try await deliver()
    row = try #require(try rows().first)
    #expect(row.status == .delivered && row.error == nil && row.retry == nil && row.detail == nil && row.calls == 2)
  }

  @Test("parked for what a read showed, it keeps what the write was answered; a read that failed is the last answer")
  func lastAnswer() async throws {
    try await show(Exported("ada"))
    let (person, now) = (try ada(), place.clock.moment)
    let parked = DeliveryParked(
      .addressOutsideCompany, decision: person.decisionPosition, attempt: 1, since: now, retry: now + .seconds(60))
    try await ledger.account(
      person.alias, call(.create, .refused, 409, detail: "taken"), call(.readBack, .notFound, 200),
      .deliveryParked(parked))
    var row = try #require(try rows().first)
    #expect(row.error == "AddressOutsideCompany" && row.httpStatus == 409 && row.detail == "taken" && row.calls == 1)
    let open = try #require(try ledger.views.openDeliveries(.parked).first)
    #expect(open.delivery?.httpStatus == 409 && open.delivery?.detail == "taken")
    try await ledger.account(person.alias, call(.readBack, .failed, 503, detail: "down"))
    row = try #require(try rows().first)
    #expect(row.httpStatus == 503 && row.detail == "down" && row.calls == 1)
  }

  @Test("delivered without a further call, nothing of an earlier refusal is left in the row")
  func parkedThenAlreadySo() async throws {
    try await show(Exported("ada"))
    let person = try ada()
    try await ledger.account(
      person.alias, call(.create, .refused, 409, detail: "taken"), park(person.decisionPosition),
      .linked(AccountLinked(.matched, account())),
      .deliveryCompleted(DeliveryCompleted(.alreadySo, decision: person.decisionPosition)))
    let row = try #require(try rows().first)
    #expect(row.status == .delivered && row.how == .alreadySo && row.error == nil && row.detail == nil)
  }

  @Test("abandoned after parked, and a changed decision supersedes that")
  func abandon() async throws {
    try await show(Exported("ada"))
    let person = try ada()
    try await ledger.account(
      person.alias, park(person.decisionPosition),
      .deliveryAbandoned(DeliveryAbandoned(.entryConflict, decision: person.decisionPosition)))
    let row = try #require(try rows().first)
    #expect(row.status == .abandoned && row.error == "EntryConflict" && row.retry == nil)
    try await show(Exported("ada", name: "Ada King"))
    #expect(try rows().map(\.status) == [.superseded, .pending])
    #expect(try ledger.views.oldestPending() != nil)
  }

  @Test("the same wish again adds an unchanged row, which is shown on demand only")
  func unchanged() async throws {
    try await show(Exported("ada"))
    try await deliver()
    let path = try place.write(
      "more.csv",
      "userPrincipalName,displayName,id,accountEnabled,mail\r\nada@example.com,Name of ada,ada,true,a@b.example\r\n"
        + "eve@example.com,Name of eve,eve,true,\r\n")
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
    #expect(try rows().map(\.status) == [.delivered, .unchanged])
    #expect(try ledger.views.deliveries(alias: ada().alias).count == 1)
  }

  @Test("a read does not count as a call of the delivery, but of the target")
  func reads() async throws {
    try await show(Exported("ada"))
    try await ledger.account(try ada().alias, call(.readBack, .notFound, 200), call(.verify, .failed, 500))
    #expect(try rows().first?.calls == 0)
    let target = try ledger.views.target()
    #expect(target.calls == 2 && target.lastGoodCall != nil && target.lastFault != nil)
  }

  @Test("paging by the last decision shows every row once, in order; filters narrow it")
  func paging() async throws {
    var history = History(place, ledger, seed: 5)
    try await history.live(rounds: 4)
    try ledger.views.catchUp()
    let all = try ledger.views.deliveries(includingUnchanged: true)
    var paged: [DeliveryRecord] = []
    while true {
      let page = try ledger.views.deliveries(after: paged.last?.decision ?? 0, includingUnchanged: true, limit: 3)
      #expect(page.count <= 3)
      if page.isEmpty { break }
      paged += page
    }
    #expect(paged == all && all.count > 20)
    #expect(zip(all, all.dropFirst()).allSatisfy { $0.decision < $1.decision })
    #expect(try ledger.views.deliveries() == all.filter { $0.status != .unchanged })
    for status in DeliveryStatus.allCases {
      let rows = try ledger.views.deliveries(status: status, includingUnchanged: true)
      #expect(rows == all.filter { $0.status == status })
    }
    let cycle = try #require(try ledger.views.cycles(limit: 1).first)
    #expect(
      try ledger.views.deliveries(cycle: cycle.id, includingUnchanged: true) == all.filter { $0.cycle == cycle.id })
    let since = cycle.started
    #expect(try ledger.views.deliveries(since: since, includingUnchanged: true) == all.filter { $0.decided >= since })
  }
}
