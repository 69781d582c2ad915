import Crypto
import Glibc
public import Provisioning

/// The files of a backup: copied, hashed, written, synchronised.
public enum BackupFile {
  /// How many bytes a file has, and their SHA-256.
  public struct Content: Equatable, Sendable {
    /// The number of bytes.
    public var count: Int64
    /// SHA-256 over them.
    public var digest: Digest32
  }

  private static let chunk = 1 << 20

  /// Reads a file. Throws `FaultCode.backupFile`.
  public static func content(of path: String) throws -> Content { try read(path) { _ in } }

  /// Copies a file to a new one for its owner's eyes only, durable on return, and says what it read. Throws
  /// `FaultCode.backupFile`, also when the new one is there already.
  public static func copy(_ path: String, to copy: String) throws -> Content {
    try make(copy) { descriptor in try read(path) { try write($0, to: descriptor, copy) } }
  }

  /// Writes a new file for its owner's eyes only, durable on return. Throws `FaultCode.backupFile`.
  public static func write(_ bytes: [UInt8], to path: String) throws -> Content {
    try make(path) { descriptor in
      try bytes.withUnsafeBytes { try write($0, to: descriptor, path) }
      return Content(count: Int64(bytes.count), digest: Digest32(SHA256.hash(data: bytes)))
    }
  }

  private static func make<Result>(_ path: String, _ body: (Int32) throws -> Result) throws -> Result {
    let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw fault(path, "made") }
    defer { close(descriptor) }
    let result = try body(descriptor)
    guard fsync(descriptor) == 0 else { throw fault(path, "synchronised") }
    return result
  }

  private static func read(_ path: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Content {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw fault(path, "read") }
    defer { close(descriptor) }
    var hash = SHA256()
    var total: Int64 = 0
    var buffer = [UInt8](repeating: 0, count: chunk)
    while true {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw fault(path, "read") }
      if count == 0 { return Content(count: total, digest: Digest32(hash.finalize())) }
      try buffer.withUnsafeBytes { bytes in
        let part = UnsafeRawBufferPointer(rebasing: bytes[..<count])
        hash.update(bufferPointer: part)
        try body(part)
      }
      total += Int64(count)
    }
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let count = Glibc.write(descriptor, part.baseAddress, part.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw fault(path, "written") }
      rest = rest.dropFirst(count)
    }
  }

  /// Makes the names in a folder durable. A file system that cannot is no reason to fail.
  public static func synchronise(folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }

  /// The fault of the system call that has just failed.
  public static func fault(_ path: String, _ verb: String) -> Fault {
    let reason = String(cString: strerror(errno))
    return Fault(.backupFile, "\(path) cannot be \(verb): \(reason). Check the disk and the permissions.")
  }
}
