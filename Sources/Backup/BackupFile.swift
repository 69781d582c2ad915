import Base
import Crypto
import EventLog
import Glibc
import Provisioning

/// The files of a backup: copied, hashed, written, synchronised.
enum BackupFile {
  /// How many bytes a file has, and their SHA-256.
  struct Content: Equatable, Sendable {
    /// The number of bytes.
    var count: Int64
    /// SHA-256 over them.
    var digest: Digest32
  }

  private static let chunk = 1 << 20

  /// Reads a file. Throws `FaultCode.backupFile`.
  static func content(of path: String) throws -> Content { try read(path) { _ in } }

  /// Copies a file to a new one for its owner's eyes only, durable on return, and says what it read. Throws
  /// `FaultCode.backupFile`, also when the new one is there already.
  static func copy(_ path: String, to copy: String) throws -> Content {
    try make(copy) { descriptor in try read(path) { try PrivateFile.write($0, to: descriptor) } }
  }

  /// Writes a new file for its owner's eyes only, durable on return. Throws `FaultCode.backupFile`.
  static func write(_ bytes: [UInt8], to path: String) throws -> Content {
    try make(path) { descriptor in
      try PrivateFile.write(bytes, to: descriptor)
      return Content(count: Int64(bytes.count), digest: Digest32(SHA256.hash(data: bytes)))
    }
  }

  private static func make<Result>(_ path: String, _ body: (Int32) throws -> Result) throws -> Result {
    do {
      return try PrivateFile.make(path, body)
    } catch let failure as PrivateFile.Failure {
      throw fault(path, "written", failure.text)
    }
  }

  private static func read(_ path: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Content {
    let descriptor: Int32
    do { descriptor = try OutsideFile.open(path) } catch let failure as OutsideFile.Failure {
      throw failure.fault(.backupFile, path, "check the disk and the permissions.")
    }
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

  /// The fault of a system call: the one that has just failed, unless its words are given.
  static func fault(_ path: String, _ verb: String, _ reason: String = systemError()) -> Fault {
    Fault(.backupFile, "\(path) cannot be \(verb): \(reason). Check the disk and the permissions.")
  }
}
