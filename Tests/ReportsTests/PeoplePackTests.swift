import Base
import EventLog
import Foundation
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing
import Views

@testable import Reports

/// Drift, what people did, and the register, with what shows them.
@Suite("Evidence packs: drift, operators and the register")
struct PeoplePackTests {
  private typealias Name = EvidencePack.Name

  private let stage: ReportStage

  init() throws { stage = try ReportStage() }

  private var ledger: OpenLedger { stage.ledger }
  private var packs: PackStage { PackStage(ledger: ledger) }

  private func query(_ moment: Timestamp? = nil) throws -> ReportQuery {
    try stage.query(moment ?? stage.place.clock.moment)
  }

  private func alias(_ name: String) throws -> String {
    try ledger.views.catchUp()
    return try #require(try ledger.views.find("\(name)@example.com").first?.alias)
  }

  private func account(_ userName: String, active: Bool) -> RemoteAccount {
    RemoteAccount(id: "u1", userName: userName, displayName: "X", active: active)
  }

  /// Holds a report's pack against the report itself; gives what it was found to prove.
  @discardableResult
  private func hold(_ report: some EvidencedReport) async throws -> ProvedPack {
    let found = try packs.proved(try await packs.pack(report))
    #expect(try found.rows == report.document(of: ledger).rows.count && found.hasPage && found.notOpened.isEmpty)
    return found
  }

  @Test("in any history the rows and numbers follow from the events, at whatever moment", arguments: UInt64(1)...6)
  func anyHistory(seed: UInt64) async throws {
    var history = History(stage.place, ledger, seed: 9200 + seed)
    let start = stage.place.clock.moment
    var moments: [Timestamp] = []
    for _ in 0..<6 {
      try await history.live(rounds: 1, erasing: true)
      moments.append(stage.place.clock.moment)
    }
    let end = try #require(moments.last)
    for moment in [moments[2], end] {
      for from in [start, moments[1]] {
        let query = ReportQuery(
          period: from..<moment, asOf: try AsOf(moment, in: ledger), zone: "UTC", words: "a test", actor: "olga",
          version: "0")
        try await hold(DriftReport(query))
        try await hold(OperatorReport(query))
        try await hold(RegisterReport(query))
      }
    }
  }

  @Test("drift is shown with the names and the accounts that were found; a changed account, row or number is found")
  func drift() async throws {
    try await stage.take([Exported("p1"), Exported("p2"), Exported("p3")])
    try await stage.deliver()
    let (first, second) = (try alias("p1"), try alias("p2"))
    let decision = try #require(try ledger.views.person(first)).decisionPosition
    let shown = account("p1@example.com", active: false)
    try await ledger.account(first, .driftDetected(DriftDetected(.disabled, isRepaired: true, account: shown)))
    try await ledger.account(second, .driftDetected(DriftDetected(.missing, isRepaired: false, account: nil)))
    try await ledger.target(
      .reconcileFinished(
        ReconcileFinished(
          request: nil, finished: stage.place.clock.moment, accounts: 7, unmanaged: 5,
          drift: [.disabled: 1, .missing: 1], repairs: 1, isWithheld: false)))
    stage.place.clock.advance(.seconds(90))
    try await ledger.account(first, .deliveryCompleted(DeliveryCompleted(.call, decision: decision)))
    let report = DriftReport(try query())
    let whole = try await packs.pack(report)
    let found = try await hold(report)
    #expect(found.rows == 2 && found.opened == 3)
    #expect(packs.text(whole).contains("p2@example.com") && !packs.text(whole).contains("p3@example.com"))
    #expect(try packs.refusal(whole, Name.page, "<", by: "<") == "it holds")
    #expect(try packs.refusal(whole, Name.csv, "as wanted", by: "erased").contains("do not follow from the events"))
    #expect(try packs.refusal(whole, Name.opened, #""id":"u1""#, by: #""id":"u2""#).contains("does not lead to"))
    #expect(try packs.refusal(whole, Name.json, #""open":"1""#, by: #""open":"0""#).contains("numbers of report.json"))
  }

  @Test("what people did is shown with their words and who they are, and of whom it is about the name alone")
  func operators() async throws {
    try await stage.take([Exported("p1"), Exported("p2")])
    let alias = try alias("p1")
    let identity = OperatorIdentity(login: "svc", name: "Service", invoker: "olga", host: "vault")
    let known = try OpenLedger(
      folder: stage.place.folder, logger: quiet, identity: identity, clock: stage.place.clock.read)
    _ = try await Records(in: known, actor: "operator:svc").export("log", format: "ndjson", count: 1)
    try known.close()
    try await ledger.append(
      [Event(.user(alias), .deliveryHeld(DeliveryHeld(reason: "on leave")))], actor: "operator:svc")
    let plan = Decision(.update, .restored, desired: nil)
    try await ledger.append([Event(.user(alias), .decided(plan), correlation: "a plan")], actor: "operator:svc")
    stage.place.clock.advance(.seconds(60))
    let report = OperatorReport(try query())
    let whole = try await packs.pack(report)
    let found = try await hold(report)
    #expect(found.rows >= 3 && found.opened == 3)
    let text = packs.text(whole)
    #expect(text.contains("on leave") && text.contains("Service on vault, signed in as olga"))
    #expect(text.contains("p1@example.com") && !text.contains("p2@example.com"))
    #expect(try packs.refusal(whole, Name.csv, "on leave", by: "at work").contains("do not follow from the events"))
    #expect(try packs.refusal(whole, Name.opened, "on leave", by: "at work").contains("does not lead to"))
    let counted = try packs.refusal(whole, Name.json, #""exports":"1""#, by: #""exports":"0""#)
    #expect(counted.contains("numbers of report.json"))
  }

  @Test("the register is shown with what each row needs, and of who was erased, then or since, nothing")
  func register() async throws {
    try await stage.take([Exported("p1"), Exported("p2"), Exported("p3")])
    try await stage.deliver()
    try await stage.take([Exported("p1"), Exported("p2")])
    try await stage.deliver()
    let (held, gone) = (try alias("p1"), try alias("p3"))
    _ = try await LegalHolds(in: ledger, actor: "olga").place(held, reason: "a lawsuit")
    let before = stage.place.clock.moment
    let known = try await packs.pack(RegisterReport(try query(before)))
    #expect(packs.text(known).contains("p3@example.com"))
    stage.place.clock.advance(.seconds(60))
    _ = try await Erasure(in: ledger, actor: "olga").run(
      gone, reason: try #require(ErasureReason("other")), force: true)
    for moment in [before, stage.place.clock.moment] {
      let report = RegisterReport(try query(moment))
      let whole = try await packs.pack(report)
      let found = try await hold(report)
      let text = packs.text(whole)
      #expect(found.rows == 3 && !text.contains("p3@example.com") && !text.contains("a lawsuit"))
      #expect(try packs.refusal(whole, Name.csv, "p2@example.com", by: "p9@").contains("do not follow"))
      #expect(try packs.refusal(whole, Name.csv, ",active,", by: ",parked,").contains("do not follow"))
      let counted = try packs.refusal(whole, Name.json, #""erased":"1""#, by: #""erased":"0""#)
      #expect(counted.contains("numbers of report.json"))
    }
  }

  @Test("the script knows the page on how to check a pack")
  func page() throws {
    let tool = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "tools/verify-evidence.py")
    let script = try String(contentsOf: tool, encoding: .utf8)
    #expect(script.contains(EvidencePack.digest(Array(PackInstructions.text.utf8))))
  }
}
