import Glibc
import Provisioning

/// One of the ledger's two long locks, held while this object lives (flock(2): a killed process lets go by itself).
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

  /// Takes a lock; nil when somebody else holds it. Throws `FaultCode.lockUnusable`.
  static func take(_ kind: Kind, in folder: String) throws -> Lock? {
    let path = "\(folder)/\(kind.rawValue).lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let reason = String(cString: strerror(errno))
      throw Fault(.lockUnusable, "\(path) cannot be opened: \(reason). Check the folder's permissions.")
    }
    let lock = Lock(descriptor)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
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
    // A shared try: two who only ask must not take each other for the holder.
    if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return nil }
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let digits = bytes.prefix(max(0, count)).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return Int32(String(decoding: digits, as: UTF8.self)) ?? 0
  }
}
