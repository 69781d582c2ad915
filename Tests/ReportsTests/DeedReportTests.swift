import Base
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing

@testable import Reports

@Suite("The report on what operators did")
struct DeedReportTests {
  private let stage: ReportStage

  init() throws { stage = try ReportStage() }

  private func report() throws -> ReportDocument {
    try OperatorReport(stage.query(stage.place.clock.moment)).document(of: stage.ledger)
  }

  private func rows(_ document: ReportDocument, _ keys: String...) -> [[String]] {
    let places = keys.compactMap { key in document.columns.firstIndex { $0.key == key } }
    return document.rows.map { row in places.map { row[$0] } }
  }

  @Test("the human is whom the machine told last before the deed, and nobody before it told of one")
  func humans() async throws {
    let exported = ReportExported(name: "first", format: "ndjson", count: 1)
    try await stage.ledger.append([Event(.operators, .reportExported(exported))], actor: "operator:svc")
    for name in ["olga", "bob"] {
      stage.place.clock.advance(.seconds(1))
      let identity = OperatorIdentity(login: "svc", invoker: name, host: "vault")
      let ledger = try OpenLedger(
        folder: stage.place.folder, logger: quiet, identity: identity, clock: stage.place.clock.read)
      _ = try await Records(in: ledger, actor: "operator:svc").export(name, format: "ndjson", count: 1)
      try ledger.close()
    }
    let names = ["first", "olga", "bob"]
    let found = try rows(report(), "reason", "human").filter { names.contains($0[0]) }
    let expected = [
      ["first", ""], ["olga", "svc on vault, signed in as olga"], ["bob", "svc on vault, signed in as bob"],
    ]
    #expect(found == expected)
  }

  @Test("a plan of several actions is called so, with how often each; one of a single action has its name")
  func plans() async throws {
    try await stage.take([Exported("p1"), Exported("p2"), Exported("p3")])
    let aliases = try ["p1", "p2", "p3"].map { try stage.ledger.person($0).alias }
    func decided(_ alias: String, _ action: Decision.Action, _ plan: String) -> Event {
      Event(.user(alias), .decided(Decision(action, .restored, desired: nil)), correlation: plan)
    }
    let mixed = [decided(aliases[0], .update, "a"), decided(aliases[1], .held, "a"), decided(aliases[2], .held, "a")]
    try await stage.ledger.append(mixed, actor: "operator:olga")
    let same = [decided(aliases[0], .update, "b"), decided(aliases[1], .update, "b")]
    try await stage.ledger.append(same + [decided(aliases[0], .disable, "c")], actor: "operator:olga")
    let found = try rows(report(), "correlation", "action", "status", "reason", "alias", "people", "words")
    let expected = [
      ["a", "plan", "", "Restored", "", "3", "2 held, 1 update"],
      ["b", "update", "pending", "Restored", "", "2", ""],
      ["c", "disable", "pending", "Restored", aliases[0], "1", ""],
    ]
    #expect(found.suffix(3) == expected[...])
  }
}
