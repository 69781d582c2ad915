import GRDB
import Provisioning

/// Derives the rows of some tables from events, inside one transaction of the views' database.
///
/// Each is independent of the others: what it needs to know it keeps in tables of its own, or is handed.
protocol Projector {
  /// The tables that it alone writes; the digest of the views goes over all of them.
  static var tables: [String] { get }

  /// Takes over an event.
  mutating func apply(_ logged: LoggedEvent, _ database: Database) throws

  /// Writes what it kept in memory.
  mutating func flush(_ database: Database) throws
}

extension Projector {
  mutating func flush(_ database: Database) throws {}
}

extension Database {
  /// Runs a statement that is prepared once.
  func run(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
    try cachedStatement(sql: sql).execute(arguments: arguments)
  }
}
