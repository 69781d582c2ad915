import Base
import GRDB

/// A database of views beside the live one, which is filled from the log and thrown away.
final class FreshDatabase {
  let queue: DatabaseQueue
  /// Where it stands; empty where it has no name.
  let path: String
  private let views: ViewStore
  private var lock: FileLock?
  /// What makes the indexes again that were dropped.
  private var lookups: [String] = []

  init(_ queue: DatabaseQueue, of views: ViewStore, path: String = "", _ lock: FileLock? = nil) {
    self.queue = queue
    self.views = views
    self.path = path
    self.lock = lock
  }

  /// Drops the indexes that people, and deliveries to them, are looked up by: rows come in no order of theirs.
  func dropLookups() throws {
    try queue.write { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
            AND (tbl_name = 'person' OR name IN ('delivery_open', 'delivery_status', 'delivery_cycle'))
          """)
      for row in rows { try database.execute(sql: "DROP INDEX \(row[0] as String)") }
      lookups = rows.map { $0[1] }
    }
  }

  /// Makes them again, each sorted at once. Whole tables with the indexes of the live ones are copied as they lie.
  func addLookups() throws {
    try queue.write { database in
      for lookup in lookups { try database.execute(sql: lookup) }
    }
    lookups = []
  }

  /// Closes and removes it, and lets the next one be made.
  func close() {
    try? queue.close()
    if !path.isEmpty { try? views.removeDatabase(path) }
    lock = nil
  }
}
