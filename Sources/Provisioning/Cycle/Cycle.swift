/// What a cycle appends, decided whole before anything is appended.
public struct CycleOutcome: Equatable, Sendable {
  /// The events in order, `cycle.started` to `cycle.finished`.
  public var events: [Event] = []
  /// What the cycle does, in numbers.
  public var counts = CycleCounts()
  /// The safeguard that holds people after this cycle.
  public var held: HeldPeople?
  /// How many people of the input another source owns now, so that nothing is said of them.
  public var passedOver = 0
  /// How little a snapshot has in common with the ledger, where that is why people are held.
  public var unfamiliar: UnfamiliarInput?
  /// How many people were looked at to see what is wanted of them.
  public var touched = 0
}

/// A safeguard that holds people.
public struct HeldPeople: Equatable, Sendable {
  /// The safeguard's id.
  public var id: String
  /// How many people it holds.
  public var count: Int

  /// Some people.
  public init(id: String, count: Int) {
    self.id = id
    self.count = count
  }
}

/// One pass over the directory: observe, decide, hold what the safeguard must see. Pure.
public struct Cycle {
  private let id: String
  private let source: DirectorySourceID
  private let policy: CyclePolicy
  private let variation: Variation
  private let wasActive: Int
  private let isInitial: Bool
  private var isSnapshot = false
  private let unfinished: Set<String>
  private let isPolicyNew: Bool
  private(set) var people: People
  private var observed: [Bool]

  /// A cycle over the people whom a source owns, beside everybody else whom the ledger knows. `unfinished` names cycles
  /// that never finished: whom one of them decided about last is decided about again. Unless `isPolicyNew`, the source's
  /// last cycle decided by the same policy, so that changes alone lead to decisions about those whom they concern.
  public init(
    id: String, source: DirectorySourceID = .standard, policy: CyclePolicy, variation: Variation = .none,
    people: People,
    unfinished: Set<String> = [], isPolicyNew: Bool = true
  ) {
    self.id = id
    self.source = source
    self.policy = policy
    self.variation = variation
    self.people = people
    self.unfinished = unfinished
    self.isPolicyNew = isPolicyNew
    isInitial = people.count(ownedBy: source) == 0
    wasActive = people.active(ownedBy: source)
    observed = Array(repeating: false, count: people.all.count)
  }

  /// Decides everything. `alias` names the alias of an object id that the ledger has not met; `safeguard` is the id to
  /// give to a safeguard that trips anew.
  public mutating func run(_ reading: DirectoryReading, safeguard: String, alias: (String) throws -> String)
    rethrows -> CycleOutcome
  {
    var outcome = CycleOutcome()
    outcome.counts.read = reading.changes.count
    isSnapshot = reading.kind == .snapshot
    let kind: CycleStarted.Source = isSnapshot ? .snapshot : .delta
    let started = CycleStarted(source: kind, isInitial: isInitial, directory: source)
    outcome.events.append(event(.cycle(id), .cycleStarted(started)))
    outcome.unfamiliar = UnfamiliarInput(reading, source: source, people: people)
    outcome.passedOver = try observe(reading, alias)
    let concern = concern()
    outcome.touched = concern.places.count
    let decisions = hold(verdicts(concern), safeguard, &outcome)
    outcome.events.reserveCapacity(2 * concern.places.count + 3)
    for index in concern.places {
      guard let decided = decisions[index] else { continue }
      let person = people[index]
      let decision = decided.marked(after: person.desired)
      if observed[index], let user = person.user {
        outcome.counts.observed += 1
        let observation = UserObserved(state: person.state, user: user, source: source)
        outcome.events.append(event(.user(person.alias), .userObserved(observation)))
      }
      if observed[index] || isUnfinished(person) || !decision.repeats(person.decision) {
        outcome.counts.decided[decision.action, default: 0] += 1
        outcome.events.append(event(.user(person.alias), .decided(decision)))
      }
    }
    let finished = CycleFinished(counts: outcome.counts, watermarks: reading.marks(of: source))
    outcome.events.append(event(.cycle(id), .cycleFinished(finished)))
    return outcome
  }

