import GRDB
import Provisioning

extension EventLog {
  /// Copies the log as it stands when the copy begins into a new file, and returns how far it goes.
  ///
  /// Appends go on meanwhile, of other processes too, and are not in the copy. `progress` gets the pages that are done
  /// and their whole number. Throws `FaultCode.backupFile`, and faults PL-0301 to PL-0309.
  public func copy(to path: String, progress: (_ done: Int, _ pages: Int) -> Void = { _, _ in }) throws -> LogHead {
    try store.copy(to: path, progress: progress)
  }
}

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
