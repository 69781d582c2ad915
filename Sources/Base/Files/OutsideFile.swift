import Glibc

/// Reads files that somebody else may have made, replaced or let grow: opened without waiting, looked at once they are
/// open, and read within a bound.
public enum OutsideFile {
  /// Why a file could not be read.
  public struct Failure: Error, Equatable {
    /// What is wrong.
    public enum Kind: Equatable, Sendable {
      /// Nothing is there.
      case missing
      /// It is a pipe, a socket, a device or a folder.
      case notAFile
      /// It is larger than may be read.
      case tooLarge
      /// The system refuses.
      case unreadable
      /// Another user owns it or may write it, and only what is ours alone is believed.
      case foreign
    }

    /// What is wrong.
    public let kind: Kind
    /// The same in words that follow the file's path: "has more than 5 bytes".
    public let text: String

    static func unreadable() -> Failure {
      Failure(kind: errno == ENOENT ? .missing : .unreadable, text: "cannot be read: \(systemError())")
    }

    static let notAFile = Failure(
      kind: .notAFile, text: "is a pipe, a socket, a device or a folder, and only a regular file is read")

    static let foreign = Failure(kind: .foreign, text: "belongs to another user, or others may write it")

    static func tooLarge(_ limit: Int) -> Failure {
      Failure(kind: .tooLarge, text: "has more than the \(limit) bytes that are read of such a file")
    }

    static func longLine(_ limit: Int) -> Failure {
      Failure(kind: .tooLarge, text: "has a line of more than \(limit) bytes")
    }

    /// The fault for it: what is wrong with the path, then the way out.
    public func fault(_ code: FaultCode, _ path: String, _ remedy: String) -> Fault {
      Fault(code, "\(path) \(text); \(remedy)")
    }
  }

  /// Opens a regular file to read it, for the caller to close. Throws `Failure`.
  ///
  /// Non-blocking, since opening a pipe waits for its other end; looked at once open, since what a path leads to may
  /// change.
  public static func open(_ path: String) throws -> Int32 { try openMeasured(path).descriptor }

  private static func openMeasured(_ path: String, mustBeOwn: Bool = false) throws -> (descriptor: Int32, size: Int) {
    let descriptor = Glibc.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure.unreadable() }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw Failure.notAFile
    }
    guard !mustBeOwn || [geteuid(), 0].contains(status.st_uid) && status.st_mode & 0o022 == 0 else {
      close(descriptor)
      throw Failure.foreign
    }
    return (descriptor, Int(status.st_size))
  }

  /// The whole of a file of at most `limit` bytes; with `mustBeOwn` only when it is this user's (or root's) and nobody
  /// else may write it. Throws `Failure`.
  public static func read(_ path: String, limit: Int, mustBeOwn: Bool = false) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try pieces(path, limit: limit, mustBeOwn: mustBeOwn) { bytes += $0 }
    return bytes
  }

  /// As the other one; a failure leaves as a fault of this code, with the way out behind what is wrong.
  public static func read(
    _ path: String, limit: Int, mustBeOwn: Bool = false, fault code: FaultCode, _ remedy: String
  ) throws -> [UInt8] {
    do { return try read(path, limit: limit, mustBeOwn: mustBeOwn) } catch let failure as Failure {
      throw failure.fault(code, path, remedy)
    }
  }

  /// The file as UTF-8 text; nil when it is none, is not there, or has more than `limit` bytes.
  public static func text(_ path: String, limit: Int) -> String? {
    (try? read(path, limit: limit)).flatMap { String(validating: $0, as: UTF8.self) }
  }

  /// Hands over a file piece by piece, front to back. Throws `Failure`, when it has more than `limit` bytes too, and
  /// what `body` throws.
  public static func pieces(
    _ path: String, limit: Int, mustBeOwn: Bool = false, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let (descriptor, size) = try openMeasured(path, mustBeOwn: mustBeOwn)
    defer { close(descriptor) }
    guard size <= limit else { throw Failure.tooLarge(limit) }
    var total = 0
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try fill(&piece, from: descriptor)
      if count == 0 { return }
      total += count
      // A file can grow after its size was looked up, and some have none.
      guard total <= limit else { throw Failure.tooLarge(limit) }
      try piece.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
  }

  /// The lines of a file without their ends, one after the other; `line` is the most bytes that one may have.
  ///
  /// The last one need not have an end, and then says so. Throws as `pieces` does.
  public static func lines(
    _ path: String, limit: Int, line longest: Int, _ body: (_ line: [UInt8], _ hasEnd: Bool) throws -> Void
  ) throws {
    var rest: [UInt8] = []
    try pieces(path, limit: limit) { piece in
      var start = piece.startIndex
      while let end = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
        rest += piece[start..<end]
        guard rest.count <= longest else { throw Failure.longLine(longest) }
        try body(rest, true)
        rest.removeAll(keepingCapacity: true)
        start = end + 1
      }
      rest += piece[start...]
      guard rest.count <= longest else { throw Failure.longLine(longest) }
    }
    if !rest.isEmpty { try body(rest, false) }
  }

  /// The last bytes of a file, at most `limit`, however long it is, and whether that is all of it. Throws `Failure`.
  public static func tail(_ path: String, limit: Int) throws -> (bytes: [UInt8], isWhole: Bool) {
    let (descriptor, size) = try openMeasured(path)
    defer { close(descriptor) }
    let start = max(0, size - limit)
    guard lseek(descriptor, off_t(start), SEEK_SET) >= 0 else { throw Failure.unreadable() }
    var bytes = [UInt8](repeating: 0, count: size - start)
    bytes.removeLast(bytes.count - (try fill(&bytes, from: descriptor)))
    return (bytes, start == 0)
  }

  /// Fills a buffer as far as the file reaches; returns how far.
  private static func fill(_ buffer: inout [UInt8], from descriptor: Int32) throws -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = buffer.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress?.advanced(by: filled), $0.count - filled)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Failure.unreadable() }
      if count == 0 { break }
      filled += count
    }
    return filled
  }
}
