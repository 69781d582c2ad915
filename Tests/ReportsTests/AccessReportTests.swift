import Base
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing
import Views

@testable import Reports

@Suite("Reports on access")
struct AccessReportTests {
  private let stage: ReportStage

  init() throws { stage = try ReportStage() }

  private var place: TestLedger { stage.place }
  private var ledger: OpenLedger { stage.ledger }
  private func query(_ moment: Timestamp) throws -> ReportQuery { try stage.query(moment) }
  private func take(_ people: [Exported]) async throws { try await stage.take(people) }
  private func deliver() async throws { try await stage.deliver() }

  @Test("who joined, moved and left, with numbers, and the same bytes from the same part of the log")
  func changes() async throws {
    var people = (1...6).map { Exported("p\($0)") }
    try await take(people)
    try await deliver()
    people[0].name = "Moved"
    people.removeLast()
    try await take(people)
    try await deliver()
    let query = try query(place.clock.moment)
    func report(_ kind: AccessChange.Kind) throws -> ReportDocument {
      try AccessChangeReport(kind, query, limit: .seconds(5)).document(of: ledger)
    }
    let before = try AccessChange.Kind.allCases.map(report)
    #expect(before.map(\.rows.count) == [6, 1, 1])
    #expect(before.map { $0.counts.first { $0.key == "done" }?.value } == ["6", "1", "1"])
    #expect(before[2].rows[0][0] == "p6@example.com" && before[2].rows[0].contains("1 s"))
    // One instant: with more of them each would be cut on a terminal of 80 columns.
    #expect(before.allSatisfy { $0.text.header == ["Sign-in name", "Status", "Confirmed", "Took", "Late"] })
    #expect(before[0].positions["changes"]?.count == 6 && before[0].positions["breaches"] == [])
    #expect(before[0].about.first { $0.key == "logRoot" }?.value.count == 64)
    let pages = try before.map(ReportPage.html)
    people[1].name = "Later"
    try await take(people)
    try await deliver()
    let after = try AccessChange.Kind.allCases.map(report)
    #expect(after == before && after.map(\.csv) == before.map(\.csv))
    #expect(try after.map(ReportPage.html) == pages)
    let sampled = try AccessChangeReport(.joiner, query, limit: .seconds(5), sample: Sample(count: 2, seed: "7"))
      .document(of: ledger)
    #expect(sampled.rows.count == 2 && sampled.counts == before[0].counts)
  }

  @Test("leavers whom the safeguard holds have rows, and are counted apart until an operator approves")
  func held() async throws {
    let people = (1...6).map { Exported("p\($0)") }
    try await take(people)
    try await deliver()
    try await take(Array(people.prefix(2)))
    place.clock.advance(.seconds(60))
    func report() throws -> (status: [String], counts: [String?]) {
      let report = try AccessChangeReport(.leaver, query(place.clock.moment), limit: .seconds(5)).document(of: ledger)
      let counts = ["held", "open", "done", "breaches"].map { key in report.counts.first { $0.key == key }?.value }
      return (report.rows.map { $0[5] }, counts)
    }
    let held = try report()
    #expect(held.status == Array(repeating: "held", count: 4) && held.counts == ["4", "0", "0", "4"])
    let known = try ledger.views.people().people
    let safeguards = known.compactMap { $0.decision?.safeguard }
    let safeguard = try #require(safeguards.first)
    _ = try await SafeguardApproval.approve(safeguard, in: ledger, actor: "olga")
    try ledger.views.catchUp()
    try await deliver()
    let done = try report()
    #expect(done.status == Array(repeating: "done", count: 4) && done.counts == ["0", "0", "4", "4"])
  }

  @Test("who could sign in, since when, at any moment; who was erased since keeps the numbers")
  func access() async throws {
    let start = place.clock.moment
    try await take([Exported("p1"), Exported("p2")])
    try await deliver()
    let then = place.clock.moment
    place.clock.advance(.seconds(3600))
    try await take([Exported("p1")])
    try await deliver()
    let past = try AccessReport(query(then)).document(of: ledger)
    #expect(past.rows.map { $0[0] } == ["p1@example.com", "p2@example.com"])
    #expect(past.rows.allSatisfy { $0[5] == (start + .seconds(1)).description })
    let present = try AccessReport(query(place.clock.moment)).document(of: ledger)
    #expect(present.rows.map { $0[0] } == ["p1@example.com"])
    let leavers = try AccessChangeReport(.leaver, query(place.clock.moment), limit: .seconds(60)).document(of: ledger)
    let alias = leavers.rows[0][2]
    _ = try await Erasure(in: ledger, actor: "olga").run(
      alias, reason: try #require(ErasureReason("other")), force: true)
    let erased = try AccessChangeReport(.leaver, query(place.clock.moment), limit: .seconds(60)).document(of: ledger)
    #expect(
      erased.rows.map { $0[2] } == [alias] && erased.rows[0][0].isEmpty && erased.rows[0][5] == "done, erased since")
    let counts = erased.counts.filter { $0.key != "erased" }
    #expect(counts == leavers.counts.filter { $0.key != "erased" })
    #expect(try !ReportPage.html(erased).contains("p2@example.com"))
    let pastErased = try AccessReport(query(then)).document(of: ledger)
    #expect(pastErased.counts.first { $0.key == "erased" }?.value == "1")
  }

  @Test("a page stands alone: what people are called is shown and never run, and nothing is fetched")
  func page() async throws {
    var person = Exported("p1", name: "<script>alert(1)</script> & \"Ada\"")
    person.address = "p1@example.com"
    try await take([person])
    try await deliver()
    let query = try query(place.clock.moment)
    let html = try ReportPage.html(AccessReport(query).document(of: ledger))
    #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Ada&quot;") && !html.contains("<script"))
    let page = try ReportPage.html(AccessChangeReport(.joiner, query, limit: .seconds(60)).document(of: ledger))
    #expect(page.contains("<svg") && page.contains("@page") && page.contains("prefers-color-scheme: dark"))
    for word in ["http:", "https:", "src=", "url(", "@import", "<link"] { #expect(!page.contains(word), "\(word)") }
    #expect(html.contains("<span>p1@</span><wbr><span>example.com</span><wbr>"))
    #expect(html.contains("<span>2026-01-02T</span><wbr><span>00:00:01.000Z</span><wbr>"))
    let csv = try AccessReport(query).document(of: ledger).csv
    #expect(csv.hasPrefix("userPrincipalName,displayName,alias,"))
  }
}
