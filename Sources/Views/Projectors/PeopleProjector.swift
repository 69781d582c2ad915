import GRDB
import Provisioning

/// What an event changed about a person.
struct PersonChange {
  /// The event, without what is sealed where the person was erased.
  let logged: LoggedEvent
  /// The person after it.
  let kept: KeptPerson
  /// What was wanted before it.
  let lastDesired: DesiredAccount?
  /// The position of the newest decision before it, where that one held or skipped.
  let settled: Int64?
  /// True when the event was taken over before.
  let isAgain: Bool
}

/// Everybody, as events leave them: the table `person`.
///
/// People are kept in memory until `flush`, so that each of them is read and written once.
struct PeopleProjector {
  static let tables = ["person"]

  private var people: [String: KeptPerson] = [:]

  /// How many people are kept in memory.
  var count: Int { people.count }

  /// A person in memory; read, or new, where nobody asked for them since the last `flush`.
  mutating func kept(_ alias: String, _ database: Database) throws -> KeptPerson {
    if let kept = people[alias] { return kept }
    let kept =
      if let person = try ViewsSQL.person(alias, database) {
        KeptPerson(person)
      } else {
        KeptPerson(Person(alias: alias), delivery: .none, isNew: true)
      }
    people[alias] = kept
    return kept
  }

  /// Takes over an event; `isAgain` says that it was taken over before.
  func take(_ logged: LoggedEvent, _ kept: KeptPerson, isAgain: Bool = false) -> PersonChange {
    let lastDesired = kept.person.lastDesired
    let action = kept.person.decision?.action
    let settled = action == .held || action == .skip ? kept.person.decisionPosition : nil
    kept.person.evolve(logged)
    return PersonChange(logged: logged, kept: kept, lastDesired: lastDesired, settled: settled, isAgain: isAgain)
  }

  /// Writes everybody who is kept, in the order of the table, so that neighbours share pages.
  mutating func flush(_ database: Database) throws {
    let kept = people.values.sorted { $0.person.alias < $1.person.alias }
    people = [:]
    for piece in stride(from: 0, to: kept.count, by: PersonRow.piece) {
      let piece = kept[piece..<min(piece + PersonRow.piece, kept.count)]
      for (row, kept) in zip(try PersonRow.rows(of: piece.map(\.person)), piece) {
        try row.save(database, isNew: kept.isNew)
      }
      for person in piece { try person.saveDelivery(database) }
    }
  }
}
