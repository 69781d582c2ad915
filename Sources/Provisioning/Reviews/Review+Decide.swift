public import Base

/// What a reviewer says of one person.
public struct ReviewWish: Equatable, Sendable {
  /// The person.
  public var alias: String
  /// What is to become of their access.
  public var decision: ReviewDecision
  /// Why.
  public var rationale: String
  /// Where it was written, if it stood in a file.
  public var place: Fault.Place?

  /// Something said.
  public init(
    _ alias: String, _ decision: ReviewDecision, because rationale: String, at place: Fault.Place? = nil
  ) {
    (self.alias, self.decision, self.rationale, self.place) = (alias, decision, rationale, place)
  }
}

/// What decisions of a review append, decided whole before anything is appended.
public struct ReviewOutcome: Equatable, Sendable {
  /// The events in order.
  public var events: [Event] = []
  /// How many people keep access.
  public var kept = 0
  /// How many lose it.
  public var removed = 0
  /// Of how many the same was said before.
  public var unchanged = 0
  /// Of how many nobody had said anything, at the end of a review.
  public var open = 0
  /// The safeguard that holds those who would turn inactive.
  public var held: HeldPeople?
  /// Why nothing is decided, where that is itself recorded.
  public var refusal: Fault?
}

extension Review {
  /// A review begins. Throws `FaultCode.reviewInvalid` when nobody could sign in, nobody is to decide, or the end is past.
  public static func start(
    asOf: Timestamp, position: Int64, due: Timestamp, reviewers: [String], count: Int, now: Timestamp
  ) throws -> ReviewStarted {
    func refuse(_ sentence: String) -> Fault { Fault(.reviewInvalid, sentence) }
    if count == 0 {
      throw refuse("Nobody could sign in at \(asOf), so that there is nothing to review; name another moment.")
    }
    if reviewers.isEmpty { throw refuse("Nobody is to decide; name somebody with --reviewer LOGIN.") }
    if due <= now { throw refuse("The review was due on \(due), which is past; name a later --due.") }
    var actors: [String] = []
    for login in reviewers {
      let actor = Actor.operator(login).description
      if !actors.contains(actor) { actors.append(actor) }
    }
    return ReviewStarted(asOf: asOf, position: position, due: due, reviewers: actors, count: count)
  }

  /// The reviewer whom a human's login names. Throws `FaultCode.reviewNotYours` for anybody else.
  public func reviewer(_ login: String) throws -> String {
    let actor = Actor.operator(login).description
    if started.reviewers.contains(actor) { return actor }
    let names = started.reviewers.joined(separator: ", ")
    throw Fault(
      .reviewNotYours,
      "\(actor) is no reviewer of \(id), in which \(names) decide; run it as one of them, or start another review.")
  }

  /// Throws `FaultCode.reviewClosed` once nothing may be decided any more.
  public func requireOpen() throws {
    guard let closing else { return }
    throw Fault(
      .reviewClosed,
      "The review \(id) was closed on \(closing.point.time) (event \(closing.point.position)); start another one.")
  }

  /// Decides what a reviewer says of some people: all of it, or nothing.
  ///
  /// `deeds` holds the position of what the reviewer did for a person, where that was provisioning; `listed` says who could
  /// sign in when the review looks; `renewed` what is wanted of whoever gets access back. Throws `FaultCode.reviewClosed`,
  /// `FaultCode.reviewNotYours`, `FaultCode.reviewNotListed`.
  public func decide(
    _ wishes: [ReviewWish], by login: String, deeds: [String: Int64], listed: (String) throws -> Bool,
    people: People, limits: SafeguardLimits, safeguard: String, renewed: (Person) -> Decision
  ) throws -> ReviewOutcome {
    try requireOpen()
    let reviewer = try reviewer(login)
    for wish in wishes where try !listed(wish.alias) {
      throw Fault(
        .reviewNotListed,
        "\(wish.alias) could not sign in at \(started.asOf), so that \(id) does not ask about them; leave them out.",
        at: wish.place)
    }
    var outcome = ReviewOutcome()
    for wish in wishes {
      guard let deed = deeds[wish.alias] else { continue }
      let refused = ReviewRefused(review: id, reviewer: reviewer, deed: deed)
      outcome.events.append(Event(.user(wish.alias), .reviewRefused(refused), correlation: id))
    }
    if let first = wishes.first(where: { deeds[$0.alias] != nil }), let deed = deeds[first.alias] {
      let others = outcome.events.count - 1
      outcome.refusal = Fault(
        .reviewOfOneself,
        "\(reviewer) provisioned or approved \(first.alias) (event \(deed))\(others > 0 ? ", and \(others) more," : "") and so cannot review that; another reviewer decides.",
        at: first.place)
      return outcome
    }
    let new = wishes.filter { !repeats($0) }
    outcome.unchanged = wishes.count - new.count
    append(new, reviewer, people, limits, safeguard, renewed, to: &outcome)
    return outcome
  }

