import Base
import Foundation

/// A statement of a log's size and root: the text of a checkpoint note (C2SP tlog-checkpoint).
public struct Checkpoint: Equatable, Sendable {
  /// The name of the log.
  public let origin: String
  /// The number of entries.
  public let size: Int64
  /// The Merkle tree hash of those entries.
  public let root: Digest32

  /// The largest size that is believed of a log: far more than any has, and far from where sums of sizes overflow.
  public static let largest: Int64 = 1 << 56

  /// A statement.
  public init(origin: String, size: Int64, root: Digest32) {
    self.origin = origin
    self.size = size
    self.root = root
  }

  /// Reads a note's text; lines after the third are extensions and are not looked at. Throws
  /// `FaultCode.noteInvalid`.
  public init(text: String) throws {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 4, !lines[0].isEmpty, let size = Int64(lines[1]), (0...Self.largest).contains(size),
      String(size) == lines[1],
      let root = Digest32(base64: String(lines[2]))
    else {
      throw Fault(
        .noteInvalid,
        "The note is no checkpoint: it must say the log's origin, its size and its root, a line each. Fetch it again.")
    }
    self.init(origin: String(lines[0]), size: size, root: root)
  }

  /// The three lines that are signed.
  public var text: String { "\(origin)\n\(size)\n\(root.base64)\n" }
}

/// A checkpoint with its signatures, as the log keeps it.
public struct SignedCheckpoint: Equatable, Sendable {
  /// What it states.
  public let checkpoint: Checkpoint
  /// The note with the signatures.
  public let note: SignedNote

  /// Reads a note. Throws `FaultCode.noteInvalid`.
  public init(_ note: SignedNote) throws {
    checkpoint = try Checkpoint(text: note.text)
    self.note = note
  }

  /// The number of entries that it covers.
  public var size: Int64 { checkpoint.size }

  /// The size of the checkpoint that the log kept before this one, as the note's fourth line says it; nil where it says
  /// none, as former programs' notes do.
  var previous: Int64? {
    let lines = note.text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count > 3, lines[3].hasPrefix(Self.mark) else { return nil }
    return Int64(lines[3].dropFirst(Self.mark.count)).flatMap { (0..<max(1, size)).contains($0) ? $0 : nil }
  }

  /// What is signed: the three lines, and which checkpoint came before, so that none can be taken out unseen.
  static func text(_ checkpoint: Checkpoint, after previous: Int64?) -> String {
    checkpoint.text + (previous.map { "\(mark)\($0)\n" } ?? "")
  }

  private static let mark = "previous "

  /// The checkpoints of a file that was kept elsewhere, in its order. Throws `FaultCode.noteInvalid`.
  public static func all(in path: String) throws -> [SignedCheckpoint] {
    let bytes = try OutsideFile.read(
      path, limit: SignedNote.fileLimit, fault: .noteInvalid, "name a file that holds checkpoints.")
    return try SignedNote.all(in: bytes, named: path).map { try SignedCheckpoint($0) }
  }

  /// The newest checkpoint of a file to which they are added; nil when the file is empty or missing. However long the
  /// file is, its end alone is read. Throws `OutsideFile.Failure` and `FaultCode.noteInvalid`.
  public static func last(in path: String) throws -> SignedCheckpoint? {
    let end: (bytes: [UInt8], isWhole: Bool)
    do { end = try OutsideFile.tail(path, limit: 3 * SignedNote.limit) } catch let failure as OutsideFile.Failure {
      if failure.kind == .missing { return nil }
      throw failure
    }
    let bytes = end.isWhole ? end.bytes[...] : SignedNote.behindFirst(of: end.bytes)
    guard end.isWhole || !bytes.isEmpty else {
      throw Fault(.noteInvalid, "\(path) ends with no checkpoint; fetch it again from where it was kept.")
    }
    return try SignedNote.all(in: Array(bytes), named: path).last.map { try SignedCheckpoint($0) }
  }
}

extension Digest32 {
  /// The digest with this standard base64; nil for anything else.
  public init?(base64: String) {
    guard let data = Data(base64Encoded: base64), data.base64EncodedString() == base64,
      let digest = data.withUnsafeBytes({ Digest32($0) })
    else { return nil }
    self = digest
  }

  /// Standard base64, 44 characters.
  public var base64: String { withBytes { Data($0).base64EncodedString() } }
}
