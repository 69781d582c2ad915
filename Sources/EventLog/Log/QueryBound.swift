import Base
import GRDB
import GRDBSQLite
import Synchronization

/// Ends queries of a database that somebody else made, whose schema or content may have been laid out to have none end.
final class QueryBound: Sendable {
  /// The instructions of SQLite's machine after which the query under way is ended: some seconds. A piece of a log takes
  /// less than a hundredth of them.
  static let limit = 1_000_000_000
  private static let step: Int32 = 1_000_000
  /// Longer than any value of a log; a larger one is damage (https://sqlite.org/c3ref/limit.html).
  private static let longest: Int32 = 64 << 20

  private let used = Atomic<Int>(0)

  /// Begins to count anew.
  func begin() { used.store(0, ordering: .relaxed) }

  /// Counts what a connection does. This object must live as long as the connection does.
  func hold(_ database: Database) {
    let connection = database.sqliteConnection
    sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, Self.longest)
    sqlite3_progress_handler(
      connection, Self.step,
      { place in
        guard let place else { return 0 }
        let bound = Unmanaged<QueryBound>.fromOpaque(place).takeUnretainedValue()
        let used = bound.used.add(Int(QueryBound.step), ordering: .relaxed).newValue
        return used > QueryBound.limit ? 1 : 0
      }, Unmanaged.passUnretained(self).toOpaque())
  }
}

extension LogSession {
  /// Throws `StoreDamage` unless each table that a log is read from is one: the schema of a file says what a query of it
  /// does, and may be somebody else's. What else differs is for `verify` to name.
  func requireTables() throws {
    let found = try schema()
    for name in ["event", "stream", "event_type", "merkle_node", "checkpoint", "anchor", "grdb_migrations"] {
      // No virtual table, and no column that is computed.
      guard let text = found["table \(name)"]?.lowercased(), text.hasPrefix("create table "),
        !text.contains("generated"), !text.split(whereSeparator: { " \n\t(".contains($0) }).contains("as")
      else {
        throw StoreDamage("\(name) is no plain table")
      }
    }
    if let view = found.keys.sorted().first(where: { $0.hasPrefix("view ") }) { throw StoreDamage("it has a \(view)") }
  }
}
