/// How many people one cycle may turn inactive before it holds them for an operator.
public struct SafeguardLimits: Equatable, Sendable {
  /// Never trips at this number or below, unless that is more than a third.
  public var minimum: Int
  /// Always trips above this number.
  public var maximum: Int
  /// Between the two: the share, in percent, of the people whose newest decision wants an active account.
  public var percent: Int

  /// Limits; the defaults are 10 percent, at least 5, at most 500.
  public init(minimum: Int = 5, maximum: Int = 500, percent: Int = 10) {
    self.minimum = minimum
    self.maximum = maximum
    self.percent = percent
  }

  /// The number above which the safeguard trips, for a number of people who are meant to be active. In a small company a
  /// third of them is the limit, whatever the minimum says, so that nobody's last people go unasked; one alone never trips
  /// it.
  public func limit(active: Int) -> Int {
    min(max(minimum, min(maximum, active * percent / 100)), max(1, active / 3))
  }
}

extension Cycle {
  /// The events of an operator's approval: `safeguard.approved`, a disable for everybody who is held by it and is still a
  /// leaver by the newest observation, or is to be one by a plan, and what the mapping says of everybody who is new. Nil when nobody is held by it.
  public static func approve(_ safeguard: String, policy: CyclePolicy, people: [Person]) -> [Event]? {
    var cycle = Cycle(id: safeguard, policy: policy, people: People(people))
    let held = cycle.people.unsettled.filter {
      let decision = cycle.people[$0].decision
      return decision?.action == .held && decision?.safeguard == safeguard
    }
    guard !held.isEmpty else { return nil }
    cycle.findAddresses()
    let duplicates = cycle.duplicates(among: cycle.sharing())
    let decided = held.compactMap { place -> Event? in
      let person = cycle.people[place]
      var decision = person.approved(policy, isDuplicate: duplicates.contains(place))
      guard decision.action == .disable || person.isHeldNewcomer else { return nil }
      decision.safeguard = safeguard
      return Event(.user(person.alias), .decided(decision.marked(after: person.desired)), correlation: safeguard)
    }
    let approved = SafeguardApproved(count: decided.count)
    return [Event(.safeguard(safeguard), .safeguardApproved(approved), correlation: safeguard)] + decided
  }
}
