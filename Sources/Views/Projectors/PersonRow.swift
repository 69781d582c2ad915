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

  private static let insert = "INSERT OR REPLACE INTO person VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

  /// What mostly changes, of somebody whose names stay: their indexes are left alone then. A row that is replaced is taken out of
  /// each, and put in again, and SQLite keeps all of those pages in case that fails.
  private static let update = """
    UPDATE person SET display_name = ?4, directory = ?7, status = ?8, state = ?10, active = ?12, concern = ?13
    WHERE alias = ?1 AND object_id IS ?2 AND user_principal_name IS ?3 AND user_name IS ?5 AND account_id IS ?6
      AND held IS ?9 AND source IS ?11
    """

  /// Writes the row over the one of the same person; `isNew` where there is none.
  func save(_ database: Database, isNew: Bool) throws {
    let values: [(any RawBindable)?] = [
      person.alias, person.user?.id, userPrincipalName, person.user?[.displayName], userName,
      person.account.believed?.id, person.state.rawValue, status.rawValue, person.legalHold?.time.milliseconds, state,
      person.source?.name, person.desired?.active == true, CycleConcern(person)?.rawValue,
    ]
    if !isNew {
      try RawStatement(database, Self.update).run(values)
      if database.changesCount > 0 { return }
    }
    try RawStatement(database, Self.insert).run(values)
  }
}
