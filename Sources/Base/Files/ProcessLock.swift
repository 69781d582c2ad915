import Glibc

/// A lock that a process holds for long, while this object lives (open file description locks of fcntl(2): a killed
/// process lets go by itself, and who only asks takes nothing). Its file says which process holds it.
public final class ProcessLock: Sendable {
  private let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Let go by name: a child that has been forked and not executed yet would keep what is only closed here.
  deinit {
    var request = Self.whole
    request.l_type = Int16(F_UNLCK)
    _ = fcntl(descriptor, Self.setLock, &request)
    close(descriptor)
  }

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

  /// Takes the lock of a file, which is made when it is not there; nil when somebody else holds it. Throws
  /// `FaultCode.lockUnusable` when the file, or the file system, cannot do it.
  public static func take(_ path: String) throws -> ProcessLock? {
    let descriptor: Int32
    do { descriptor = try OwnFile.open(path, O_RDWR) } catch let failure as PrivateFile.Failure {
      throw unusable(path, "opened", failure.text)
    }
    let lock = ProcessLock(descriptor)
    guard try lock.isTaken(path) else { return nil }
    let note = Array("\(getpid())\n".utf8)
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, note, note.count, 0)
    return lock
  }

  /// Asks for the lock. Only a conflict means that somebody holds it: a file system without such locks says otherwise.
  private func isTaken(_ path: String) throws -> Bool {
    var request = Self.whole
    while fcntl(descriptor, Self.setLock, &request) != 0 {
      switch errno {
      case EINTR: continue
      case EAGAIN, EACCES: return false
      default: throw Self.unusable(path, "locked")
      }
    }
    return true
  }

  private static func unusable(_ path: String, _ verb: String, _ reason: String = systemError()) -> Fault {
    Fault(
      .lockUnusable,
      "\(path) cannot be \(verb): \(reason). Check the folder's permissions, and that its file system has locks."
    )
  }

  /// Who holds the lock of a file; nil when nobody does.
  public static func holder(_ path: String) -> LockHolder? {
    guard let descriptor = try? OutsideFile.open(path) else { return nil }
    defer { close(descriptor) }
    var request = whole
    guard fcntl(descriptor, getLock, &request) == 0, request.l_type != F_UNLCK else { return nil }
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let digits = bytes.prefix(max(0, count)).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return LockHolder(Int32(String(decoding: digits, as: UTF8.self)) ?? 0)
  }
}