  /// What a cycle comes to about a reading in which nobody has changed, where nobody waits for a cycle.
  public static func still(id: String, source: DirectorySourceID, _ reading: DirectoryReading) -> CycleOutcome {
    let started = CycleStarted(source: .delta, isInitial: false, directory: source)
    let finished = CycleFinished(counts: CycleCounts(), watermarks: reading.marks(of: source))
    var outcome = CycleOutcome()
    outcome.events = [.cycleStarted(started), .cycleFinished(finished)].map {
      Event(.cycle(id), $0, correlation: id)
    }
    return outcome
  }

  private func isUnfinished(_ person: Person) -> Bool {
    person.decisionCycle.map(unfinished.contains) == true
  }

  private func event(_ stream: Stream, _ payload: EventPayload) -> Event {
    Event(stream, payload, correlation: id)
  }

  // MARK: Observe

  /// Takes over what was read; returns how many are passed over because another source owns them now.
  private mutating func observe(_ reading: DirectoryReading, _ alias: (String) throws -> String) rethrows -> Int {
    let known = people.indices
    var seen = Array(repeating: false, count: known.count)
    var passedOver = 0
    for change in reading.changes {
      guard let place = try place(of: change.id, alias) else {
        passedOver += 1
        continue
      }
      if known.contains(place) { seen[place] = true }
      apply(change, to: place)
    }
    guard reading.kind == .snapshot else { return passedOver }
    for place in known where !seen[place] && people[place].source == source && people[place].state == .present {
      people[place].state = .absent
      observed[place] = true
    }
    return passedOver
  }

  /// Where the person with an id of this source stands; somebody new, and somebody whom no source owns, becomes its own.
  /// Nil for somebody whom another source has taken over.
  private mutating func place(of id: String, _ alias: (String) throws -> String) rethrows -> Int? {
    if let place = people.place(of: id, in: source) { return place }
    let alias = try alias(id)
    if let place = people.place(of: alias) { return people[place].source == nil ? place : nil }
    observed.append(false)
    return people.add(alias)
  }

  private mutating func apply(_ change: DirectoryChange, to place: Int) {
    let before = people[place]
    var person = before
    person.user = (before.user ?? DirectoryUser(id: change.id)).applying(change)
    person.state = change.state
    person.source = source
    people[place] = person
    observed[place] = observed[place] || person != before
  }

  // MARK: Decide

  /// Whom a cycle decides about, and who shares an address with another who is present, and does not hold its account.
  private struct Concern {
    var places: [Int]
    var duplicates: Set<Int>
  }

  /// Everybody of the source, or where that is enough: who was observed or waits for a cycle, and who shares an address
  /// with them.
  private func concern() -> Concern {
    if isSnapshot || isPolicyNew {
      return Concern(places: own(Array(people.indices)), duplicates: duplicates(among: sharing()))
    }
    var places = Set(people.indices.filter { observed[$0] || isUnfinished(people.all[$0]) }).union(people.unsettled)
    let addresses = places.filter { people.all[$0].isPresent }.compactMap { address($0).map(Address.folded) }
    let sharing = sharing(Set(addresses))
    for sharers in sharing.values where sharers.count > 1 { places.formUnion(sharers) }
    return Concern(places: own(places.sorted()), duplicates: duplicates(among: sharing))
  }

  private func own(_ places: [Int]) -> [Int] { places.filter { people.all[$0].source == source } }

  /// What is wanted of each of them.
  private func verdicts(_ concern: Concern) -> [Int: Decision] {
    Dictionary(
      uniqueKeysWithValues: concern.places.map { place in
        let isDuplicate = concern.duplicates.contains(place)
        return (place, standing(place) ?? verdict(place, isDuplicate: isDuplicate))
      })
  }

  private func verdict(_ place: Int, isDuplicate: Bool) -> Decision {
    people[place].verdict(policy, variation, isDuplicate: isDuplicate, isChanged: observed[place])
  }

  /// What a review has taken away, and what an operator has restored, unless this cycle sees the person changed.
  private func standing(_ place: Int) -> Decision? {
    people[place].removed ?? (observed[place] ? nil : people[place].restored)
  }

