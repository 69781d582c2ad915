import Base
import Foundation
import JSON
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing

@testable import Reports

@Suite("Reports on access reviews")
struct ReviewReportTests {
  private let stage: ReportStage
  private var place: TestLedger { stage.place }
  private var ledger: OpenLedger { stage.ledger }

  init() throws { stage = try ReportStage() }

  private func reviews(_ login: String = "olga") -> Reviews { Reviews(in: ledger, actor: .operator(login)) }

  private func decide(_ user: String, _ decision: ReviewDecision, by login: String = "olga") async throws {
    let reviews = reviews(login)
    _ = try await reviews.decide("q4", [reviews.wish("q4", user, decision, because: "word on \(user)")])
    place.clock.advance(.seconds(1))
  }

  /// Six people with accounts, and a review that begins, due in an hour.
  private func begin() async throws {
    try await stage.take((1...6).map { Exported("p\($0)") })
    try await stage.deliver()
    let now = place.clock.moment
    _ = try await reviews().start(
      asOf: now, reviewers: ["olga", "bob"], due: now + .seconds(3600), name: "q4")
    place.clock.advance(.seconds(1))
  }

  private func documents(_ moment: Timestamp) throws -> [ReportDocument] {
    let query = try stage.query(moment)
    let reports: [any LedgerReport] = [
      ReviewSummaryReport("q4", query), ReviewDecisionReport("q4", query), ReviewRemovalReport("q4", query),
      ReviewExceptionReport("q4", query),
    ]
    return try reports.map { try $0.document(of: ledger) }
  }

  private func numbers(_ document: ReportDocument) -> [String: String] {
    Dictionary(document.counts.map { ($0.key, $0.value) }) { first, _ in first }
  }

  private func rows(_ document: ReportDocument, _ keys: String...) -> [[String]] {
    let places = keys.compactMap { key in document.columns.firstIndex { $0.key == key } }
    return document.rows.map { row in places.map { row[$0] } }
  }

