import Glibc

/// Writes files that only their owner may read, durably and whole or not at all.
public enum PrivateFile {
  /// Why a file could not be written.
  public struct Failure: Error, Equatable {
    /// The system's words.
    public let text: String
    /// The system's number (errno(3)).
    public let number: Int32

    /// The failure of the system call that has just failed.
    public init() {
      number = errno
      text = systemError()
    }

    /// A refusal of our own, in words that follow "because".
    public init(_ text: String) {
      number = 0
      self.text = text
    }
  }

  /// Writes `bytes` beside the path, under a name that nobody can guess, so that two processes may do it at once and
  /// nobody else can be there first, and moves them into place. `mode` says who may open the file. Unless `isDurable` is
  /// false a loss of power leaves the old file or the new one; that takes some milliseconds. Throws `Failure`.
  public static func write(_ bytes: [UInt8], path: String, mode: UInt32 = 0o600, isDurable: Bool = true) throws {
    let beside = "\(path).new-\(randomName())"
    let descriptor = try create(beside)
    defer { close(descriptor) }
    do {
      try write(bytes, to: descriptor)
      // On the descriptor: the name may lead elsewhere by now, and the process's mask takes nothing from it.
      guard fchmod(descriptor, mode) == 0 else { throw Failure() }
      if isDurable { try sync(descriptor) }
      guard rename(beside, path) == 0 else { throw Failure() }
    } catch {
      unlink(beside)
      throw error
    }
    if isDurable { syncFolder(of: path) }
  }

  /// Adds `bytes` to the end of a file, which is made when it is not there, durably. Throws `Failure`, also for what is
  /// no file of ours (`OwnFile`).
  public static func append(_ bytes: [UInt8], path: String) throws {
    let descriptor = try OwnFile.open(path, O_WRONLY, O_APPEND)
    defer { close(descriptor) }
    try write(bytes, to: descriptor)
    try sync(descriptor)
    syncFolder(of: path)
  }

  /// Writes `bytes` into a new file, durable on return. Throws `Failure`, also when something is there already.
  public static func make(_ bytes: [UInt8], path: String) throws {
    try make(path) { try write(bytes, to: $0) }
    syncFolder(of: path)
  }

  /// Makes a new file, has `body` fill it, and makes it durable; its name becomes so by `syncFolder`. What is half
  /// written is removed. Throws `Failure`, also when something is there already, and what `body` throws.
  @discardableResult
  public static func make<Result>(_ path: String, _ body: (Int32) throws -> Result) throws -> Result {
    let descriptor = try create(path)
    defer { close(descriptor) }
    do {
      let result = try body(descriptor)
      try sync(descriptor)
      return result
    } catch {
      unlink(path)
      throw error
    }
  }

  /// Makes a new, empty file and returns its descriptor, open to read and write, for the caller to close. Throws
  /// `Failure`, also when something is there already.
  public static func create(_ path: String) throws -> Int32 {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure() }
    return descriptor
  }

  /// Writes all bytes to a descriptor. Throws `Failure`.
  public static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
    try bytes.withUnsafeBytes { try write($0, to: descriptor) }
  }

  /// Writes all bytes to a descriptor. Throws `Failure`.
  public static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Failure() }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
  }

  /// Makes a file's content durable. Throws `Failure`.
  public static func sync(_ descriptor: Int32) throws {
    guard fsync(descriptor) == 0 else { throw Failure() }
  }

  /// Makes the names in the folder of a path durable: without it a new name may not survive a loss of power. A file
  /// system that cannot is no reason to fail.
  public static func syncFolder(of path: String) { sync(folder: folder(of: path)) }

  /// The folder that a path's last name stands in.
  static func folder(of path: String) -> String {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    return folder.isEmpty ? "/" : folder
  }

  /// Makes the names in a folder durable, as `syncFolder` does.
  public static func sync(folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }
}

/// What the last system call that failed says of itself (strerror(3)).
public func systemError() -> String { String(cString: strerror(errno)) }

/// Eight letters and digits that nobody has chosen, to name a file or a log.
public func randomName() -> String {
  String((0..<8).map { _ in "abcdefghijkmnpqrstuvwxyz23456789".randomElement() ?? "x" })
}
