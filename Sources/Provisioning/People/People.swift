import Base

/// Everybody of whom the ledger knows something, found by who they are in the source that owns them.
///
/// One population for cycles, plans and whatever else decides: whoever is looked for is found in the same way.
public struct People {
  /// Who somebody is in a source.
  private struct Owner: Hashable {
    let source: DirectorySourceID
    let id: String
  }

  /// Everybody, in the order in which they became known.
  public private(set) var all: [Person]
  private var owners: [Owner: Int] = [:]
  private var aliases: [String: Int] = [:]
  private var tallies: [DirectorySourceID: Tally] = [:]
  /// The places of those whom every cycle has to look at, whatever it reads.
  private(set) var unsettled: Set<Int> = []

  /// How many people a source owns, and of how many of them an active account is wanted.
  private struct Tally {
    var people = 0
    var active = 0
  }

  /// A population. Who was erased is not in it: whoever is seen again after that is a new person.
  public init(_ people: consuming [Person]) {
    people.removeAll { $0.erasure != nil }
    all = people
    for place in all.indices { enter(place) }
  }

  /// The places of everybody.
  public var indices: Range<Int> { all.indices }

  /// Whoever stands at a place.
  public subscript(place: Int) -> Person {
    get { all[place] }
    set {
      leave(place)
      all[place] = newValue
      enter(place)
    }
  }

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

  /// How many people a source owns.
  public func count(ownedBy source: DirectorySourceID) -> Int { tallies[source]?.people ?? 0 }

  /// Of how many people of a source an active account is wanted.
  public func active(ownedBy source: DirectorySourceID) -> Int { tallies[source]?.active ?? 0 }

  /// The people whom a source owns.
  public func owned(by source: DirectorySourceID) -> [Person] { all.filter { $0.source == source } }

  /// The sources that own somebody, by name, and how many they own.
  public var sources: [(source: DirectorySourceID, people: Int)] {
    tallies.filter { $0.value.people > 0 }.sorted { $0.key.name < $1.key.name }.map { ($0.key, $0.value.people) }
  }

  private mutating func enter(_ place: Int) {
    aliases[all[place].alias] = place
    if let owner = owner(of: place) { owners[owner] = place }
    if !all[place].isSettled { unsettled.insert(place) }
    count(place, 1)
  }

  private mutating func leave(_ place: Int) {
    aliases[all[place].alias] = nil
    if let owner = owner(of: place), owners[owner] == place { owners[owner] = nil }
    unsettled.remove(place)
    count(place, -1)
  }

  private mutating func count(_ place: Int, _ step: Int) {
    guard let source = all[place].source else { return }
    tallies[source, default: Tally()].people += step
    if all[place].desired?.active == true { tallies[source, default: Tally()].active += step }
  }

  private func owner(of place: Int) -> Owner? {
    guard let source = all[place].source, let id = all[place].user?.id else { return nil }
    return Owner(source: source, id: id)
  }
}
