import Base
import EventLog
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing
import Views

@testable import Reports

@Suite("Reports on what the ledger records")
struct RecordReportTests {
  private let stage: ReportStage

  init() throws { stage = try ReportStage() }

  private var ledger: OpenLedger { stage.ledger }

  private func present() throws -> ReportQuery { try stage.query(stage.place.clock.moment) }

  private func number(_ key: String, _ document: ReportDocument) -> String? {
    document.counts.first { $0.key == key }?.value
  }

  private func column(_ key: String, _ document: ReportDocument) -> [String] {
    guard let index = document.columns.firstIndex(where: { $0.key == key }) else { return [] }
    return document.rows.map { $0[index] }
  }

  private func alias(_ name: String) throws -> String {
    try ledger.views.catchUp()
    return try #require(try ledger.views.find("\(name)@example.com").first?.alias)
  }

  /// Each report on the same question.
  private func all(_ query: ReportQuery) throws -> [ReportDocument] {
    let reports: [any LedgerReport] = [
      AccessReport(query), RegisterReport(query), FailureReport(query), OperatorReport(query), DriftReport(query),
      ErasureReport(query), ConfigurationReport(query), IntegrityReport(query),
    ]
    return try reports.map { try $0.document(of: ledger) }
  }

  @Test("the register has everybody ever, with what is kept, and of whoever was erased an alias alone")
  func register() async throws {
    try await stage.take([Exported("p1"), Exported("p2"), Exported("p3")])
    try await stage.deliver()
    try await stage.take([Exported("p1"), Exported("p2")])
    try await stage.deliver()
    let (gone, held) = (try alias("p3"), try alias("p2"))
    _ = try await LegalHolds(in: ledger, actor: "olga").place(held, reason: "a lawsuit")
    let before = try RegisterReport(present()).document(of: ledger)
    #expect(column("alias", before).count == 3 && column("userPrincipalName", before).contains("p3@example.com"))
    #expect(
      ["people", "present", "gone", "accounts", "held", "erased"].map { number($0, before) } == [
        "3", "2", "1", "2", "1", "0",
      ])
    _ = try await Erasure(in: ledger, actor: "olga").run(
      gone, reason: try #require(ErasureReason("retention-ended")), force: true)
    let after = try RegisterReport(present()).document(of: ledger)
    #expect(number("people", after) == "3" && number("erased", after) == "1")
    #expect(column("erasureReason", after).contains("retention-ended") && !after.csv.contains("p3@"))
    #expect(after.about.contains { $0.key == "keptOfDirectory" && $0.value.contains("userPrincipalName") })
    let events = column("events", after).compactMap { Int($0) }.reduce(0, +)
    #expect(events == (try ledger.recorded()).count { $0.stream.hasPrefix("user/") || $0.stream.hasPrefix("account/") })
  }

