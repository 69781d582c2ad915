import Base
import Foundation

/// A file that proves one event, without the log: the entry, its way up the tree, the checkpoint (C2SP tlog-proof).
public struct EventProof: Equatable, Sendable {
  static let header = "c2sp.org/tlog-proof@v1"

  /// The entry's bytes, or whatever the file carries in their place; not covered by the format's own rules, so
  /// `verify` hashes them.
  public let entry: [UInt8]?
  /// The way up.
  public let proof: InclusionProof
  /// The statement that it leads to.
  public let checkpoint: SignedCheckpoint

  /// A proof of an event under a checkpoint.
  public init(entry: [UInt8]?, proof: InclusionProof, checkpoint: SignedCheckpoint) {
    self.entry = entry
    self.proof = proof
    self.checkpoint = checkpoint
  }

  /// The file's text.
  public var text: String {
    var lines = [Self.header]
    if let entry { lines.append("extra \(Data(entry).base64EncodedString())") }
    lines.append("index \(proof.index)")
    lines += proof.hashes.map(\.base64)
    return lines.map { $0 + "\n" }.joined() + "\n" + checkpoint.note.description
  }

  init(_ file: ProofFile) throws {
    var lines = file.head.dropFirst()
    if let line = lines.first, line.hasPrefix("extra ") {
      guard let data = Data(base64Encoded: String(line.dropFirst(6))), data.base64EncodedString() == line.dropFirst(6)
      else { throw file.refuse("`extra` is no base64") }
      entry = Array(data)
      lines.removeFirst()
    } else {
      entry = nil
    }
    guard let line = lines.popFirst(), line.hasPrefix("index "), let index = file.number(line.dropFirst(6)) else {
      throw file.refuse("the line `index` is missing")
    }
    checkpoint = try file.checkpoint()
    guard index < checkpoint.size else { throw file.refuse("it is about an entry that its checkpoint does not cover") }
    proof = InclusionProof(index: index, size: checkpoint.size, hashes: try file.hashes(lines))
  }

  /// Checks signature, entry and way up, all from the file; `entry` stands in for one that the file does not carry.
  ///
  /// Throws `FaultCode.noteUnsigned` and `FaultCode.proofFails`.
  public func verify(with keys: [VerifierKey], entry other: [UInt8]? = nil) throws {
    try checkpoint.note.verify(with: keys)
    guard let entry = other ?? entry else {
      throw Fault(.proofFails, "The proof carries no entry, so there is nothing to prove; name the entry's file.")
    }
    guard proof.verify(leaf: Merkle.leaf(entry), root: checkpoint.checkpoint.root) else {
      throw Fault(
        .proofFails,
        "The entry is not entry \(proof.index + 1) of the log that the checkpoint states: entry or proof was changed.")
    }
  }
}
