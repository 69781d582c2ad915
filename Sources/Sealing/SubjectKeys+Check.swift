import Base
import EventLog
import GRDB

/// Looking at the key file as a whole.
extension SubjectKeys {
  /// Everybody whose key is there. Throws faults PL-0401 to PL-0407.
  package func aliases() throws -> Set<String> {
    try faults.map { try database.read { try String.fetchSet($0, sql: "SELECT alias FROM subject") } }
  }

  /// Those of some aliases whose key is there, each looked for by itself. Throws as `aliases` does.
  package func aliases(among some: some Sequence<String>) throws -> Set<String> {
    try faults.map {
      try database.read { database in
        let statement = try database.cachedStatement(sql: "SELECT alias FROM subject WHERE alias = ?")
        return try Set(some.compactMap { try String.fetchOne(statement, arguments: [$0]) })
      }
    }
  }

  /// Unwraps every key, and returns the aliases of those that do not unwrap: a byte of them was changed. Throws faults
  /// PL-0401 to PL-0407 and PL-0410 to PL-0412.
  public func damagedKeys() throws -> [String] {
    try faults.map {
      try database.read { database in
        let master = try currentMaster(database)
        var damaged: [String] = []
        let rows = try Row.fetchCursor(database, sql: "SELECT alias, key FROM subject ORDER BY alias")
        while let row = try rows.next() {
          if (try? subject(row, master)) == nil { damaged.append(row[0]) }
        }
        return damaged
      }
    }
  }
}
