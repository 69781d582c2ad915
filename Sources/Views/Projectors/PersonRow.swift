import Base
import EventLog
import GRDB
import JSON
import Provisioning

/// A row of the table `person`, all of it made: writing it out takes longer than giving it to the database.
struct PersonRow: Sendable {
  /// So many are made before they are written.
  static let piece = 1024
  /// For fewer a second thread costs more than it saves.
  private static let fewest = 64

  private let person: Person
  private let userPrincipalName: String?
  private let userName: String?
  private let status: PersonStatus
  private let state: String

  init(_ person: Person) {
    self.person = person
    userPrincipalName = person.user?[.userPrincipalName].map(Address.folded)
    userName = (person.desired?.userName ?? person.account.believed?.userName).map(Address.folded)
    status = PersonStatus(person)
    state = person.json.text
  }

  /// The rows of some people, in their order.
  static func rows(of people: [Person]) throws -> [PersonRow] {
    people.count < fewest ? people.map(PersonRow.init) : try Beside.map(people[...], PersonRow.init)
  }

  /// Writes the row over the one of the same person.
  func save(_ database: Database) throws {
    try RawStatement(database, "INSERT OR REPLACE INTO person VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").run([
      person.alias, person.user?.id, userPrincipalName, person.user?[.displayName], userName,
      person.account.believed?.id, person.state.rawValue, status.rawValue, person.legalHold?.time.milliseconds, state,
      person.source?.name, person.desired?.active == true, CycleConcern(person)?.rawValue,
    ])
  }
}
