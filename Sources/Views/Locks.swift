import Foundation
import Glibc
import Provisioning

/// Rebuilds and checks take turns, since they share the file that they build beside the live one (flock(2)).
final class RebuildLock {
  private let descriptor: Int32

  /// Waits for its turn; held while the object lives. Throws `FaultCode.viewsDamaged`.
  init(path: String) throws { descriptor = try lock(path, O_RDWR | O_CREAT) }

  deinit { close(descriptor) }
}

/// Those who make the tables of the views take turns. The folder itself is locked: a lock of the database's own file
/// would be let go by SQLite's opening and closing, and one more file is not needed.
final class FolderLock {
  private let descriptor: Int32

  /// Waits for its turn; held while the object lives. Throws `FaultCode.viewsDamaged`.
  init(of path: String) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    descriptor = try lock(folder, O_RDONLY | O_DIRECTORY)
  }

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
