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
    guard lines.count >= 4, !lines[0].isEmpty, let size = Int64(lines[1]), size >= 0, String(size) == lines[1],
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
