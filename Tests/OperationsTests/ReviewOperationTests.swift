import Base
import EventLog
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing
import Views

@Suite("Access reviews in a ledger")
struct ReviewOperationTests {
  private let place: TestLedger
  private let ledger: OpenLedger
  private let reviews: Reviews

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
    reviews = Reviews(in: ledger, actor: "operator:olga")
  }

  /// Everybody is imported by an actor, and has an account a minute later; one more may not sign in.
  private func provision(_ people: [String], by actor: Actor = "operator:svc") async throws {
    let path = try place.write(
      "export.csv", Export.csv(people.map { Exported($0) } + [Exported("off", enabled: false)]))
    _ = try await DirectoryImport(into: ledger, actor: actor).run(paths: [path])
    try ledger.views.catchUp()
    for person in try ledger.views.people().people where person.account.believed == nil {
      guard let desired = person.desired else { continue }
      let account = RemoteAccount(
        id: "u-\(person.alias)", userName: desired.userName, displayName: desired.displayName, active: true)
      try await ledger.account(
        person.alias, .linked(AccountLinked(.created, account)),
        .deliveryCompleted(DeliveryCompleted(.call, decision: person.decisionPosition)))
    }
    try ledger.views.catchUp()
    place.clock.advance(.seconds(60))
  }

  private func start(_ name: String? = "q4", by reviewers: [String] = ["olga"]) async throws -> Review {
    let now = place.clock.moment
    let review = try await reviews.start(asOf: now, reviewers: reviewers, due: now + .seconds(86_400), name: name)
    place.clock.advance(.seconds(60))
    return review
  }

  private func wish(_ user: String, _ decision: ReviewDecision, because text: String = "asked") throws -> ReviewWish {
    try reviews.wish("q4", user, decision, because: text)
  }

  @Test("it begins with everybody who could sign in then; a name is taken once, and one is found where none is said")
  func begins() async throws {
    try await provision(["ada", "bob"])
    let review = try await start()
    #expect(review.started.count == 2 && review.started.reviewers == ["operator:olga"] && review.isOpen)
    #expect(review.started.position == review.point.position - 1 && review.actor == "operator:olga")
    #expect(await fault { _ = try await start() }?.code == .reviewThere)
    #expect(await fault { _ = try await start("a b") }?.code == .reviewInvalid)
    #expect(await fault { _ = try await start("q5", by: ["o l"]) }?.code == .reviewInvalid)
    #expect(try await start(nil).id == "access-2026-01-02")
    #expect(try await start(nil, by: ["operator:bob"]).id == "access-2026-01-02-2")
    #expect(try ledger.reviews().map(\.id) == ["q4", "access-2026-01-02", "access-2026-01-02-2"])
    #expect(try ledger.openReviews(at: review.point.position).map(\.id) == ["q4"])
    #expect(fault { _ = try ledger.review("none") }?.code == .reviewUnknown)
  }

  @Test("a removal is pending for the worker at once, and an import that shows the person as before leaves it")
  func removes() async throws {
    try await provision(["ada", "bob", "eve"])
    _ = try await start()
    let outcome = try await reviews.decide("q4", [wish("ada@example.com", .remove), wish("bob", .keep)])
    #expect(outcome.removed == 1 && outcome.kept == 1)
    let ada = try ledger.person("ada")
    #expect(ada.isPending && ada.desired?.active == false && ada.decision?.reason == .accessReviewed)
    try await provision(["ada", "bob", "eve"])
    #expect(try ledger.person("ada").desired?.active == false)
    #expect(try ledger.views.check().isEqual)
    let closed = try await reviews.close("q4", undecided: .keep)
    #expect(closed.kept == 1 && closed.removed == 1 && closed.open == 1)
    let review = try ledger.review("q4")
    #expect(review.closing?.actor == "operator:olga" && review.decided == 2)
    #expect(await fault { _ = try await reviews.decide("q4", [wish("eve", .keep)]) }?.code == .reviewClosed)
    #expect(await fault { _ = try await reviews.close("q4", undecided: .keep) }?.code == .reviewClosed)
  }

  @Test("who provisioned somebody is refused, which is recorded; another reviewer decides")
  func ownDeed() async throws {
    try await provision(["ada"], by: "operator:olga")
    try await provision(["ada", "bob"])
    _ = try await start(by: ["olga", "bob"])
    let size = try ledger.log.lastPosition()
    let refusal = await fault { _ = try await reviews.decide("q4", [wish("bob", .keep), wish("ada", .keep)]) }
    #expect(refusal?.code == .reviewOfOneself)
    #expect(try ledger.types(after: size) == [ReviewRefused.type])
    let refused = try #require(try ledger.review("q4").refusals.first)
    let deed = try #require(try ledger.log.read(from: refused.refused.deed, limit: 1).first)
    #expect(try deed.type == Decision.type && deed.envelope().actor == "operator:olga")
    #expect(try await reviews.decide("q4", [wish("bob", .keep)]).kept == 1)
    let other = Reviews(in: ledger, actor: "operator:bob")
    #expect(try await other.decide("q4", [wish("ada", .keep)]).kept == 1)
    #expect(
      try ledger.review("q4").verdicts.values.map(\.decided.reviewer).sorted { ($0 ?? "") < ($1 ?? "") } == [
        "operator:bob", "operator:olga",
      ])
    let stranger = Reviews(in: ledger, actor: "operator:eve")
    #expect(await fault { _ = try await stranger.decide("q4", [wish("ada", .keep)]) }?.code == .reviewNotYours)
  }

  @Test("a file is taken whole: names of then, aliases, rows without a decision; every bad line is named")
  func file() async throws {
    try await provision(["ada", "bob", "eve"])
    _ = try await start()
    let alias = try ledger.person("bob").alias
    let path = try place.write(
      "good.csv",
      "userPrincipalName,alias,decision,more,rationale\r\nada@example.com,,Keep,x,\"on call, often\"\r\n,\(alias),remove,,left\r\neve@example.com,,,,\r\n"
    )
    let wishes = try reviews.wishes("q4", in: path)
    #expect(wishes.map(\.decision) == [.keep, .remove] && wishes.map(\.rationale) == ["on call, often", "left"])
    #expect(wishes.map(\.place?.line) == [2, 3])
    let bad = try place.write(
      "bad.csv",
      "user,decision,rationale\nada@example.com,stay,x\nnobody@example.com,keep,x\neve@example.com,keep,\nbob,keep,a\nbob@example.com,keep,b\n,keep,c\nada,keep,\(String(repeating: "x", count: 2001))\n"
    )
    let found = fault { _ = try reviews.wishes("q4", in: bad) }
    #expect(found?.code == .csvRow && found?.place == Fault.Place(file: bad, line: 2))
    for line in 3...8 where line != 5 { #expect(found?.sentence.contains("\nline \(line): ") == true, "line \(line)") }
    let size = try ledger.log.lastPosition()
    let late = try place.write("late.csv", "user,decision,rationale\nada,keep,x\noff@example.com,keep,x\n")
    let refused = await fault { _ = try await reviews.decide("q4", reviews.wishes("q4", in: late)) }
    #expect(refused?.code == .reviewNotListed && refused?.place?.line == 3)
    #expect(try !ledger.types(after: size).contains(ReviewDecided.type))
    let header = try place.write("header.csv", "user,choice\nada,keep\n")
    #expect(fault { _ = try reviews.wishes("q4", in: header) }?.code == .csvColumns)
    let twice = try place.write("twice.csv", "user,decision,Decision,rationale\nada,keep,remove,x\n")
    #expect(fault { _ = try reviews.wishes("q4", in: twice) }?.sentence.contains("decision twice") == true)
    let short = try place.write("short.csv", "user,decision,rationale\nada,keep\n")
    #expect(fault { _ = try reviews.wishes("q4", in: short) }?.code == .csvRow)
  }

  @Test("after an erasure the numbers stay, no word does, and the person is not decided about")
  func erased() async throws {
    try await provision(["ada", "bob"])
    _ = try await start()
    _ = try await reviews.decide("q4", [wish("ada", .keep, because: "a word of nobody else")])
    let alias = try ledger.person("ada").alias
    try await provision(["bob"])
    let reason = try #require(ErasureReason("other"))
    _ = try await Erasure(in: ledger, actor: "operator:bob").run(alias, reason: reason, force: true)
    let review = try ledger.review("q4")
    #expect(review.decided == 1 && review.started.count == 2)
    #expect(review.verdicts[alias]?.decided.rationale == nil)
    #expect(
      await fault { _ = try await reviews.decide("q4", [ReviewWish(alias, .keep, because: "x")]) }?.code
        == .alreadyErased)
    let closed = try await reviews.close("q4", undecided: .remove)
    #expect(closed.open == 1 && closed.kept == 1)
    #expect(try ledger.views.check().isEqual)
  }
}