  /// Closes the review: who of those who are `listed` was not decided about keeps access, or loses it, as `undecided` says.
  ///
  /// Throws `FaultCode.reviewClosed`.
  public func close(
    _ undecided: ReviewDecision, listed: [String], people: People, limits: SafeguardLimits, safeguard: String
  ) throws -> ReviewOutcome {
    try requireOpen()
    var outcome = ReviewOutcome()
    let open = listed.filter { verdicts[$0] == nil }
    if undecided == .remove {
      let wishes = open.map { ReviewWish($0, .remove, because: "") }
      append(
        wishes, nil, people, limits, safeguard, { _ in Decision(.none, .accessReviewed, desired: nil) }, to: &outcome)
    }
    outcome.kept = verdicts.values.count { $0.decided.decision == .keep }
    outcome.removed = verdicts.values.count { $0.decided.decision == .remove }
    outcome.open = open.count
    let closed = ReviewClosed(
      undecided: undecided, kept: outcome.kept, removed: outcome.removed, open: outcome.open)
    outcome.events.append(Event(.review(id), .reviewClosed(closed), correlation: id))
    return outcome
  }

  private func repeats(_ wish: ReviewWish) -> Bool {
    guard let before = verdicts[wish.alias]?.decided else { return false }
    return before.decision == wish.decision && before.rationale == wish.rationale
  }

  /// What is said, and what follows at TeamViewer; those who would turn inactive are held where they are too many.
  private func append(
    _ wishes: [ReviewWish], _ reviewer: String?, _ people: People, _ limits: SafeguardLimits, _ safeguard: String,
    _ renewed: (Person) -> Decision, to outcome: inout ReviewOutcome
  ) {
    let chosen = wishes.compactMap { wish in people.place(of: wish.alias).map { (wish, people[$0]) } }
    let leavers = chosen.count { $0.decision == .remove && $1.desired?.active == true }
    let active = people.all.count { $0.desired?.active == true }
    let limit = limits.limit(active: active)
    if leavers > limit {
      let tripped = SafeguardTripped(cycle: id, count: leavers, limit: limit, active: active)
      outcome.events.append(Event(.safeguard(safeguard), .safeguardTripped(tripped), correlation: id))
      outcome.held = HeldPeople(id: safeguard, count: leavers)
    }
    for (wish, person) in chosen {
      let rationale = wish.rationale.isEmpty ? nil : wish.rationale
      let said = ReviewDecided(review: id, wish.decision, reviewer: reviewer, rationale: rationale)
      outcome.events.append(Event(.user(wish.alias), .reviewDecided(said), correlation: id))
      if wish.decision == .keep { outcome.kept += 1 } else { outcome.removed += 1 }
      guard let decision = follows(wish, person, held: outcome.held?.id, renewed) else { continue }
      let marked = decision.marked(after: person.desired)
      outcome.events.append(Event(.user(wish.alias), .decided(marked), correlation: id))
    }
  }

  /// What a decision changes at TeamViewer; nil for nothing.
  private func follows(
    _ wish: ReviewWish, _ person: Person, held safeguard: String?, _ renewed: (Person) -> Decision
  ) -> Decision? {
    if wish.decision == .keep { return person.removal == nil ? nil : renewed(person) }
    guard let last = person.lastDesired, person.desired?.active == true || person.account.believed?.active == true
    else { return nil }
    if let safeguard, person.desired?.active == true {
      return Decision(.held, .accessReviewed, desired: person.desired, safeguard: safeguard)
    }
    return Decision(.disable, .accessReviewed, desired: last.disabled)
  }
}

extension Cycle {
  /// What is wanted of somebody to whom a review gives back the access that it had taken away: what the directory says.
  public static func renewed(_ person: Person, policy: CyclePolicy, people: People) -> Decision {
    var restored = person
    restored.removal = nil
    var all = people
    if let place = people.place(of: person.alias) { all[place] = restored }
    let cycle = Cycle(id: "", policy: policy, people: all)
    let duplicates = cycle.duplicates(among: cycle.sharing())
    let isDuplicate = people.place(of: person.alias).map(duplicates.contains) ?? false
    var decision = restored.verdict(policy, isDuplicate: isDuplicate)
    if [.create, .update, .enable].contains(decision.action) || decision.action == .none {
      decision = Decision(decision.action, .accessReviewed, desired: decision.desired, cutFrom: decision.cutFrom)
    }
    return decision
  }
}
