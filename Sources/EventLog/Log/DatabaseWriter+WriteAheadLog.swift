package import GRDB

extension DatabaseWriter {
  /// Takes the write-ahead log over into the database and empties it, unless somebody reads it: one that is left full is taken
  /// over anew by each process that opens the database (https://sqlite.org/wal.html, "Avoiding Excessively Large WAL Files").
  package func emptyWriteAheadLog() {
    try? writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA busy_timeout = 0")
      _ = try database.checkpoint(.truncate)
    }
  }
}
