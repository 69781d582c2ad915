import Base

/// The people of a source, in numbers.
public struct Population: Equatable, Sendable {
  /// How many the source owns.
  public var people: Int
  /// Of how many of them an active account is wanted.
  public var active: Int

  /// A population.
  public init(people: Int = 0, active: Int = 0) {
    self.people = people
    self.active = active
  }

  mutating func count(people: Int, active: Int) {
    self.people += people
    self.active += active
  }
}

/// People of whom the ledger knows something, found by who they are in the source that owns them: everybody, or for a cycle
/// over changes those whom it may concern.
///
/// One kind for cycles, plans and whatever else decides: whoever is looked for is found in the same way.
public struct People {
  /// Who somebody is in a source.
  private struct Owner: Hashable {
    let source: DirectorySourceID
    let id: String
  }

  /// All of them, in the order in which they became known.
  public private(set) var all: [Person]
  private var owners: [Owner: Int] = [:]
  private var aliases: [String: Int] = [:]
  private var populations: [DirectorySourceID: Population] = [:]

  /// Some people. Who was erased is not among them: whoever is seen again after that is a new person.
  public init(_ people: consuming [Person]) {
    people.removeAll { $0.erasure != nil }
    all = people
    aliases.reserveCapacity(all.count)
    owners.reserveCapacity(all.count)
    for place in all.indices { enter(place) }
  }

  /// Takes in those of some people who are not there yet, behind the others.
  public mutating func take(_ others: [Person]) {
    for person in others where person.erasure == nil && aliases[person.alias] == nil {
      all.append(person)
      enter(all.count - 1)
    }
  }

  /// The places of everybody.
  public var indices: Range<Int> { all.indices }

  /// The places of those whom every cycle has to look at, whatever it reads, in order.
  var unsettled: [Int] { indices.filter { !all[$0].isSettled } }

  /// Whoever stands at a place.
  public subscript(place: Int) -> Person {
    get { all[place] }
    set {
      leave(place)
      all[place] = newValue
      enter(place)
    }
  }

  /// Takes over what a source shows of whoever stands at a place, who is the source's from then on; false when that is
  /// nothing new.
  mutating func observe(_ change: DirectoryChange, at place: Int, in source: DirectorySourceID) -> Bool {
    let user = (all[place].user ?? DirectoryUser(id: change.id)).applying(change)
    if all[place].source == source, all[place].state == change.state, all[place].user == user { return false }
    let owner = owner(of: place)
    count(place, -1)
    all[place].user = user
    all[place].state = change.state
    all[place].source = source
    count(place, 1)
    let next = Owner(source: source, id: user.id)
    if owner != next {
      if let owner { release(owner, place) }
      owners[next] = place
    }
    return true
  }

  /// Notes that the source of whoever stands at a place does not have the person any more.
  mutating func miss(_ place: Int) { all[place].state = .absent }

  /// Where the person with an id in a source stands; nil when that source owns nobody with it.
  public func place(of id: String, in source: DirectorySourceID) -> Int? { owners[Owner(source: source, id: id)] }

  /// Where the person with an alias stands.
  public func place(of alias: String) -> Int? { aliases[alias] }

  /// Adds a person of whom nothing is known yet, and returns the place.
  public mutating func add(_ alias: String) -> Int {
    all.append(Person(alias: alias))
    enter(all.count - 1)
    return all.count - 1
  }

  /// Those of a source, in numbers.
  public func population(ownedBy source: DirectorySourceID) -> Population { populations[source] ?? Population() }

  /// How many people a source owns.
  public func count(ownedBy source: DirectorySourceID) -> Int { population(ownedBy: source).people }

  /// The people whom a source owns.
  public func owned(by source: DirectorySourceID) -> [Person] { all.filter { $0.source == source } }

  /// The sources that own somebody, by name, and how many they own.
  public var sources: [(source: DirectorySourceID, people: Int)] {
    populations.filter { $0.value.people > 0 }.sorted { $0.key.name < $1.key.name }.map { ($0.key, $0.value.people) }
  }

  private mutating func enter(_ place: Int) {
    aliases[all[place].alias] = place
    if let owner = owner(of: place) { owners[owner] = place }
    count(place, 1)
  }

  private mutating func leave(_ place: Int) {
    aliases[all[place].alias] = nil
    if let owner = owner(of: place) { release(owner, place) }
    count(place, -1)
  }

  private mutating func release(_ owner: Owner, _ place: Int) {
    if owners[owner] == place { owners[owner] = nil }
  }

  private mutating func count(_ place: Int, _ step: Int) {
    guard let source = all[place].source else { return }
    let active = all[place].desired?.active == true ? step : 0
    populations[source, default: Population()].count(people: step, active: active)
  }

  private func owner(of place: Int) -> Owner? {
    guard let source = all[place].source, let id = all[place].user?.id else { return nil }
    return Owner(source: source, id: id)
  }
}
