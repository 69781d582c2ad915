import Base
import EventLog

/// The files that a command about evidence is pointed at.
enum EvidenceFiles {
  /// The checkpoints of a file. Throws `FaultCode.noteInvalid`, also when there is none in it.
  static func checkpoints(in path: String) throws -> [SignedCheckpoint] {
    let notes = try SignedCheckpoint.all(in: path)
    if notes.isEmpty { throw Fault(.noteInvalid, "\(path) holds no checkpoint; name another file.") }
    return notes
  }

  /// The proof of a file, of either kind. Throws `FaultCode.proofInvalid` and `FaultCode.noteInvalid`.
  static func proof(in path: String) throws -> ProofBundle {
    let bytes = try OutsideFile.read(
      path, limit: ProofBundle.limit, fault: .proofInvalid, "name a file that `provledger log prove` wrote.")
    return try ProofBundle(bytes, named: path)
  }
}
