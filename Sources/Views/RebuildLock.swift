import Glibc
import Provisioning

/// Rebuilds and checks take turns, since they share the file that they build beside the live one, and so do those who
/// make the tables (flock(2)).
final class RebuildLock {
  private let descriptor: Int32

  /// Waits for its turn; held while the object lives. Throws `FaultCode.viewsDamaged`.
  init(path: String) throws {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.fault(path) }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw Self.fault(path) }
    }
  }

  deinit { close(descriptor) }

  private static func fault(_ path: String) -> Fault {
    let reason = String(cString: strerror(errno))
    return Fault(.viewsDamaged, "\(path) cannot be locked: \(reason). Check the folder's permissions.")
  }
}
