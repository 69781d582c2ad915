extension Cycle {
  /// The events of an operator's approval: `safeguard.approved`, a disable for everybody who is held by it and is still a
  /// leaver by the newest observation, or is to be one by a plan, and what the mapping says of everybody who is new. Nil when nobody is held by it.
  public static func approve(_ safeguard: String, policy: CyclePolicy, people: [Person]) -> [Event]? {
    let cycle = Cycle(id: safeguard, policy: policy, people: People(people))
    let held = cycle.people.unsettled.sorted().filter {
      let decision = cycle.people[$0].decision
      return decision?.action == .held && decision?.safeguard == safeguard
    }
    guard !held.isEmpty else { return nil }
    let duplicates = cycle.duplicates(among: cycle.sharing())
    let decided = held.compactMap { place -> Event? in
      let person = cycle.people[place]
      var decision = person.approved(policy.mapping, isDuplicate: duplicates.contains(place))
      guard decision.action == .disable || person.isHeldNewcomer else { return nil }
      decision.safeguard = safeguard
      return Event(.user(person.alias), .decided(decision.marked(after: person.desired)), correlation: safeguard)
    }
    let approved = SafeguardApproved(count: decided.count)
    return [Event(.safeguard(safeguard), .safeguardApproved(approved), correlation: safeguard)] + decided
  }
}
