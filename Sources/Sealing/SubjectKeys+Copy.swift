import EventLog
import GRDB

extension SubjectKeys {
  /// Copies the keys into a new file, in one read transaction: who writes waits for it. Throws `FaultCode.backupFile`,
  /// and faults PL-0401 to PL-0407.
  public func copy(to path: String) throws {
    try faults.map {
      try database.read { source in
        // The first read takes the lock that keeps the file as it is.
        _ = try Int.fetchOne(source, sql: "SELECT count(*) FROM subject")
        try DatabaseCopy.write(source, to: path)
      }
    }
  }
}
