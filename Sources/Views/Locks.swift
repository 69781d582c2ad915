import Glibc
import Provisioning

/// Rebuilds and checks take turns, since they share the file that they build beside the live one, and so do those who
/// make the tables (flock(2)).
final class RebuildLock {
  private let descriptor: Int32

  /// Waits for its turn; held while the object lives. Throws `FaultCode.viewsDamaged`.
  init(path: String) throws { descriptor = try lock(path, O_RDWR | O_CREAT) }

  deinit { close(descriptor) }
}

private func lock(_ path: String, _ flags: Int32) throws -> Int32 {
  func fault() -> Fault {
    let reason = String(cString: strerror(errno))
    return Fault(.viewsDamaged, "\(path) cannot be locked: \(reason). Check the folder's permissions.")
  }
  let descriptor = open(path, flags | O_CLOEXEC, 0o600)
  guard descriptor >= 0 else { throw fault() }
  while flock(descriptor, LOCK_EX) != 0 {
    guard errno == EINTR else {
      let fault = fault()
      close(descriptor)
      throw fault
    }
  }
  return descriptor
}
