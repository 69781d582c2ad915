import Base
import CoreSupport
import Provisioning
import Testing

/// Given people and a review, when somebody decides, then these events, or this refusal.
@Suite("Access reviews: who decides what of whom")
struct ReviewDecisionTests {
  private static let day = Timestamp(milliseconds: 1_767_312_000_000)
  private let ids = (1...6).map { "p\($0)" }

  private func company(_ policy: CyclePolicy = CyclePolicy()) -> Company {
    Company(ids.map { user($0) }, policy: policy)
  }

  private func review(_ more: [Event] = []) -> Review {
    let started = ReviewStarted(
      asOf: Self.day, position: 9, due: Self.day + .seconds(60), reviewers: ["operator:olga", "operator:bob"], count: 6)
    let events = [Event(.review("q4"), .reviewStarted(started))] + more
    let logged = events.enumerated().map { LoggedEvent.told($1, at: Int64(100 + $0), time: Self.day) }
    return Review.all(logged)[0]
  }

  private func decide(
    _ wishes: [ReviewWish], of company: Company, in review: Review, by login: String = "olga",
    deeds: [String: Int64] = [:]
  ) throws -> ReviewOutcome {
    let people = People(company.people)
    return try review.decide(
      wishes, by: login, deeds: deeds, listed: { $0.hasPrefix("p") }, people: people, limits: company.policy.safeguard,
      safeguard: "hold"
    ) { Cycle.renewed($0, policy: company.policy, people: people) }
  }

  private func remove(_ id: String) -> ReviewWish { ReviewWish(id, .remove, because: "left the team") }

  // MARK: What is decided

