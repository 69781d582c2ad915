import Base
import GRDB

/// A database of views beside the live one, which is filled from the log and thrown away.
final class FreshDatabase {
  let queue: DatabaseQueue
  /// Where it stands; empty where it has no name.
  let path: String
  private let views: ViewStore
  private var lock: FileLock?

  init(_ queue: DatabaseQueue, of views: ViewStore, path: String = "", _ lock: FileLock? = nil) {
    self.queue = queue
    self.views = views
    self.path = path
    self.lock = lock
  }

  /// Closes and removes it, and lets the next one be made.
  func close() {
    try? queue.close()
    if !path.isEmpty { try? views.removeDatabase(path) }
    lock = nil
  }
}
