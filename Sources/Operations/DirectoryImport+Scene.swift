import Base
import EventLog
import Ledger
import Provisioning
import Sealing
import Views

/// What a cycle decides upon: everybody, or where only changes were read, those whom they may concern.
extension DirectoryImport {
  struct Scene {
    let reading: DirectoryReading
    private(set) var people: People
    /// The source's people in numbers, where `people` are not all whom the ledger knows.
    let whole: Population?
    let unfinished: Set<String>
    /// True when somebody may have been decided about under other rules than the present ones.
    let isPolicyNew: Bool
    /// The ids of those whom the source has not owned so far.
    let strangers: [String]
    /// How many of them count as enabled because the input does not say.
    let assumedEnabled: Int
    /// Who may be meant to have any address, where that was looked up before.
    let unaddressed: [Person]?

    init(
      _ reading: DirectoryReading, _ people: People, of whole: Population? = nil, in source: DirectorySourceID,
      unfinished: Set<String>, isPolicyNew: Bool, unaddressed: [Person]? = nil
    ) {
      self.reading = reading
      self.people = people
      self.whole = whole
      self.unfinished = unfinished
      self.isPolicyNew = isPolicyNew
      self.unaddressed = unaddressed
      let strangers = reading.changes.lazy.filter { people.place(of: $0.id, in: source) == nil }
      assumedEnabled = strangers.count { $0.state == .present && $0.attributes[.accountEnabled] == nil }
      self.strangers = strangers.map(\.id)
    }

    /// How many people there are to look at, at first sight.
    var count: Int { max(people.all.count, reading.changes.count) }

    /// Takes in people who turned out to be known.
    mutating func take(_ others: [Person]) { people.take(others) }

    /// Gives everybody away: a cycle that changed a copy would hold all of them twice.
    mutating func giveUpPeople() -> People {
      let given = people
      people = People([])
      return given
    }
  }

  func scene(
    of input: inout Input, _ options: ImportOptions, isPolicyNew: Bool, _ progress: (Progress) -> Void
  ) throws -> Scene {
    if try input.reading.kind != .snapshot && !isPolicyNew && !ledger.views.hasLooseCycles() {
      return try sceneOfFew(&input, progress)
    }
    // What a cycle decided that was cut off does not count, and what it saw does: which assignments that was, nobody knows.
    if input.assigned == nil { (input.reading.assignments, input.reading.members) = (nil, []) }
    return try wholeScene(of: &input, options, isPolicyNew: isPolicyNew, progress)
  }

  // MARK: Everybody

  func wholeScene(
    of input: inout Input, _ options: ImportOptions, isPolicyNew: Bool, _ progress: (Progress) -> Void
  ) throws -> Scene {
    var reading = input.giveUpReading()
    let isFile = input.beginning == nil
    if isFile { try refuseStale(reading, input.file) }
    let unfinished = try ledger.views.unfinishedCycles()
    let people = People(try settledPeople(without: unfinished))
    try ledger.requireKeys(of: people.all)
    if let assigned = input.assigned {
      try refuseChanges(of: assigned, reading, people)
      reading.add(assigned, of: people, in: source)
    }
    if isFile, !options.keepsEnabled { try refuseSilence(reading, people, input.file) }
    // A source that reads by itself asks for what the rules read; so did the last cycle by the same rules.
    if isFile, isPolicyNew || reading.kind == .snapshot { try refuseUnread(reading, people, input.file) }
    let scene = Scene(reading, people, in: source, unfinished: unfinished, isPolicyNew: isPolicyNew)
    progress(.deciding(people: scene.count))
    return scene
  }

  /// Everybody, as cycles that have finished leave them: what one that was cut off decided does not count.
  private func settledPeople(without unfinished: Set<String>) throws -> [Person] {
    let people = try ledger.views.people().people
    if unfinished.isEmpty { return people }
    return try people.map { person in
      guard let cycle = person.decisionCycle, unfinished.contains(cycle) else { return person }
      var settled = Person(alias: person.alias)
      for logged in try ledger.codec.decode(try ledger.log.events(about: person.alias)) {
        let isDropped =
          if case .decided = logged.payload { logged.correlation.map(unfinished.contains) == true } else { false }
        if !isDropped { settled.evolve(logged) }
      }
      settled.decisionCycle = cycle
      return settled
    }
  }

  // MARK: Those whom changes may concern

  private func sceneOfFew(_ input: inout Input, _ progress: (Progress) -> Void) throws -> Scene {
    var reading = input.giveUpReading()
    if input.beginning == nil { try refuseStale(reading, input.file) }
    let first = try firstConcerned(by: reading, input.foresight)
    let people = try peopleConcerned(by: &reading, input, first)
    try ledger.requireKeys(of: people.all)
    let whole = try ledger.views.populations()[source] ?? Population()
    let scene = Scene(
      reading, people, of: whole, in: source, unfinished: [], isPolicyNew: false, unaddressed: first.unaddressed)
    progress(.deciding(people: scene.count))
    return scene
  }

  /// Whom a reading names, and whom every cycle looks at, in the order of their aliases; adds to the reading who is assigned.
  private func peopleConcerned(
    by reading: inout DirectoryReading, _ input: Input, _ first: FirstConcerned
  ) throws -> People {
    let people = Self.inOrder(first.unsettled + first.named)
    guard let assigned = input.assigned else { return people }
    try refuseChanges(of: assigned, reading, people)
    let read = reading.changes.count
    try reading.add(assigned, of: people, in: source) { take in
      // The same assignments as at the last cycle are known of everybody it left settled.
      if assigned.digest != nil, assigned.digest == input.beginning?.assignments, assigned.hasSameMembers {
        first.unsettled.eachAssigned(by: source, take)
      } else {
        try ledger.views.eachAssigned(by: source) { take($0, KnownAssignments(roles: $1, groups: $2)) }
      }
    }
    let others = reading.changes[read...]
    return others.isEmpty
      ? people : Self.inOrder(people.all + (try ledger.views.people(withObjectIDs: others.map(\.id))))
  }

  private static func inOrder(_ found: [Person]) -> People {
    var people = People([])
    people.take(found.sorted { $0.alias < $1.alias })
    return people
  }

  /// Whoever is present and may be meant to have one of some folded addresses. People of a source whose last cycle decided
  /// by other rules are all among them.
  func sharers(of addresses: Set<String>, _ unaddressed: [Person]?) throws -> [Person] {
    let others = try ledger.views.populations().keys.filter { other in
      try other != source && DirectoryImport(into: ledger, source: other, actor: actor).isPolicyNew()
    }
    let found = try ledger.views.people(withAddresses: addresses) + ledger.views.people(ownedBy: others)
    return (found + (try unaddressed ?? ledger.views.peopleWithoutAddress())).filter(\.isPresent)
  }
}
