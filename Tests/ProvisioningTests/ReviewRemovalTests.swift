import Base
import CoreSupport
import Provisioning
import Testing

/// What a review takes away stays away over cycles, until the directory itself, an operator, or the review says otherwise.
@Suite("Access reviews: a removal holds")
struct ReviewRemovalTests {
  private let ids = (1...6).map { "p\($0)" }
  private var everybody: [DirectoryChange] { ids.map { user($0) } }

  /// A company in which a review has taken p1's access away.
  private func reviewed() -> Company {
    var company = Company(everybody)
    let said = ReviewDecided(review: "q4", .remove, reviewer: "operator:olga", rationale: "left")
    let decision = Decision(.disable, .accessReviewed, desired: company["p1"]?.desired?.disabled)
    company.append([Event(.user("p1"), .reviewDecided(said)), Event(.user("p1"), .decided(decision))])
    company.deliver()
    return company
  }

  @Test("the next snapshot, a delta, and a change of another attribute leave it; a cycle says why")
  func stands() {
    var company = reviewed()
    #expect(company["p1"]?.account.believed?.active == false)
    #expect(company.snapshot(everybody).counts.decided.isEmpty)
    company.delta([user("p1", name: "Other Name")])
    let decision = company["p1"]?.decision
    #expect(decision?.action == Decision.Action.none && decision?.reason == .accessReviewed)
    #expect(company["p1"]?.desired?.active == false && company["p1"]?.isPending == false)
    company.policy.mapping = Mapping(ssoCustomerId: "other")
    company.snapshot(everybody)
    #expect(company["p1"]?.desired?.active == false)
  }

  @Test(
    "the directory takes access away itself, and gives it back: that counts",
    arguments: [user("p1", enabled: false), partial("p1", state: .deleted)])
  func leavesAndReturns(change: DirectoryChange) {
    var company = reviewed()
    company.delta([change])
    #expect(company["p1"]?.removal == nil && company["p1"]?.desired?.active == false)
    company.delta([user("p1")])
    #expect(company["p1"]?.decision?.action == .enable && company["p1"]?.decision?.reason == .activeAgain)
  }

  @Test("an operator's plan brings it back, and its cycles after that do not take it away again")
  func restored() {
    let before = Company(everybody)
    var company = reviewed()
    company.apply(company.plan(asOf: before))
    #expect(company["p1"]?.desired?.active == true && company["p1"]?.removal == nil)
    company.snapshot(everybody)
    #expect(company["p1"]?.desired?.active == true)
  }

  @Test("another source that takes the person over does not give it back")
  func handedOver() throws {
    let other = DirectorySourceID("other")
    var person = try #require(reviewed()["p1"])
    let user = try #require(person.user)
    person.evolve(.userObserved(UserObserved(state: .present, user: user, source: other)), at: 90)
    person.evolve(.decided(Decision(.none, .handedOver, desired: person.desired)), at: 91)
    var cycle = Cycle(id: "c", source: other, policy: CyclePolicy(), people: People([person]))
    let change = DirectoryChange(
      id: user.id, state: .present, attributes: [.displayName: .text("New")], place: Fault.Place(file: "x"))
    let outcome = cycle.run(DirectoryReading(kind: .delta(link: "l"), changes: [change]), safeguard: "s") { $0 }
    let decisions = outcome.events.compactMap { event -> Decision? in
      if case .decided(let decision) = event.payload { decision } else { nil }
    }
    #expect(decisions.map(\.reason) == [.accessReviewed] && decisions.first?.desired?.active == false)
  }

  @Test("nobody else is given the address of whom a review removed, and an erasure forgets the removal")
  func addressAndErasure() throws {
    var company = reviewed()
    company.snapshot(everybody + [user("p9", address: "p1@example.com")])
    #expect(company["p9"]?.decision?.reason == .duplicateSourceEntries)
    var person = try #require(company["p1"])
    let again = try #require(Person(person.json))
    #expect(again == person && again.removal != nil)
    let reason = try #require(ErasureReason("other"))
    person.evolve(.subjectErased(SubjectErased(reason: reason, forced: [], events: 1, calls: 0)), at: 99)
    #expect(person.removal == nil)
    let late = ReviewDecided(review: "q4", .remove, reviewer: nil, rationale: nil)
    person.evolve(.reviewDecided(late), at: 100)
    #expect(person.removal == nil)
  }
}
