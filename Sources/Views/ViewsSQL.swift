import Base
import GRDB
import JSON
public import Provisioning

/// The SQL that both the projection and the queries need.
enum ViewsSQL {
  static let tables = ["checkpoint", "person", "delivery", "cycle", "safeguard", "target", "configuration"]

  static let unreadable = Fault(
    .viewsDamaged, "A row of views.sqlite cannot be read; run `provledger views rebuild`.")

  static func position(_ database: Database) throws -> Int64 {
    try Int64.fetchOne(database, sql: "SELECT position FROM checkpoint") ?? 0
  }

  static func person(_ alias: String, _ database: Database) throws -> Person? {
    let statement = try database.cachedStatement(sql: "SELECT state FROM person WHERE alias = ?")
    return try String.fetchOne(statement, arguments: [alias]).flatMap(person)
  }

  static func person(_ state: String) throws -> Person {
    guard let person = Person(try JSONParser.parse(state.utf8)) else { throw unreadable }
    return person
  }

  static func save(_ person: Person, _ database: Database) throws {
    let account = person.account.believed
    let statement = try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO person VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    try statement.execute(arguments: [
      person.alias, person.user?.id, person.user?[.userPrincipalName].map(Address.folded), person.user?[.displayName],
      (person.desired?.userName ?? account?.userName).map(Address.folded), account?.id, person.state.rawValue,
      PersonStatus(person).rawValue, person.hold?.time.milliseconds, person.json.text,
    ])
  }

  static func condition(_ database: Database) throws -> TargetCondition {
    let text = try String.fetchOne(database, sql: "SELECT condition FROM target") ?? "{}"
    return TargetCondition(try JSONParser.parse(text.utf8))
  }
}

/// How a person stands, in one word.
public enum PersonStatus: String, CaseIterable, Sendable {
  /// TeamViewer has an active account as wanted.
  case active
  /// TeamViewer's account was read back as inactive, or is gone.
  case disabled
  /// Something is still to be brought to TeamViewer.
  case pending
  /// The delivery waits for a retry, a changed decision or an operator.
  case parked
  /// The delivery was given up.
  case abandoned
  /// Would be disabled, but the safeguard holds it.
  case held
  /// An operator lets no call leave for this person.
  case onHold
  /// Cannot be provisioned, or must not be, or an operator does not want it.
  case skipped
  /// Was erased: nothing but what the log keeps in clear is known.
  case erased

  /// The word for a person.
  public init(_ person: Person) {
    if person.erasure != nil {
      self = .erased
      // Held goes first: an operator has to look at these people, whatever became of their last delivery.
    } else if person.decision?.action == .held {
      self = .held
    } else if person.account.skipped != nil, person.isPending {
      self = .skipped
    } else if person.account.held != nil {
      self = .onHold
    } else if person.account.isAbandoned {
      self = .abandoned
    } else if person.account.parked != nil {
      self = .parked
    } else if person.isPending {
      self = .pending
    } else if person.decision?.action == .skip {
      self = .skipped
    } else if let desired = person.desired {
      self = desired.active ? .active : .disabled
    } else {
      self = .skipped
    }
  }
}
