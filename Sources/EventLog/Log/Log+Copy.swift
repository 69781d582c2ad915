import GRDB

extension Log {
  /// Copies the log as it stands when the copy begins into a new file, and returns how far it goes.
  ///
  /// Appends go on meanwhile, of other processes too, and are not in the copy. `progress` gets the pages that are done
  /// and their whole number. Throws `FaultCode.backupFile`, and faults PL-0301 to PL-0309.
  public func copy(to path: String, progress: (_ done: Int, _ pages: Int) -> Void = { _, _ in }) throws -> LogHead {
    try store.copy(to: path, progress: progress)
  }
}
