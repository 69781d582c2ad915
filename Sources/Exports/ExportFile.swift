import Base
import Crypto
import EventLog
import Foundation
import Glibc

/// The file of an export, while it is made: beside its place under the place's name and `.part`, for its owner alone.
///
/// A file that was left there is taken over: whoever was cut off before the export was recorded begins anew, and whoever was cut
/// off after that has only to be finished.
public final class ExportFile {
  private let part: String
  private let descriptor: Int32
  private var hash = SHA256()

  /// Opens the file beside a place. Throws `FaultCode.outputUnwritable`, and `FaultCode.backupBusy` while another process is at
  /// it.
  public init(at path: String) throws {
    let part = "\(path).part"
    descriptor = try Self.faults(part) { try OwnFile.open(part, O_RDWR) }
    self.part = part
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw Fault(.backupBusy, "Another process is making \(path); wait until it is done.")
    }
  }

  /// A file without a name, for what goes to standard output: nothing of it is left whatever happens. Throws
  /// `FaultCode.outputUnwritable`.
  public init() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "provledger-\(randomName())").path
    descriptor = try Self.faults(path) { try PrivateFile.create(path) }
    unlink(path)
    part = path
  }

  /// Whether something lies beside a place.
  public static func isBeside(_ path: String) -> Bool { access("\(path).part", F_OK) == 0 }

  /// The names of files that exports have left in the folder of a place when they were cut off: those that are this user's alone,
  /// and that no process is at. That of the place itself, which the next export takes over, is not among them.
  public static func left(beside path: String) -> [String] {
    let place = URL(fileURLWithPath: "\(path).part")
    let folder = place.deletingLastPathComponent().path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".part") && $0 != place.lastPathComponent && isLeft("\(folder)/\($0)") }.sorted()
  }

  private static func isLeft(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & (S_IFMT | 0o777) == S_IFREG | 0o600
      && status.st_uid == geteuid() && flock(descriptor, LOCK_SH | LOCK_NB) == 0
  }

  deinit { close(descriptor) }

  /// The digest of what is there already; nil for an empty file. Throws `FaultCode.outputUnwritable`, as all of these do.
  public func digestOfContent() throws -> String? {
    var (hash, isEmpty) = (SHA256(), true)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw Self.unwritable(part, PrivateFile.Failure()) }
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count >= 0 else { throw Self.unwritable(part, PrivateFile.Failure()) }
      if count == 0 { return isEmpty ? nil : Digest32(hash.finalize()).description }
      isEmpty = false
      hash.update(data: buffer[..<count])
    }
  }

  /// Empties the file, to begin anew.
  public func empty() throws {
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw Self.unwritable(part, PrivateFile.Failure())
    }
    hash = SHA256()
  }

  /// Adds bytes.
  public func write(_ bytes: [UInt8]) throws {
    hash.update(data: bytes)
    try Self.faults(part) { try PrivateFile.write(bytes, to: descriptor) }
  }

  /// Makes the bytes durable and returns their digest.
  public func finish() throws -> String {
    try Self.faults(part) { try PrivateFile.sync(descriptor) }
    return Digest32(hash.finalize()).description
  }

  /// Hands out the bytes.
  public func forEach(_ body: ([UInt8]) throws -> Void) throws {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw Self.unwritable(part, PrivateFile.Failure()) }
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count >= 0 else { throw Self.unwritable(part, PrivateFile.Failure()) }
      if count == 0 { return }
      try body(Array(buffer[..<count]))
    }
  }

  /// Moves it into its place.
  public func move(to path: String) throws {
    try Self.faults(path) { if rename(part, path) != 0 { throw PrivateFile.Failure() } }
    PrivateFile.syncFolder(of: path)
  }

  /// Takes it away.
  public func remove() { unlink(part) }

  private static func faults<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let failure as PrivateFile.Failure { throw unwritable(path, failure) }
  }

  private static func unwritable(_ path: String, _ failure: PrivateFile.Failure) -> Fault {
    Fault(.outputUnwritable, "\(path) cannot be written: \(failure.text). Check where it goes, and the room there.")
  }
}
