import Base

/// A file that proves that the log of a checkpoint begins with an earlier, shorter one: the body of C2SP tlog-witness'
/// add-checkpoint request.
public struct GrowthProof: Equatable, Sendable {
  static let header = "old "

  /// The hashes.
  public let proof: ConsistencyProof
  /// The later statement.
  public let checkpoint: SignedCheckpoint

  /// A proof that leads to a checkpoint.
  public init(proof: ConsistencyProof, checkpoint: SignedCheckpoint) {
    self.proof = proof
    self.checkpoint = checkpoint
  }

  /// The file's text.
  public var text: String {
    (["old \(proof.old)"] + proof.hashes.map(\.base64)).map { $0 + "\n" }.joined() + "\n" + checkpoint.note.description
  }

  init(_ file: ProofFile) throws {
    guard let first = file.head.first, let old = file.number(first.dropFirst(Self.header.count)) else {
      throw file.refuse("the first line does not say the old size")
    }
    checkpoint = try file.checkpoint()
    guard old <= checkpoint.size else { throw file.refuse("it goes from more entries to fewer") }
    proof = ConsistencyProof(old: old, new: checkpoint.size, hashes: try file.hashes(file.head.dropFirst()))
  }

  /// Checks both signatures and that the later log begins with the earlier one.
  ///
  /// Throws `FaultCode.noteUnsigned` and `FaultCode.proofFails`.
  public func verify(from old: SignedCheckpoint, with keys: [VerifierKey]) throws {
    try checkpoint.note.verify(with: keys)
    try old.note.verify(with: keys)
    guard old.size == proof.old, old.checkpoint.origin == checkpoint.checkpoint.origin else {
      throw Fault(
        .proofFails,
        "The proof starts from \(proof.old.of("entry", "entries")), and the checkpoint given is of another size or log."
      )
    }
    guard proof.verify(oldRoot: old.checkpoint.root, newRoot: checkpoint.checkpoint.root) else {
      throw Fault(
        .proofFails,
        "The log of \(proof.new.of("entry", "entries")) does not begin with the \(proof.old) that the older checkpoint states."
      )
    }
  }
}