  @Test("a removal is said, and decided as a disable in the same append; who stays is only said so")
  func removal() throws {
    let company = company()
    let outcome = try decide([remove("p1"), ReviewWish("p2", .keep, because: "on call")], of: company, in: review())
    #expect(outcome.kept == 1 && outcome.removed == 1 && outcome.held == nil && outcome.refusal == nil)
    #expect(
      outcome.events.map(\.payload.type) == [ReviewDecided.type, Decision.type, ReviewDecided.type])
    #expect(outcome.events.map(\.stream) == [.user("p1"), .user("p1"), .user("p2")])
    #expect(outcome.events.allSatisfy { $0.correlation == "q4" })
    guard case .decided(let decision) = outcome.events[1].payload else { throw Fault(.eventInvalid, "no decision") }
    #expect(decision.action == .disable && decision.reason == .accessReviewed && decision.isChange)
    #expect(decision.desired == company["p1"]?.desired?.disabled)
  }

  @Test("who was disabled before, and is active at TeamViewer all the same, is disabled again")
  func drifted() throws {
    var company = company()
    company.snapshot(ids.dropFirst().map { user($0) })
    company.deliver()
    let shown = RemoteAccount(id: "u-p1", userName: "p1@example.com", displayName: "Name of p1", active: true)
    company.append("p1", .driftDetected(DriftDetected(.changed, isRepaired: false, account: shown)))
    #expect(company["p1"]?.isPending == false && company["p1"]?.isDrifted == true)
    company.append(try decide([remove("p1")], of: company, in: review()).events)
    #expect(company["p1"]?.isPending == true && company["p1"]?.desired?.active == false)
  }

  @Test("who has no account any more is said to be removed, and nothing follows")
  func gone() throws {
    var company = company()
    company.snapshot(ids.dropFirst().map { user($0) })
    company.deliver()
    let outcome = try decide([remove("p1")], of: company, in: review())
    #expect(outcome.events.map(\.payload.type) == [ReviewDecided.type] && outcome.removed == 1)
  }

  @Test("the same said again is no event; something else is, and the newest counts")
  func again() throws {
    var company = company()
    let first = try decide([remove("p1"), remove("p2")], of: company, in: review()).events
    company.append(first)
    let review = review(first)
    #expect(review.decided == 2)
    let outcome = try decide([remove("p1"), ReviewWish("p2", .keep, because: "needed")], of: company, in: review)
    #expect(outcome.unchanged == 1 && outcome.kept == 1 && outcome.removed == 0)
    company.append(outcome.events)
    #expect(company["p2"]?.desired == account("p2"))
    #expect(company["p2"]?.removal == nil && company["p1"]?.removal != nil)
    let later = self.review(first + outcome.events)
    #expect(later.decided == 2 && later.verdicts["p2"]?.decided.decision == .keep)
  }

  // MARK: Who decides

  @Test("only a reviewer who is named, only of whom the review asks about, only while it is open")
  func refusals() throws {
    let company = company()
    func code(_ wish: ReviewWish, _ review: Review, _ login: String = "olga") -> FaultCode? {
      do {
        _ = try decide([wish], of: company, in: review, by: login)
        return nil
      } catch { return (error as? Fault)?.code }
    }
    #expect(code(remove("p1"), review()) == nil && code(remove("p1"), review(), "bob") == nil)
    #expect(code(remove("p1"), review(), "mallory") == .reviewNotYours)
    #expect(code(remove("x1"), review()) == .reviewNotListed)
    let closed = Event(.review("q4"), .reviewClosed(ReviewClosed(undecided: .keep, kept: 0, removed: 0, open: 6)))
    #expect(code(remove("p1"), review([closed])) == .reviewClosed)
    let other = Event(.review("q3"), .reviewClosed(ReviewClosed(undecided: .keep, kept: 0, removed: 0, open: 6)))
    #expect(review([other]).isOpen)
  }

  @Test("nobody reviews what they did themselves: that is recorded, names the deed, and nothing is decided")
  func ownDeeds() throws {
    let outcome = try decide([remove("p1"), remove("p2")], of: company(), in: review(), deeds: ["p2": 7])
    #expect(outcome.refusal?.code == .reviewOfOneself && outcome.refusal?.sentence.contains("event 7") == true)
    let refused = ReviewRefused(review: "q4", reviewer: "operator:olga", deed: 7)
    #expect(outcome.events == [Event(.user("p2"), .reviewRefused(refused), correlation: "q4")])
    #expect(review(outcome.events).refusals.map(\.alias) == ["p2"] && review(outcome.events).decided == 0)
  }

  @Test(
    "what provisions a person: a decision that changes the account, and an operator's word on it, not a review's own")
  func deeds() {
    func isDeed(_ payload: EventPayload) -> Bool {
      LoggedEvent.told(Event(.user("p1"), payload), at: 1).isProvisioning
    }
    func decided(_ action: Decision.Action, _ reason: Decision.Reason) -> EventPayload {
      .decided(Decision(action, reason, desired: account("p1")))
    }
    #expect(isDeed(decided(.create, .newInScope)) && isDeed(decided(.enable, .restored)))
    #expect(isDeed(decided(.disable, .absentFromSource)) && isDeed(.deliveryHeld(DeliveryHeld(reason: nil))))
    #expect(!isDeed(decided(.none, .redundantExport)) && !isDeed(decided(.held, .safeguardTripped)))
    #expect(!isDeed(decided(.disable, .accessReviewed)) && !isDeed(decided(.enable, .accessReviewed)))
    #expect(!isDeed(.legalHoldPlaced(LegalHoldPlaced(reason: nil))))
  }

  @Test("who is behind a shared login is who was seen there last before; nobody is behind the worker")
  func humans() {
    var humans = Humans()
    for (position, invoker) in [(10, "olga"), (20, "bob")] {
      let identity = OperatorIdentity(login: "svc", invoker: invoker, host: "h")
      humans.evolve(
        .told(
          Event(.operator("a"), .operatorSeen(OperatorSeen(actor: "operator:svc", identity: identity))),
          at: Int64(position)))
    }
    humans.evolve(
      .told(Event(.operator("a"), .operatorSeen(OperatorSeen(actor: "operator:svc", identity: nil))), at: 30))
    func human(_ position: Int64) -> String? { humans.human(behind: "operator:svc", at: position) }
    #expect(human(9) == "svc" && human(11) == "olga" && human(20) == "olga" && human(21) == "bob" && human(40) == "bob")
    #expect(humans.human(behind: .worker, at: 40) == nil && humans.human(behind: "operator:eve", at: 1) == "eve")
    #expect(OperatorIdentity(login: "svc", invoker: "olga", loginName: "bob", host: "h").human == "bob")
    #expect(OperatorIdentity(login: "svc", host: "h").human == "svc")
  }

  // MARK: How it begins and ends

  @Test("a review needs people, a reviewer, and an end that is to come; who is named twice decides once")
  func start() throws {
    func start(_ reviewers: [String], count: Int = 1, due: Timestamp = Self.day + .seconds(1)) throws -> ReviewStarted {
      try Review.start(
        asOf: Self.day, position: 1, due: due, reviewers: reviewers, count: count, now: Self.day)
    }
    #expect(try start(["olga", "bob", "olga"]).reviewers == ["operator:olga", "operator:bob"])
    for bad in [{ try start([]) }, { try start(["olga"], count: 0) }, { try start(["olga"], due: Self.day) }] {
      #expect { try bad() } throws: { ($0 as? Fault)?.code == .reviewInvalid }
    }
    #expect(!review().isOverdue(at: Self.day + .seconds(60)) && review().isOverdue(at: Self.day + .seconds(61)))
  }

  @Test(
    "closed, who is undecided keeps access, or loses it by nobody's decision where that is said",
    arguments: ReviewDecision.allCases)
  func close(undecided: ReviewDecision) throws {
    let company = company()
    let said = try decide([remove("p1")], of: company, in: review()).events
    var decided = company
    decided.append(said)
    let outcome = try review(said).close(
      undecided, listed: ["p1", "p2"], people: People(decided.people), limits: SafeguardLimits(), safeguard: "hold")
    let closed = ReviewClosed(undecided: undecided, kept: 0, removed: 1, open: 1)
    #expect(outcome.events.last == Event(.review("q4"), .reviewClosed(closed), correlation: "q4"))
    #expect(outcome.open == 1 && outcome.removed == 1)
    decided.append(outcome.events)
    #expect(decided["p2"]?.desired?.active == (undecided == .keep))
    let after = review(said + outcome.events)
    #expect(!after.isOpen && after.decided == 1 && !after.isOverdue(at: Self.day + .seconds(999)))
    #expect(after.verdicts["p2"]?.decided.reviewer == nil)
  }

  @Test("too many removals at once are held; approved, they are disabled, and stay so")
  func held() throws {
    var company = company()
    let outcome = try decide(ids.prefix(3).map(remove), of: company, in: review())
    #expect(outcome.held == HeldPeople(id: "hold", count: 3))
    company.append(outcome.events)
    #expect(company["p1"]?.decision?.action == .held && company["p1"]?.desired?.active == true)
    company.snapshot(ids.map { user($0) })
    #expect(company["p1"]?.decision?.safeguard == "hold")
    company.append(Cycle.approve("hold", policy: company.policy, people: company.people) ?? [])
    company.snapshot(ids.map { user($0) })
    #expect(ids.map { company[$0]?.desired?.active } == [false, false, false, true, true, true])
  }
}
