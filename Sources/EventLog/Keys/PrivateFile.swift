import Glibc

/// Writes files that only their owner may read, durably and whole or not at all.
public enum PrivateFile {
  /// Why a file could not be written, in the system's words.
  public struct Failure: Error {
    /// The system's words.
    public let text: String
  }

  /// Writes `bytes` beside the path, synchronises them, and moves them into place. Throws `Failure`.
  public static func write(_ bytes: [UInt8], path: String) throws {
    let beside = "\(path).new"
    let descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure() }
    do {
      defer { close(descriptor) }
      guard fchmod(descriptor, 0o600) == 0 else { throw failure() }
      try write(bytes, to: descriptor)
    }
    guard rename(beside, path) == 0 else { throw failure() }
    synchroniseFolder(of: path)
  }

  /// Adds `bytes` to the end of a file, which is made when it is not there, durably. Throws `Failure`.
  public static func append(_ bytes: [UInt8], path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    try write(bytes, to: descriptor)
    synchroniseFolder(of: path)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure() }
      rest = rest.dropFirst(count)
    }
    guard fsync(descriptor) == 0 else { throw failure() }
  }

  /// So that the name survives a power loss too; a file system that cannot is no reason to fail.
  private static func synchroniseFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }

  private static func failure() -> Failure { Failure(text: String(cString: strerror(errno))) }
}