  @Test("a failure is one row from its first attempt to its end, and says who ended it; an outage is one too")
  func failures() async throws {
    try await stage.take([Exported("p1"), Exported("p2"), Exported("p3")])
    let aliases = try ["p1", "p2", "p3"].map(alias)
    for (index, alias) in aliases.enumerated() {
      let decision = try #require(try ledger.views.person(alias)).decisionPosition
      let now = stage.place.clock.moment
      try await ledger.account(
        alias, .callStarted(CallStarted(call: 1, purpose: .create, decision: decision, userName: nil, body: nil)),
        .callFinished(
          CallFinished(
            call: 1, purpose: .create, operation: "POST /Users", outcome: .refused, status: 409, milliseconds: 5)),
        .deliveryParked(
          DeliveryParked(.entryConflict, decision: decision, attempt: 1, since: now, retry: now, status: 409)))
      stage.place.clock.advance(.seconds(60))
      if index == 0 {
        try await ledger.account(alias, .deliveryCompleted(DeliveryCompleted(.call, decision: decision)))
      }
      if index == 1 {
        try await ledger.append(
          [Event(.user(alias), .deliverySkipped(DeliverySkipped(decision: decision, reason: "no")))],
          actor: "operator:olga")
      }
    }
    try await ledger.target(.circuitOpened(CircuitOpened(faults: 5, operation: "GET /Users", error: "timeout")))
    let opened = stage.place.clock.moment
    stage.place.clock.advance(.seconds(30))
    let further = TargetUnreachable(
      count: 4, first: opened, last: opened + .seconds(20), operation: "GET /Users", error: "refused")
    try await ledger.target(.targetUnreachable(further))
    try await ledger.target(.circuitClosed(CircuitClosed()))
    let report = try FailureReport(present()).document(of: ledger)
    #expect(column("status", report) == ["resolved", "skipped", "parked", "resolved"])
    #expect(column("what", report) == ["delivery", "delivery", "delivery", "outage"])
    #expect(column("lastFailedAt", report)[3] == "\(opened + .seconds(20))" && column("error", report)[3] == "refused")
    #expect(column("failures", report) == ["1", "1", "1", "9"] && column("endedBy", report)[1] == "operator:olga")
    #expect(column("duration", report)[0] == "1 min 0 s" && column("duration", report)[3] == "30 s")
    #expect(
      ["failures", "resolved", "ended", "open", "parked"].map { number($0, report) } == ["4", "2", "1", "1", "1"])
    #expect(report.positions["open"]?.count == 1 && report.chart.bars.first?.name == "EntryConflict")
  }

  @Test("a write that failed and the parking that it led to are one attempt, in the report and in the views")
  func attempts() async throws {
    try await stage.take([Exported("p1")])
    let alias = try alias("p1")
    let decision = try #require(try ledger.views.person(alias)).decisionPosition
    let now = stage.place.clock.moment
    let refused = CallFinished(
      call: 1, purpose: .create, operation: "POST /Users", outcome: .refused, status: 409, milliseconds: 5)
    let write: [EventPayload] = [
      .callStarted(CallStarted(call: 1, purpose: .create, decision: decision, userName: nil, body: nil)),
      .callFinished(refused),
    ]
    let parked = EventPayload.deliveryParked(
      DeliveryParked(.entryConflict, decision: decision, attempt: 1, since: now, retry: now, status: 409))
    let abandoned = EventPayload.deliveryAbandoned(DeliveryAbandoned(.entryConflict, decision: decision))
    // Written and parked, parked for what a read shows, written twice before it is parked, and written and given up.
    let attempts: [[EventPayload]] = [write + [parked], [parked], write + write + [parked], write + [abandoned]]
    for payloads in attempts {
      try await ledger.append(payloads.map { Event(.account(alias), $0) }, actor: "worker")
    }
    try await ledger.account(alias, .deliveryCompleted(DeliveryCompleted(.call, decision: decision)))
    let report = try FailureReport(present()).document(of: ledger)
    #expect(column("failures", report) == ["5"])
    try ledger.views.catchUp()
    #expect(try ledger.views.curedDeliveries().map(\.failures) == [5])
  }

  @Test("what people did is listed with who they are; what the worker did is not")
  func operators() async throws {
    try await stage.take([Exported("p1"), Exported("p2")])
    try await stage.deliver()
    let alias = try alias("p1")
    try await ledger.append(
      [
        Event(.user(alias), .deliveryHeld(DeliveryHeld(reason: "on leave"))),
        Event(.operators, .dataViewed(DataViewed(name: "user list", count: 2, position: 9))),
        Event(.operators, .reportExported(ReportExported(name: "log", format: "ndjson", count: 9))),
      ], actor: "operator:olga")
    let report = try OperatorReport(present()).document(of: ledger)
    #expect(column("action", report).suffix(3) == ["hold", "view", "export"])
    #expect(Set(column("actor", report)).allSatisfy { $0.hasPrefix("operator:") || $0 == "olga" })
    let hold = try #require(report.rows.first { $0.contains("hold") })
    #expect(hold.contains("on leave") && hold.contains("p1@example.com"))
    #expect(["looks", "exports"].map { number($0, report) } == ["1", "1"])
  }

  @Test("drift is one row from the comparison that found it to the delivery that ended it")
  func drift() async throws {
    try await stage.take([Exported("p1"), Exported("p2")])
    try await stage.deliver()
    let (first, second) = (try alias("p1"), try alias("p2"))
    let decision = try #require(try ledger.views.person(first)).decisionPosition
    try await ledger.account(first, .driftDetected(DriftDetected(.disabled, isRepaired: true, account: nil)))
    try await ledger.account(second, .driftDetected(DriftDetected(.changed, isRepaired: false, account: nil)))
    try await ledger.target(
      .reconcileFinished(
        ReconcileFinished(
          request: nil, finished: stage.place.clock.moment, accounts: 7, unmanaged: 5,
          drift: [.disabled: 1, .changed: 1], repairs: 1, isWithheld: false)))
    stage.place.clock.advance(.seconds(90))
    try await ledger.account(first, .deliveryCompleted(DeliveryCompleted(.call, decision: decision)))
    let report = try DriftReport(present()).document(of: ledger)
    #expect(column("kind", report) == ["disabled", "changed"] && column("how", report) == ["as wanted", "still so"])
    #expect(column("duration", report)[0] == "1 min 30 s")
    #expect(["comparisons", "drift", "open", "unmanaged"].map { number($0, report) } == ["1", "2", "1", "5"])
  }

  @Test("erasures, refused ones and holds, with how much is gone")
  func erasures() async throws {
    try await stage.take([Exported("p1"), Exported("p2")])
    try await stage.deliver()
    try await stage.take([Exported("p1")])
    try await stage.deliver()
    let (present, gone) = (try alias("p1"), try alias("p2"))
    let reason = try #require(ErasureReason("other"))
    await #expect(throws: Fault.self) {
      _ = try await Erasure(in: ledger, actor: "olga").run(present, reason: reason, force: false)
    }
    _ = try await LegalHolds(in: ledger, actor: "olga").place(present, reason: "a lawsuit")
    _ = try await Erasure(in: ledger, actor: "olga").run(gone, reason: reason, force: true)
    let report = try ErasureReport(self.present()).document(of: ledger)
    #expect(column("what", report) == ["refused", "hold placed", "erased"])
    #expect(column("obstacle", report)[0] == "in-directory" && column("reason", report)[1] == "a lawsuit")
    #expect(["erased", "refused", "placed", "held"].map { number($0, report) } == ["1", "1", "1", "1"])
  }

  @Test("each setting that changed, from what to what; a command is not shown")
  func configuration() async throws {
    let before = ledger.configurationText
    let after =
      before.replacing("anchorCommands: []", with: "anchorCommands: [\"curl -H hush\"]")
    for text in [before, after, before.replacing("example.test", with: "other.test")] {
      try await ledger.append(
        [Event(.configuration, .configurationApplied(ConfigurationApplied(text: text)))], actor: "operator:olga")
      stage.place.clock.advance(.seconds(3600))
    }
    let report = try ConfigurationReport(present()).document(of: ledger)
    #expect(
      column("setting", report).contains("target.url") && column("after", report).contains("https://other.test/scim/v2")
    )
    #expect(number("applied", report) == "3" && !report.csv.contains("hush"))
    #expect(column("after", report).contains("(not shown)"))
    let settings = ConfigurationSettings.of("a: {b: [x, y]}\nc: 1\n")
    #expect(settings == ["a.b[0]": "x", "a.b[1]": "y", "c": "1"])
  }

  @Test("checkpoints are checked against the tree and each other, and what none covers is said")
  func integrity() async throws {
    try await stage.take([Exported("p1")])
    try await ledger.checkpoint()
    try await stage.take([Exported("p1"), Exported("p2")])
    try await ledger.checkpoint()
    let covered = try ledger.log.lastPosition()
    try await stage.deliver()
    let report = try IntegrityReport(present()).document(of: ledger)
    #expect(column("signature", report) == ["good", "good"] && column("tree", report) == ["agrees", "agrees"])
    #expect(column("growth", report).allSatisfy { $0.hasPrefix("proved from ") })
    #expect(number("covered", report) == String(covered))
    #expect(report.positions["uncovered"] == [covered + 1, try ledger.log.lastPosition()])
    #expect(["sound", "unsigned", "differing", "unproved"].map { number($0, report) } == ["2", "0", "0", "0"])
    let other = try IntegrityReport(stage.query(stage.place.clock.moment)).document(of: ledger)
    try await ledger.checkpoint()
    #expect(other == report)
  }

  @Test(
    "over any life of a ledger each report has the same bytes again, and the events behind its numbers",
    arguments: [1, 2, 3] as [UInt64])
  func same(seed: UInt64) async throws {
    var history = History(stage.place, ledger, seed: seed)
    try await history.live(rounds: 5)
    try await ledger.checkpoint()
    stage.place.clock.advance(.seconds(1))
    let query = try present()
    let before = try all(query)
    let pages = try before.map(ReportPage.html)
    stage.place.clock.advance(.seconds(1))
    try await history.live(rounds: 2)
    try await ledger.checkpoint()
    let after = try all(query)
    #expect(after == before && after.map(\.csv) == before.map(\.csv))
    #expect(try after.map(ReportPage.html) == pages)
    for document in before {
      for count in document.counts {
        let positions = try #require(document.positions[count.key], "\(document.name) \(count.key)")
        #expect(positions.allSatisfy { (1...query.asOf.position).contains($0) } && positions == positions.sorted())
      }
      #expect(document.rows.allSatisfy { $0.count == document.columns.count })
    }
  }
}