  @Test("summary, decisions, removals and exceptions of a review; the same bytes from the same part of the log")
  func whole() async throws {
    try await begin()
    try await decide("p1", .keep)
    try await decide("p2", .remove, by: "bob")
    // Bob had put p3 on hold.
    _ = try await DeliveryControl(in: ledger, actor: "operator:bob").hold(ledger.person("p3").alias, reason: "x")
    #expect(await fault { try await decide("p3", .keep, by: "bob") }?.code == .reviewOfOneself)
    try await stage.deliver()
    place.clock.advance(.seconds(3600))
    try await decide("p4", .keep)
    // p6 leaves, p5 changes.
    try await stage.take((1...4).map { Exported("p\($0)") } + [Exported("p5", name: "Other")])
    try await stage.deliver()
    _ = try await reviews().close("q4", undecided: .keep)
    let moment = place.clock.moment
    let all = try documents(moment)
    #expect(numbers(all[0])["people"] == "6" && numbers(all[0])["kept"] == "2" && numbers(all[0])["removed"] == "1")
    #expect(
      numbers(all[0])["undecided"] == "3" && numbers(all[0])["refused"] == "1" && numbers(all[0])["erased"] == "0")
    #expect(
      rows(all[0], "reviewer", "kept", "removed", "refused") == [
        ["operator:olga", "2", "0", "0"], ["operator:bob", "0", "1", "1"],
      ])
    #expect(all[0].about.first { $0.key == "population" }?.value.contains("6 people") == true)
    #expect(
      rows(all[1], "userPrincipalName", "decision", "rationale", "reviewer").prefix(2) == [
        ["p1@example.com", "keep", "word on p1", "operator:olga"],
        ["p2@example.com", "remove", "word on p2", "operator:bob"],
      ])
    #expect(all[1].rows.count == 6 && rows(all[1], "decision").filter { $0 == [""] }.count == 3)
    #expect(rows(all[2], "userPrincipalName", "status", "duration").count == 1)
    #expect(rows(all[2], "status") == [["done"]] && numbers(all[2])["done"] == "1")
    #expect(rows(all[2], "verifiedAt", "sentAt")[0][0] > rows(all[2], "removedAt")[0][0])
    let exceptions = rows(all[3], "what", "userPrincipalName")
    #expect(
      exceptions == [
        ["overdue", ""], ["undecided", "p3@example.com"], ["undecided", "p5@example.com"],
        ["undecided", "p6@example.com"], ["refused", "p3@example.com"], ["late", "p4@example.com"],
        ["changed", "p5@example.com"], ["left", "p6@example.com"],
      ])
    for document in all {
      #expect(document.counts.allSatisfy { document.positions[$0.key] != nil })
      #expect(document.about.first { $0.key == "logRoot" }?.value.count == 64)
    }
    let pages = try all.map(ReportPage.html)
    place.clock.advance(.seconds(1))
    try await stage.take([Exported("p1"), Exported("p2")])
    #expect(try documents(moment) == all && documents(moment).map(ReportPage.html) == pages)
  }

  @Test("while it is open, what is undecided is no exception; a removal that waits is open, one that is held says so")
  func open() async throws {
    try await begin()
    try await decide("p1", .remove)
    let wishes = try ["p2", "p3", "p4"].map { try reviews().wish("q4", $0, .remove, because: "left") }
    #expect(try await reviews().decide("q4", wishes).held?.count == 3)
    let all = try documents(place.clock.moment)
    #expect(all[3].rows.isEmpty && numbers(all[0])["undecided"] == "2")
    #expect(rows(all[2], "status") == [["pending"], ["held"], ["held"], ["held"]])
    #expect(numbers(all[2])["open"] == "1" && numbers(all[2])["held"] == "3" && numbers(all[2])["median"] == "-")
    place.clock.advance(.seconds(3601))
    let later = try documents(place.clock.moment)
    #expect(rows(later[3], "what") == [["overdue"], ["undecided"], ["undecided"]])
    #expect(later[3].about.first { $0.key == "closed" }?.value == "no, overdue")
    // As of the moment before anything was decided nothing was.
    let before = try documents(try ledger.review("q4").point.time)
    #expect(before[1].rows.count == 6 && numbers(before[0])["undecided"] == "6" && before[2].rows.isEmpty)
    #expect(
      fault { _ = try documents(try ledger.review("q4").started.asOf + .seconds(-60)) }?.code == .reviewUnknown)
  }

  @Test("what a review keeps over a removal that was held has words of its own")
  func kept() async throws {
    try await begin()
    let wishes = try ["p1", "p2", "p3"].map { try reviews().wish("q4", $0, .remove, because: "left") }
    #expect(try await reviews().decide("q4", wishes).held?.count == 3)
    try await decide("p1", .keep)
    let person = try ledger.person("p1")
    let lines = try Story.of(person.alias, log: ledger.log, codec: ledger.codec).map(\.sentence)
    #expect(lines.last == "Decided none: a review lets access stay, and the removal that was held is off.")
    let access = try AccessReport(stage.query(place.clock.moment)).document(of: ledger)
    let words = "a review lets access stay, and the removal that was held is off"
    #expect(rows(access, "alias", "why").contains([person.alias, words]))
    // What is taken away stays so.
    let removed = Decision(.none, .accessReviewed, desired: person.desired?.disabled)
    #expect(Explanation.of(removed) == Explanation.of(.accessReviewed))
  }

  @Test("after an erasure nothing of the person is in any of them, and the numbers add up")
  func erased() async throws {
    try await begin()
    try await decide("p1", .remove)
    try await decide("p2", .keep)
    try await stage.deliver()
    let aliases = try ["p1", "p2", "p3"].map { try ledger.person($0).alias }
    // Everybody but p1 to p3 stays; the safeguard lets two or fewer go at once.
    try await stage.take((2...6).map { Exported("p\($0)") })
    try await stage.take((4...6).map { Exported("p\($0)") })
    try await stage.deliver()
    try await erase(aliases)
    let all = try documents(place.clock.moment)
    for document in all {
      let text = document.explained.text + document.csv + (try ReportPage.html(document))
      for word in ["p1@", "p2@", "p3@", "Name of p1", "word on"] { #expect(!text.contains(word), "\(word)") }
    }
    #expect(numbers(all[0])["people"] == "6" && numbers(all[0])["erased"] == "3" && numbers(all[0])["undecided"] == "3")
    #expect(numbers(all[0])["kept"] == "1" && numbers(all[0])["removed"] == "1")
    #expect(rows(all[1], "note").filter { $0 == ["erased since"] }.count == 2)
    #expect(rows(all[2], "status", "alias") == [["done", aliases[0]]])
    #expect(Set(rows(all[3], "what", "alias")) == Set(aliases.map { ["erased", $0] }))
    #expect(numbers(all[3])["erased"] == "3" && all[0].positions["erased"]?.count == 3)
  }

  private func erase(_ aliases: [String]) async throws {
    let reason = try #require(ErasureReason("other"))
    for alias in aliases {
      _ = try await Erasure(in: ledger, actor: "operator:eve").run(alias, reason: reason, force: true)
    }
    place.clock.advance(.seconds(1))
  }

  @Test("erased since are those whom it asks about, decided or not, and nobody else")
  func erasedSince() async throws {
    try await begin()
    try await decide("p1", .keep)
    // Somebody who came later is nobody of the review.
    var present = Array(1...7)
    try await stage.take(present.map { Exported("p\($0)") })
    try await stage.deliver()
    let aliases = try ["p1", "p2", "p7"].map { try ledger.person($0).alias }
    for number in [1, 2, 7] {
      present.removeAll { $0 == number }
      try await stage.take(present.map { Exported("p\($0)") })
      try await stage.deliver()
    }
    try await erase(aliases)
    let all = try documents(place.clock.moment)
    for document in [all[0], all[1], all[3]] {
      #expect(numbers(document)["erased"] == "2" && document.positions["erased"]?.count == 2)
    }
    let erased = rows(all[3], "what", "alias").filter { $0[0] == "erased" }.map { $0[1] }
    #expect(Set(erased) == Set(aliases.prefix(2)))
  }

  @Test("of whom closing takes access away it is said what became of that, and nobody with access is called without")
  func closing() async throws {
    try await begin()
    try await decide("p1", .keep)
    // p2 leaves by the directory, and the safeguard holds the others.
    try await stage.take([1, 3, 4, 5, 6].map { Exported("p\($0)") })
    try await stage.deliver()
    let outcome = try await reviews().close("q4", undecided: .remove)
    let safeguard = try #require(outcome.held?.id)
    let others = ["p4", "p5", "p6"]
    let before = try said()
    #expect(before.words["p2"] == "had no access already" && before.status["p2"] == "noAccess")
    for name in ["p3"] + others {
      #expect(before.words[name] == "has access: the safeguard holds the removal" && before.status[name] == "held")
    }
    // Another review lets p3 keep access, and the rest is approved.
    let now = place.clock.moment
    _ = try await reviews().start(asOf: now, reviewers: ["olga"], due: now + .seconds(3600), name: "next")
    _ = try await reviews().decide("next", [reviews().wish("next", "p3", .keep, because: "needed")])
    _ = try await SafeguardApproval.approve(safeguard, in: ledger, actor: "operator:eve")
    try await stage.deliver()
    let after = try said()
    #expect(after.words["p2"] == "had no access already")
    #expect(after.words["p3"] == "has access: the removal was not carried out")
    for name in others { #expect(after.words[name] == "lost access by closing") }
    #expect(after.status == ["p2": "noAccess", "p3": "active", "p4": "done", "p5": "done", "p6": "done"])
  }

  /// What is said of each who was undecided, and how far each removal is, by the name before the sign.
  private func said() throws -> (words: [String: String], status: [String: String]) {
    let all = try documents(place.clock.moment)
    func pairs(_ rows: [[String]]) -> [String: String] {
      Dictionary(uniqueKeysWithValues: rows.map { (String($0[0].prefix { $0 != "@" }), $0[1]) })
    }
    let undecided = rows(all[3], "userPrincipalName", "words", "what").filter { $0[2] == "undecided" }
    return (pairs(undecided), pairs(rows(all[2], "userPrincipalName", "status")))
  }

  @Test("the decisions as CSV are a file that can be decided from")
  func template() async throws {
    try await begin()
    try await decide("p1", .keep)
    let csv = try documents(place.clock.moment)[1].csv
    var lines = csv.components(separatedBy: "\r\n")
    let cells = lines[2].components(separatedBy: ",")
    lines[2] = (cells.prefix(4) + ["remove", "\"left, it seems\""] + cells.dropFirst(6)).joined(separator: ",")
    let wishes = try reviews().wishes("q4", in: try place.write("filled.csv", lines.joined(separator: "\r\n")))
    #expect(wishes.map(\.decision) == [.keep, .remove] && wishes.map(\.rationale) == ["word on p1", "left, it seems"])
    let outcome = try await reviews().decide("q4", wishes)
    #expect(outcome.unchanged == 1 && outcome.removed == 1)
  }
}
