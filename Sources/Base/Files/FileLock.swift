import Glibc

/// An advisory lock on a file or folder, by which processes take short turns (flock(2)). Each object is a holder of its
/// own, also within one process; what it holds ends with it.
public final class FileLock: Sendable {
  private let descriptor: Int32
  private let path: String
  private let code: FaultCode

  /// Opens a lock file, and makes it for its owner's eyes only when it is not there. `code` is the fault that it throws.
  public init(path: String, fault code: FaultCode) throws {
    self.path = path
    self.code = code
    do { descriptor = try OwnFile.open(path, O_RDWR) } catch let failure as PrivateFile.Failure {
      throw Fault(code, "\(path) cannot be opened: \(failure.text). Check the folder's permissions.")
    }
  }

  /// Opens a folder that is there; nil when it is not. Throws `code` when it cannot be opened, and for a link.
  public init?(folder path: String, fault code: FaultCode) throws {
    self.path = path
    self.code = code
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    if descriptor < 0, errno == ENOENT { return nil }
    guard descriptor >= 0 else { throw fault("opened") }
  }

  /// Let go by name: a child that has been forked and not executed yet would keep what is only closed here.
  deinit {
    guard descriptor >= 0 else { return }
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Opens a lock file and waits for its turn, which lasts as long as the object lives.
  public static func held(path: String, fault code: FaultCode) throws -> FileLock {
    let lock = try FileLock(path: path, fault: code)
    try lock.wait()
    return lock
  }

  /// Waits for its turn, runs `body`, and lets go.
  public func withLock<Result>(_ body: () throws -> Result) throws -> Result {
    try wait()
    defer { flock(descriptor, LOCK_UN) }
    return try body()
  }

  /// Takes the turn, to the end of this object's life, if nobody has it; false when somebody does.
  public func take() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

  /// True while the path still leads to what is locked: it may have been moved away and made anew.
  public var isInPlace: Bool {
    var (mine, present) = (stat(), stat())
    return fstat(descriptor, &mine) == 0 && stat(path, &present) == 0 && mine.st_ino == present.st_ino
  }

  private func wait() throws {
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw fault("locked") }
    }
  }

  private func fault(_ verb: String) -> Fault {
    Fault(code, "\(path) cannot be \(verb): \(systemError()). Check the folder's permissions.")
  }
}