  /// The address that a person is to have.
  private func address(_ place: Int) -> String? {
    guard let standing = standing(place) else { return mappedAddress(people[place]) }
    return standing.desired?.active == true || people[place].hasAccount ? standing.desired?.userName : nil
  }

  /// The address that the mapping gives; none to somebody who is out of scope and has no account.
  private func mappedAddress(_ person: Person) -> String? {
    guard let user = person.user, person.hasAccount || policy.scope.objection(to: user) == nil else { return nil }
    return policy.mapping.address(of: user)
  }

  /// Who is present, by the address that they are to have; with a set, only those of its addresses.
  func sharing(_ wanted: Set<String>? = nil) -> [String: [Int]] {
    var sharing: [String: [Int]] = [:]
    for place in people.indices where people.all[place].isPresent {
      guard let address = address(place).map(Address.folded), wanted?.contains(address) != false else { continue }
      sharing[address, default: []].append(place)
    }
    return sharing
  }

  /// Of those who share an address everybody but who holds its account.
  func duplicates(among sharing: [String: [Int]]) -> Set<Int> {
    var duplicates = Set<Int>()
    for (address, sharers) in sharing where sharers.count > 1 {
      // An account counts by the address that was asked for and by the one that still shows.
      let holder =
        sharers.first { people[$0].account.userName.map(Address.folded) == address }
        ?? sharers.first { people[$0].account.believed.map { Address.folded($0.userName) } == address }
      duplicates.formUnion(sharers.filter { $0 != holder })
    }
    return duplicates
  }

  // MARK: Hold

  /// Holds whoever would turn inactive where they are too many, and then, and where the input is unfamiliar, also those
  /// who are new.
  private func hold(_ verdicts: [Int: Decision], _ id: String, _ outcome: inout CycleOutcome) -> [Int: Decision] {
    let leavers = verdicts.filter { $0.value.action == .disable }.map(\.key)
    let limit = policy.safeguard.limit(active: wasActive)
    let isUnfamiliar = outcome.unfamiliar != nil
    guard leavers.count > limit || isUnfamiliar else { return stillHeld(verdicts) }
    let held = (leavers + newcomers(verdicts, all: isUnfamiliar)).sorted()
    if held.isEmpty { return verdicts }
    let open = openSafeguard(holding: held)
    if open == nil {
      let tripped = SafeguardTripped(cycle: self.id, count: held.count, limit: limit, active: wasActive)
      outcome.events.append(event(.safeguard(id), .safeguardTripped(tripped)))
    }
    outcome.held = HeldPeople(id: open ?? id, count: held.count)
    var decisions = verdicts
    let reason: Decision.Reason = leavers.count > limit ? .safeguardTripped : .unfamiliarInput
    for index in held {
      decisions[index] = Decision(.held, reason, desired: people[index].desired, safeguard: open ?? id)
    }
    return decisions
  }

  /// Whoever would be given an account; of an unfamiliar input everybody who came with it.
  private func newcomers(_ verdicts: [Int: Decision], all: Bool) -> [Int] {
    verdicts.filter { place, verdict in
      let person = people[place]
      guard person.desired == nil, person.state == .present else { return false }
      return verdict.action == .create || all && (person.decision == nil || person.isHeldNewcomer)
    }.map(\.key)
  }

  /// A delta says nothing of the input that newcomers were held for: they wait until an operator, or a familiar snapshot,
  /// says that they belong here.
  private func stillHeld(_ verdicts: [Int: Decision]) -> [Int: Decision] {
    if isSnapshot { return verdicts }
    var decisions = verdicts
    for place in verdicts.keys where people[place].isHeldNewcomer && people[place].state == .present {
      decisions[place] = people[place].decision
    }
    return decisions
  }

  /// The safeguard that holds exactly these people already.
  private func openSafeguard(holding people: [Int]) -> String? {
    let held = self.people.unsettled.sorted().filter {
      let person = self.people[$0]
      return person.source == source && person.decision?.action == .held && standing($0) == nil
    }
    guard held == people, let id = held.first.flatMap({ self.people[$0].decision?.safeguard }) else { return nil }
    return held.allSatisfy { self.people[$0].decision?.safeguard == id } ? id : nil
  }
}
