import Glibc
import Provisioning

/// An advisory lock on a file, held while one process writes (flock(2)). Each object is a holder of its own, also
/// within one process.
final class FileLock: Sendable {
  private let descriptor: Int32
  private let path: String

  /// Makes the file when it is not there. Throws `FaultCode.logLock`.
  init(path: String) throws {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.fault(path, "opened") }
  }

  deinit { close(descriptor) }

  /// Waits for its turn, runs `body`, and lets go.
  func withLock<Result>(_ body: () throws -> Result) throws -> Result {
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw Self.fault(path, "locked") }
    }
    defer { flock(descriptor, LOCK_UN) }
    return try body()
  }

  private static func fault(_ path: String, _ verb: String) -> Fault {
    let reason = String(cString: strerror(errno))
    return Fault(.logLock, "The lock file \(path) cannot be \(verb): \(reason). Check the folder's permissions.")
  }
}
