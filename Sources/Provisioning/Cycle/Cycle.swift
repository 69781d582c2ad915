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
  /// The address that each of the people is to have, once everything was observed; nil for none, and who is not present.
  private var addresses: [String?] = []

  /// A cycle over the people whom a source owns, beside everybody else whom the ledger knows. `unfinished` names cycles
  /// that never finished: whom one of them decided about last is decided about again. Unless `isPolicyNew`, the source's
  /// last cycle decided by the same policy, so that changes alone lead to decisions about those whom they concern.
  ///
  /// Over changes `people` may be those alone whom the reading names, and those of `CycleConcern.always`; then `whole` is
  /// everybody whom the source owns, in numbers, and `run` asks for the others.
  public init(
    id: String, source: DirectorySourceID = .standard, policy: CyclePolicy, variation: Variation = .none,
    people: People, of whole: Population? = nil,
    unfinished: Set<String> = [], isPolicyNew: Bool = true
  ) {
    self.id = id
    self.source = source
    self.policy = policy
    self.variation = variation
    self.people = people
    self.unfinished = unfinished
    self.isPolicyNew = isPolicyNew
    let whole = whole ?? people.population(ownedBy: source)
    isInitial = whole.people == 0
    wasActive = whole.active
    observed = Array(repeating: false, count: people.all.count)
  }

  /// Decides everything. `alias` names the alias of an object id that the ledger has not met; `safeguard` is the id to
  /// give to a safeguard that trips anew.
  public mutating func run(_ reading: DirectoryReading, safeguard: String, alias: (String) throws -> String)
    rethrows -> CycleOutcome
  {
    try run(reading, safeguard: safeguard, alias: alias) { _ in [] }
  }

  /// As above, over `people` who were not all: `sharers` finds everybody present who may be meant to have one of some
  /// folded addresses, and may find others too.
  public mutating func run(
    _ reading: DirectoryReading, safeguard: String, alias: (String) throws -> String,
    sharers: (Set<String>) throws -> [Person]
  ) rethrows -> CycleOutcome {
    var outcome = CycleOutcome()
    outcome.counts.read = reading.changes.count
    outcome.counts.unread = Set(reading.unread.map(\.id)).count
    isSnapshot = reading.kind == .snapshot
    let kind: CycleStarted.Source = isSnapshot ? .snapshot : .delta
    let started = CycleStarted(source: kind, isInitial: isInitial, directory: source)
    outcome.events.append(event(.cycle(id), .cycleStarted(started)))
    outcome.unfamiliar = UnfamiliarInput(reading, source: source, people: people)
    outcome.passedOver = try observe(reading, alias)
    let concern = try concern(sharers)
    outcome.touched = concern.places.count
    let decisions = hold(verdicts(concern), of: concern.places, safeguard, &outcome)
    outcome.events.reserveCapacity(2 * concern.places.count + 3)
    for (place, decision) in zip(concern.places, decisions) { tell(decision, of: place, &outcome) }
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

  /// Adds what a cycle says of a person.
  private func tell(_ decided: Decision, of place: Int, _ outcome: inout CycleOutcome) {
    let stream = Stream.user(people.all[place].alias)
    let decision = decided.marked(after: people.all[place].desired)
    if observed[place], let user = people.all[place].user {
      outcome.counts.observed += 1
      let observation = UserObserved(state: people.all[place].state, user: user, source: source)
      outcome.events.append(event(stream, .userObserved(observation)))
    }
    if observed[place] || isUnfinished(place) || !decision.repeats(people.all[place].decision) {
      outcome.counts.decided[decision.action, default: 0] += 1
      outcome.events.append(event(stream, .decided(decision)))
    }
  }

  private func isUnfinished(_ place: Int) -> Bool {
    people.all[place].decisionCycle.map(unfinished.contains) == true
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
      if people.observe(change, at: place, in: source) { observed[place] = true }
    }
    guard reading.kind == .snapshot else { return passedOver }
    for place in known where !seen[place] && people.all[place].source == source && people.all[place].state == .present {
      people.miss(place)
      observed[place] = true
    }
    return passedOver
  }

  /// Where the person with an id of this source stands; somebody new, and somebody whom no source owns, becomes its own.
  /// Nil for somebody whom another source has taken over.
  private mutating func place(of id: String, _ alias: (String) throws -> String) rethrows -> Int? {
    if let place = people.place(of: id, in: source) { return place }
    let alias = try alias(id)
    if let place = people.place(of: alias) { return people.all[place].source == nil ? place : nil }
    observed.append(false)
    return people.add(alias)
  }

  // MARK: Decide

  /// Whom a cycle decides about, and who shares an address with another who is present, and does not hold its account.
  private struct Concern {
    var places: [Int]
    var duplicates: Set<Int>
  }

  /// Everybody of the source, or where that is enough: who was observed or waits for a cycle, and who shares an address
  /// with them.
  private mutating func concern(_ sharers: (Set<String>) throws -> [Person]) rethrows -> Concern {
    findAddresses()
    if isSnapshot || isPolicyNew {
      return Concern(places: own(Array(people.indices)), duplicates: duplicates(among: sharing()))
    }
    var places = Set(people.indices.filter { observed[$0] || isUnfinished($0) }).union(people.unsettled)
    let wanted = Set(places.compactMap { addresses[$0].map(Address.folded) })
    if !wanted.isEmpty { take(try sharers(wanted)) }
    let sharing = sharing(wanted)
    for sharers in sharing.values { places.formUnion(sharers) }
    return Concern(places: own(places.sorted()), duplicates: duplicates(among: sharing))
  }

  private mutating func take(_ others: [Person]) {
    people.take(others)
    observed += Array(repeating: false, count: people.all.count - observed.count)
    findAddresses()
  }

  private func own(_ places: [Int]) -> [Int] { places.filter { people.all[$0].source == source } }

  /// What is wanted of each of them, in their order.
  private func verdicts(_ concern: Concern) -> [Decision] {
    concern.places.map { place in
      let isDuplicate = concern.duplicates.contains(place)
      return standing(place) ?? verdict(place, isDuplicate: isDuplicate)
    }
  }

  private func verdict(_ place: Int, isDuplicate: Bool) -> Decision {
    people.all[place].verdict(
      policy, variation, isDuplicate: isDuplicate, isChanged: observed[place], address: addresses[place])
  }

  /// What a review has taken away, and what an operator has restored, unless this cycle sees the person changed.
  private func standing(_ place: Int) -> Decision? {
    people.all[place].removed ?? (observed[place] ? nil : people.all[place].restored)
  }

  /// Finds the addresses of those of whom none was looked for so far.
  mutating func findAddresses() {
    addresses.reserveCapacity(people.all.count)
    for place in addresses.count..<people.all.count {
      addresses.append(people.all[place].isPresent ? address(place) : nil)
    }
  }

  /// The address that a person is to have.
  private func address(_ place: Int) -> String? {
    guard let standing = standing(place) else { return mappedAddress(place) }
    return standing.desired?.active == true || people.all[place].hasAccount ? standing.desired?.userName : nil
  }

  /// The address that the mapping gives; none to somebody who is out of scope and has no account.
  private func mappedAddress(_ place: Int) -> String? {
    guard let user = people.all[place].user,
      people.all[place].hasAccount || [nil, .expressionFailed].contains(policy.scope.objection(to: user))
    else { return nil }
    return policy.mapping.address(of: user)
  }

  /// Who is to have an address that somebody else is to have too, by that address; with a set, only those of its addresses.
  func sharing(_ wanted: Set<String>? = nil) -> [String: [Int]] {
    var sharing: [String: [Int]] = [:]
    var newest: [String: Int] = [:]
    newest.reserveCapacity(wanted?.count ?? addresses.count)
    for (place, address) in addresses.enumerated() {
      guard let address = address.map(Address.folded), wanted?.contains(address) != false else { continue }
      guard let other = newest.updateValue(place, forKey: address) else { continue }
      sharing[address, default: [other]].append(place)
    }
    return sharing
  }

  /// Of those who share an address everybody but who holds its account.
  func duplicates(among sharing: [String: [Int]]) -> Set<Int> {
    var duplicates = Set<Int>()
    for (address, sharers) in sharing {
      // An account counts by the address that was asked for and by the one that still shows.
      let sharers = sharers.sorted { people.all[$0].alias < people.all[$1].alias }
      let holder =
        sharers.first { people.all[$0].account.userName.map(Address.folded) == address }
        ?? sharers.first { people.all[$0].account.believed.map { Address.folded($0.userName) } == address }
      duplicates.formUnion(sharers.filter { $0 != holder })
    }
    return duplicates
  }

  // MARK: Hold

  /// Holds whoever would turn inactive where they are too many, and then, and where the input is unfamiliar, also those
  /// who are new.
  private func hold(
    _ verdicts: [Decision], of places: [Int], _ id: String, _ outcome: inout CycleOutcome
  ) -> [Decision] {
    let leavers = verdicts.indices.filter { verdicts[$0].action == .disable }
    let limit = policy.safeguard.limit(active: wasActive)
    let isUnfamiliar = outcome.unfamiliar != nil
    guard leavers.count > limit || isUnfamiliar else { return stillHeld(verdicts, of: places) }
    let held = (leavers + newcomers(verdicts, of: places, all: isUnfamiliar)).sorted()
    if held.isEmpty { return verdicts }
    let open = openSafeguard(holding: held.map { places[$0] })
    if open == nil {
      let tripped = SafeguardTripped(cycle: self.id, count: held.count, limit: limit, active: wasActive)
      outcome.events.append(event(.safeguard(id), .safeguardTripped(tripped)))
    }
    outcome.held = HeldPeople(id: open ?? id, count: held.count)
    var decisions = verdicts
    let reason: Decision.Reason = leavers.count > limit ? .safeguardTripped : .unfamiliarInput
    for index in held {
      let desired = people.all[places[index]].desired
      decisions[index] = Decision(.held, reason, desired: desired, safeguard: open ?? id)
    }
    return decisions
  }

  /// Whoever would be given an account; of an unfamiliar input everybody who came with it.
  private func newcomers(_ verdicts: [Decision], of places: [Int], all: Bool) -> [Int] {
    verdicts.indices.filter { index in
      let person = people.all[places[index]]
      guard person.desired == nil, person.state == .present else { return false }
      return verdicts[index].action == .create || all && (person.decision == nil || person.isHeldNewcomer)
    }
  }

  /// A delta says nothing of the input that newcomers were held for: they wait until an operator, or a familiar snapshot,
  /// says that they belong here.
  private func stillHeld(_ verdicts: [Decision], of places: [Int]) -> [Decision] {
    if isSnapshot { return verdicts }
    return zip(places, verdicts).map { place, verdict in
      let person = people.all[place]
      guard person.isHeldNewcomer, person.state == .present, let held = person.decision else { return verdict }
      return held
    }
  }

  /// The safeguard that holds exactly these people already.
  private func openSafeguard(holding people: [Int]) -> String? {
    let held = self.people.unsettled.filter {
      let person = self.people.all[$0]
      return person.source == source && person.decision?.action == .held && standing($0) == nil
    }
    guard held == people, let id = held.first.flatMap({ self.people[$0].decision?.safeguard }) else { return nil }
    return held.allSatisfy { self.people[$0].decision?.safeguard == id } ? id : nil
  }
}
