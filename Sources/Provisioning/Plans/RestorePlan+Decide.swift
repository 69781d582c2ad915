import Base

/// What applying a plan appends, decided whole before anything is appended.
public struct RestoreOutcome: Equatable, Sendable {
  /// The events in order.
  public var events: [Event] = []
  /// The number of decisions by action.
  public var counts: [Decision.Action: Int] = [:]
  /// The safeguard that holds those who would turn inactive.
  public var held: HeldPeople?
}

extension RestorePlan {
  /// Decides all that the plan says. `safeguard` is the id to give to a safeguard that trips.
  ///
  /// Throws `FaultCode.planOutdated` when anybody in it has a newer decision or was erased, and `FaultCode.planInvalid`
  /// when it names somebody whom the ledger does not know.
  public func decide(people: [Person], limits: SafeguardLimits, safeguard: String) throws -> RestoreOutcome {
    let people = Dictionary(people.map { ($0.alias, $0) }) { first, _ in first }
    try refuseOutdated(people)
    var outcome = RestoreOutcome()
    let leavers = entries.count { $0.now?.active == true && !$0.restored.active }
    let active = people.values.count { $0.desired?.active == true }
    let limit = limits.limit(active: active)
    let isHeld = leavers > limit
    if isHeld {
      let tripped = SafeguardTripped(cycle: id, count: leavers, limit: limit, active: active)
      outcome.events.append(Event(.safeguard(safeguard), .safeguardTripped(tripped), correlation: id))
      outcome.held = HeldPeople(id: safeguard, count: leavers)
    }
    for entry in entries {
      let isLeaver = entry.now?.active == true && !entry.restored.active
      let decision =
        isHeld && isLeaver
        ? Decision(.held, .restored, desired: entry.now, safeguard: safeguard)
        : Decision(entry.action, .restored, desired: entry.restored)
      outcome.counts[decision.action, default: 0] += 1
      let event = EventPayload.decided(decision.marked(after: entry.now))
      outcome.events.append(Event(.user(entry.alias), event, correlation: id))
    }
    return outcome
  }

  private func refuseOutdated(_ people: [String: Person]) throws {
    var outdated: [Entry] = []
    for entry in entries {
      guard let person = people[entry.alias] else {
        throw Fault(
          .planInvalid, "The plan names \(entry.alias), whom this ledger does not know; make a new plan.")
      }
      let isSame = person.decisionPosition == entry.decision && person.desired == entry.now
      if person.erasure != nil || !isSame { outdated.append(entry) }
    }
    guard let first = outdated.first else { return }
    let names = outdated.prefix(5).map { $0.name ?? $0.alias }.joined(separator: ", ")
    let more = outdated.count > 5 ? " and \(outdated.count - 5) more" : ""
    throw Fault(
      .planOutdated,
      """
      Nothing was changed: since the plan was made, \(outdated.count.of("of its people was", "of its people were")) decided anew or erased \
      (\(names)\(more)); make a new plan, and look at it (`provledger why \(first.alias)` tells what happened).
      """)
  }
}
