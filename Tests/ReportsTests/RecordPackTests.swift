import Base
import EventLog
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing
import Views

@testable import Reports

/// What went wrong, and erasures, with what shows them.
@Suite("Evidence packs: failures and erasures")
struct RecordPackTests {
  private typealias Name = EvidencePack.Name

  private let stage: ReportStage

  init() throws { stage = try ReportStage() }

  private var ledger: OpenLedger { stage.ledger }

  private var packs: PackStage { PackStage(ledger: ledger) }

  private func present() throws -> ReportQuery { try stage.query(stage.place.clock.moment) }

  private func alias(_ name: String) throws -> String {
    try ledger.views.catchUp()
    return try #require(try ledger.views.find("\(name)@example.com").first?.alias)
  }

  @Test("in any history the rows and numbers follow from the events, for whatever period", arguments: UInt64(1)...6)
  func anyHistory(seed: UInt64) async throws {
    var history = History(stage.place, ledger, seed: 9100 + seed)
    let start = stage.place.clock.moment
    var middle = start
    for round in 0..<6 {
      try await history.live(rounds: 1, erasing: true)
      if round == 2 { middle = stage.place.clock.moment }
    }
    let end = stage.place.clock.moment + .seconds(1)
    for (from, to) in [(start, end), (middle, end), (start, middle)] {
      let query = ReportQuery(
        period: from..<to, asOf: try AsOf(stage.place.clock.moment, in: ledger), zone: "UTC", words: "a test",
        actor: "olga", version: "0")
      #expect(try packs.proved(try await packs.pack(FailureReport(query))).report == "failures")
      let erasures = try packs.proved(try await packs.pack(ErasureReport(query)))
      #expect(try erasures.rows == ErasureReport(query).document(of: ledger).rows.count)
    }
  }

  @Test("erasures and holds are shown by whom and why; a changed reason, row or number is found")
  func erasures() async throws {
    try await stage.take([Exported("p1"), Exported("p2"), Exported("p3")])
    try await stage.deliver()
    try await stage.take([Exported("p1"), Exported("p3")])
    try await stage.deliver()
    let (held, gone) = (try alias("p1"), try alias("p2"))
    _ = try await LegalHolds(in: ledger, actor: "olga").place(held, reason: "a lawsuit")
    _ = try await Erasure(in: ledger, actor: "olga").run(
      gone, reason: try #require(ErasureReason("other")), force: true)
    let whole = try await packs.pack(ErasureReport(try present()))
    let found = try packs.proved(whole)
    #expect(found.rows == 2 && found.opened == 1 && found.notOpened.isEmpty)
    let text = packs.text(whole)
    #expect(text.contains("a lawsuit") && !text.contains("p1@example.com") && !text.contains("p3@"))
    #expect(try packs.refusal(whole, Name.page, "<", by: "<") == "it holds")
    #expect(try packs.refusal(whole, Name.csv, "a lawsuit", by: "a whim").contains("do not follow from the events"))
    #expect(try packs.refusal(whole, Name.opened, "a lawsuit", by: "a whim").contains("does not lead to"))
    #expect(try packs.refusal(whole, Name.json, #""held":"1""#, by: #""held":"0""#).contains("numbers of report.json"))
  }

  @Test("what went wrong is shown, delivery and outage, with the names and nothing else opened")
  func failures() async throws {
    try await stage.take([Exported("p1"), Exported("p2")])
    let person = try #require(try ledger.views.find("p1@example.com").first)
    let parked = DeliveryParked(
      .rejected, decision: person.decisionPosition, attempt: 1, since: stage.place.clock.moment,
      retry: stage.place.clock.moment + .seconds(60))
    try await ledger.append([Event(.account(person.alias), .deliveryParked(parked))], actor: "worker")
    let opened = CircuitOpened(faults: 3, operation: "GET /Users", error: "timeout")
    let moment = stage.place.clock.moment
    let further = TargetUnreachable(count: 2, first: moment, last: moment, operation: "GET /Users", error: "timeout")
    let events = [EventPayload.circuitOpened(opened), .targetUnreachable(further)]
    try await ledger.append(events.map { Event(.target, $0) }, actor: "worker")
    stage.place.clock.advance(.seconds(60))
    let whole = try await packs.pack(FailureReport(try present()))
    let found = try packs.proved(whole)
    #expect(found.rows == 2 && found.opened == 1)
    let text = packs.text(whole)
    #expect(text.contains("p1@example.com") && text.contains("timeout") && !text.contains("p2@example.com"))
    #expect(try packs.refusal(whole, Name.csv, "timeout", by: "nothing").contains("do not follow from the events"))
    let counted = try packs.refusal(whole, Name.json, #""parked":"1""#, by: #""parked":"0""#)
    #expect(counted.contains("numbers of report.json"))
  }
}
