import Base
import Provisioning

/// A directory that lives: people join, change their names, leave, come back, and exchange addresses.
struct SimulatedDirectory {
  struct Person {
    var id: String
    var address: String
    var name: String
    var isEnabled = true
    var isListed = true
    /// True once the person came back as somebody else: this object never returns.
    var isReplaced = false
    var isActive: Bool { isEnabled && isListed }
  }

  private(set) var people: [Person] = []
  private var random: SeededGenerator
  private var number = 0
  /// How many times as much happens on a day as in the smallest company.
  private let activity: Int64

  init(people count: Int, seed: UInt64) {
    random = SeededGenerator(seed: seed)
    activity = min(4, 1 + Int64(count / 50))
    for _ in 0..<count { join() }
  }

  private mutating func join() {
    number += 1
    people.append(Person(id: "id-\(number)", address: "person\(number)@contoso.example", name: "Person \(number)"))
  }

  /// One day passes.
  mutating func live() {
    for _ in 0..<random.number(in: 0...activity) { join() }
    for _ in 0..<random.number(in: 0...(activity + 2)) { change { $0.name = "Renamed \($1)" } }
    for _ in 0..<random.number(in: 0...activity) { change { $0.address = "moved\($1)@contoso.example" } }
    for _ in 0..<random.number(in: 0...activity) { change { person, _ in person.isEnabled.toggle() } }
    for _ in 0..<random.number(in: 0...activity) { change { person, _ in person.isListed.toggle() } }
    if random.chance(0.2) { rehire() }
    if random.chance(0.2) { handOver() }
  }

  private mutating func change(_ body: (inout Person, Int) -> Void) {
    guard let place = people.indices.filter({ !people[$0].isReplaced }).randomElement(using: &random) else { return }
    number += 1
    body(&people[place], number)
  }

  /// Somebody who has left comes back under a new object id with the old address.
  private mutating func rehire() {
    let left = people.indices.filter { !people[$0].isListed && !people[$0].isReplaced }
    guard let place = left.randomElement(using: &random) else { return }
    number += 1
    var person = people[place]
    people[place].isReplaced = true
    person.id = "id-\(number)"
    person.isListed = true
    person.isEnabled = true
    people.append(person)
  }

  /// Somebody gets a new address, and another person the old one.
  private mutating func handOver() {
    let active = people.indices.filter { people[$0].isActive }
    guard let first = active.randomElement(using: &random), let second = active.randomElement(using: &random),
      first != second
    else { return }
    number += 1
    people[second].address = people[first].address
    people[first].address = "handed\(number)@contoso.example"
  }

  /// The full snapshot.
  func reading() -> DirectoryReading {
    let changes = people.filter(\.isListed).map { person in
      DirectoryChange(
        id: person.id,
        attributes: [
          .userPrincipalName: .text(person.address), .displayName: .text(person.name),
          .accountEnabled: .flag(person.isEnabled),
        ], place: Fault.Place(file: "directory"))
    }
    return DirectoryReading(kind: .snapshot, changes: changes)
  }
}
