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

  /// Who holds a lock; nil when nobody does.
  static func holder(_ kind: Kind, in folder: String) -> LockHolder? {
    let descriptor = open("\(folder)/\(kind.rawValue).lock", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var request = whole
    guard fcntl(descriptor, getLock, &request) == 0, request.l_type != F_UNLCK else { return nil }
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let digits = bytes.prefix(max(0, count)).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return LockHolder(Int32(String(decoding: digits, as: UTF8.self)) ?? 0)
  }
}

/// The process that holds one of the ledger's locks.
public struct LockHolder: Equatable, Sendable {
  /// The process; 0 when it has not said which.
  public var process: Int32
  /// True when it is stopped (SIGSTOP, a debugger): it keeps the lock, since it may go on at any moment.
  public var isStopped: Bool

  init(_ process: Int32) {
    self.process = process
    isStopped = Self.state(of: process).map { "Tt".utf8.contains($0) } ?? false
  }

  /// A holder, as a test makes one.
  init(process: Int32, isStopped: Bool) {
    self.process = process
    self.isStopped = isStopped
  }

  /// The letter for a process's state in /proc/PID/stat (proc_pid_stat(5)); nil when there is no such process, or it is
  /// another container's.
  private static func state(of process: Int32) -> UInt8? {
    guard process > 0 else { return nil }
    let descriptor = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(descriptor, &bytes, bytes.count)
    // The name before it stands in parentheses and may hold some itself.
    guard count > 0, let end = bytes.prefix(count).lastIndex(of: UInt8(ascii: ")")), end + 2 < count else { return nil }
    return bytes[end + 2]
  }

  /// Who it is and what that means for whoever waits: "process 12 is at work", or that it is stopped, and the way out.
  public var sentence: String {
    guard isStopped else { return "process \(process) is at work" }
    return """
      process \(process) is stopped; it keeps the lock, since it may go on sending; continue it with \
      `kill -CONT \(process)` or end it
      """
  }
}
