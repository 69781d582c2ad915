import Base
import EventLog
import Reports
import Sealing

/// The files that a command about evidence is pointed at.
enum EvidenceFiles {
  /// The checkpoints of a file. Throws `FaultCode.noteInvalid`, also when there is none in it.
  static func checkpoints(in path: String) throws -> [SignedCheckpoint] {
    let notes = try SignedCheckpoint.all(in: path)
    if notes.isEmpty { throw Fault(.noteInvalid, "\(path) holds no checkpoint; name another file.") }
    return notes
  }

  /// What the file of a proof, of any kind, proves. `notes` are the checkpoints at hand.
  ///
  /// Throws `FaultCode.proofInvalid`, `FaultCode.noteInvalid` and the faults of a proof that does not hold.
  static func proved(in path: String, keys: [VerifierKey], notes: [SignedCheckpoint]) throws -> ProvedBundle {
    let bytes = try OutsideFile.read(
      path, limit: OpenedProof.limit, fault: .proofInvalid, "name a file that `provledger log prove` wrote.")
    if OpenedProof.looksLike(bytes) { return try ProvedBundle(try OpenedProof(bytes, named: path), keys: keys) }
    return try ProvedBundle(try ProofBundle(bytes, named: path), named: path, keys: keys, notes: notes)
  }
}
