import Glibc
import Provisioning

/// One of the ledger's two long locks, held while this object lives (open file description locks of
/// fcntl(2): a killed process lets go by itself, and who only asks takes nothing).
public final class Lock: Sendable {
  /// What a lock is for.
  public enum Kind: String, Sendable {
    /// Cycles, and all else that decides.
    case cycle
    /// The worker that delivers.
    case worker
  }

  private let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  // F_OFD_GETLK and F_OFD_SETLK of Linux' fcntl.h, which Glibc's module does not show.
  private static let getLock: Int32 = 36
  private static let setLock: Int32 = 37

  /// A request for the whole file, to write.
  private static var whole: flock {
    var request = flock()
    request.l_type = Int16(F_WRLCK)
    request.l_whence = Int16(SEEK_SET)
    return request
  }

  /// Takes a lock; nil when somebody else holds it. Throws `FaultCode.lockUnusable`.
  static func take(_ kind: Kind, in folder: String) throws -> Lock? {
    let path = "\(folder)/\(kind.rawValue).lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let reason = String(cString: strerror(errno))
      throw Fault(.lockUnusable, "\(path) cannot be opened: \(reason). Check the folder's permissions.")
    }
    let lock = Lock(descriptor)
    var request = whole
    guard fcntl(descriptor, setLock, &request) == 0 else { return nil }
    let note = Array("\(getpid())\n".utf8)
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, note, note.count, 0)
    return lock
  }

  /// The process that holds a lock, 0 when it has not said which; nil when nobody does.
  static func holder(_ kind: Kind, in folder: String) -> Int32? {
    let descriptor = open("\(folder)/\(kind.rawValue).lock", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var request = whole
    guard fcntl(descriptor, getLock, &request) == 0, request.l_type != F_UNLCK else { return nil }
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let digits = bytes.prefix(max(0, count)).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return Int32(String(decoding: digits, as: UTF8.self)) ?? 0
  }
}
