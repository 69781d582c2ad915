import Base

extension HandoverPlan {
  /// The events that carry the plan out: everybody keeps alias, account and what is wanted of them, and belongs to the
  /// other source from there on. Its next cycle decides.
  ///
  /// Throws `FaultCode.planOutdated` when the people have changed since the plan was made.
  public func decide(people: [Person]) throws -> [Event] {
    var present = self
    (present.entries, present.left) = ([], [])
    present.compare(people)
    guard present.entries == entries, present.left == left else {
      throw Fault(
        .planOutdated,
        "Nothing was changed: since the plan was made, people of \(from.name) or \(to.name) were read or decided anew; make a new plan, and look at it."
      )
    }
    let known = People(people)
    return entries.flatMap { entry in
      events(of: entry, in: known).map { Event(.user($0.alias), $0.payload, correlation: id) }
    }
  }

  private func events(of entry: Entry, in people: People) -> [(alias: String, payload: EventPayload)] {
    guard let place = people.place(of: entry.alias), let user = people[place].user else { return [] }
    let person = people[place]
    guard let double = entry.double, let other = people.place(of: double), let otherUser = people[other].user else {
      return taken(person, as: user)
    }
    // What is known of the other one stands with this person from here on.
    let given = UserObserved(state: people[other].state, user: DirectoryUser(id: ""), source: nil)
    let skip = Decision(.skip, .handedOver, desired: nil).marked(after: people[other].desired)
    var moved = user
    moved.id = otherUser.id
    return [(double, .userObserved(given)), (double, .decided(skip))] + taken(person, as: moved)
  }

  private func taken(_ person: Person, as user: DirectoryUser) -> [(alias: String, payload: EventPayload)] {
    [
      (person.alias, .userObserved(UserObserved(state: person.state, user: user, source: to))),
      (person.alias, .decided(kept(of: person))),
    ]
  }

  /// What holds goes on to do so. What an operator restored stands, as cycles let it stand: its action was taken with the
  /// decision before, and is no second change.
  private func kept(of person: Person) -> Decision {
    guard var decision = person.restored ?? person.decision else { return Decision(.skip, .handedOver, desired: nil) }
    decision.isChange = false
    let stands = decision.action == .held || decision.action == .skip || decision.reason == .restored
    return stands ? decision : Decision(.none, .handedOver, desired: decision.desired)
  }
}

extension People {
  /// The events that let a source go: nobody owns its people any more, and their accounts are left as they are. What was
  /// still to be delivered to them is not.
  public func detach(_ source: DirectorySourceID, correlation: String) -> [Event] {
    owned(by: source).flatMap { person -> [Event] in
      let user = person.user ?? DirectoryUser(id: "")
      let observed = UserObserved(state: person.state, user: user, source: nil)
      let skip = Decision(.skip, .detached, desired: nil).marked(after: person.desired)
      return [EventPayload.userObserved(observed), .decided(skip)].map {
        Event(.user(person.alias), $0, correlation: correlation)
      }
    }
  }
}
