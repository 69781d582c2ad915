import Base
import Glibc
package import GRDB

/// Copies a database that others write to meanwhile, by SQLite's online backup.
package enum DatabaseCopy {
  /// Pages copied between two looks at the progress.
  private static let step: CInt = 1024

  /// Copies what `source` sees into a new file for its owner's eyes only; durable on return, one file, without a WAL.
  ///
  /// `source` must be inside a read transaction that has read something. That fixes the state that is copied: without
  /// it, each step would see the newest state, and begin again whenever somebody had written in between; a busy writer
  /// could keep the copy from ever ending. A writer of a WAL does not wait for us, its WAL only cannot shrink meanwhile.
  ///
  /// Throws `FaultCode.backupFile`.
  package static func write(
    _ source: Database, to path: String, progress: (_ done: Int, _ pages: Int) -> Void = { _, _ in }
  ) throws {
    do {
      try PrivateFile.make(path) { _ in
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { target in
          try withoutActuallyEscaping(progress) { progress in
            try source.backup(to: target, pagesPerStep: step) { progress($0.completedPageCount, $0.totalPageCount) }
          }
          // The copied header says WAL; what opens the copy next sets what it needs.
          try target.execute(sql: "PRAGMA journal_mode=DELETE")
        }
        try queue.close()
      }
    } catch let failure as PrivateFile.Failure {
      throw Fault(.backupFile, "\(path) cannot be written: \(failure.text). Check the disk and the permissions.")
    } catch let error as DatabaseError {
      throw Fault(
        .backupFile,
        "\(path) cannot be written: \(error.message ?? "SQLite error \(error.resultCode.rawValue)"). Check the disk.")
    }
  }
}

extension Log {
  /// Copies the log as it stands when the copy begins into a new file, and returns how far it goes.
  ///
  /// Appends go on meanwhile, of other processes too, and are not in the copy. `progress` gets the pages that are done
  /// and their whole number. Throws `FaultCode.backupFile`, and faults PL-0301 to PL-0309.
  public func copy(to path: String, progress: (_ done: Int, _ pages: Int) -> Void = { _, _ in }) throws -> LogHead {
    try store.copy(to: path, progress: progress)
  }
}
