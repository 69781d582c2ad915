import Base
import JSON
import Ledger
import Operations
import Provisioning
import Reports
import TestSupport
import Testing
import Views

/// What operations answer, as a console or `--json` shows it.
@Suite("Reports: outcomes")
struct OutcomeReportTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  private func cycle(_ people: [Exported]) async throws -> CycleSummary {
    place.clock.advance(.seconds(60))
    let path = try place.write("export.csv", Export.csv(people))
    return try await DirectoryImport(into: ledger, actor: "operator:olga").run(paths: [path])
  }

  @Test("a cycle: its numbers by action, its last position as a decimal string, and no safeguard")
  func cycle() async throws {
    let summary = try await cycle([Exported("ada"), Exported("bob")])
    #expect(
      summary.json == [
        "cycle": .string(summary.cycle), "position": .string(String(summary.position)), "read": 2, "observed": 2,
        "create": 2, "update": 0, "disable": 0, "enable": 0, "skip": 0, "held": 0, "none": 0, "passedOver": 0,
        "safeguard": .null, "unread": [], "source": .string(DirectorySourceID.standard.name),
      ])
  }

  @Test("a receipt names the deed, the alias and the position")
  func receipt() async throws {
    _ = try await cycle([Exported("ada")])
    let alias = try ledger.person("ada").alias
    let receipt = try await LegalHolds(in: ledger, actor: "operator:olga").place(alias, reason: "x")
    #expect(
      receipt.json("hold", "placed", of: alias) == [
        "hold": "placed", "alias": .string(alias), "position": .string(String(receipt.last)),
      ])
  }

  @Test("a plan in short, and what applying it did")
  func plan() async throws {
    _ = try await cycle([Exported("ada"), Exported("bob")])
    let then = place.clock.moment
    _ = try await cycle([Exported("ada"), Exported("bob", name: "Robert"), Exported("eve")])
    let restoration = Restoration(in: ledger, actor: "operator:olga")
    let plan = try restoration.plan(asOf: then, disablingCreated: false)
    let summary = plan.summary("plan.json")
    #expect(summary["plan"] == "plan.json" && summary["id"] == .string(plan.id))
    #expect(summary["asOf"] == .string(then.description) && summary["size"] == .string(String(plan.size)))
    #expect(summary["update"] == 1 && summary["disable"] == 0)
    #expect(summary["untouched"]?.array?.map { $0["reason"]?.string } == ["created"])
    #expect(RestorePlan.Reason.allCases.map(\.sentence).allSatisfy { $0.hasSuffix("not touched") })
    let outcome = try await restoration.apply(plan)
    #expect(
      plan.json(outcome) == [
        "plan": .string(plan.id), "enable": 0, "disable": 0, "update": 1, "create": 0, "held": 0, "safeguard": .null,
      ])
  }

  @Test("views that were compared: both digests, and whether the rebuilt ones are in place")
  func comparison() async throws {
    _ = try await cycle([Exported("ada")])
    let compared = try ledger.views.check()
    #expect(
      compared.json(isInstalled: false) == [
        "equal": true, "position": .string(String(compared.position)), "live": .string(compared.live),
        "rebuilt": .string(compared.rebuilt), "differing": [], "installed": false,
      ])
    #expect(compared.json(isInstalled: true)["installed"] == true)
  }

  @Test("a report for a person: how many of what, and what needs attention")
  func summary() async throws {
    _ = try await cycle([Exported("ada"), Exported("bob")])
    let report = ProvisioningReport(ledger.views, .init())
    let brief = try ProvisioningSummary(report, all: false)
    #expect(brief.header == ["ACTION", "PENDING"] && brief.counts == [["create", "2"]] && brief.rows.isEmpty)
    let whole = try ProvisioningSummary(report, all: true)
    #expect(whole.rows.map { $0[1] } == ["ada@example.com", "bob@example.com"] && whole.counts == brief.counts)
    // What was to be done then is nothing to be done now.
    let past = try ProvisioningSummary(report, all: true, isPast: true)
    #expect(whole.rows.allSatisfy { $0[4].contains(". ") } && past.rows.allSatisfy { !$0[4].contains(". ") })
  }
}
