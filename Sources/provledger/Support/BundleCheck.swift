import Base
import EventLog
import Foundation
import JSON
import Provisioning

/// Checking a proof's file, without a ledger.
enum BundleCheck {
  /// Reads a file whole. Throws `FaultCode.proofInvalid`.
  static func bytes(_ path: String) throws -> [UInt8] {
    try OutsideFile.read(
      path, limit: ProofBundle.limit, fault: .proofInvalid, "name a file that `provledger log prove` wrote.")
  }

  /// Checks a file of either kind and says what it proves. `notes` are the checkpoints given, for the older side of a
  /// growth. Throws the faults of a proof that does not hold.
  static func run(_ path: String, keys: [VerifierKey], notes: [SignedCheckpoint]) throws -> JSONValue {
    switch try ProofBundle(bytes(path), named: path) {
    case .event(let proof):
      try proof.verify(with: keys)
      let position = proof.proof.index + 1
      return [
        "proved": "event", "origin": .string(proof.checkpoint.checkpoint.origin), "position": .string(String(position)),
        "size": .string(String(proof.checkpoint.size)),
        "entry": proof.entry.map { .string(String(decoding: $0, as: UTF8.self)) } ?? .null,
      ]
    case .growth(let proof):
      guard let old = notes.first(where: { $0.size == proof.proof.old }) else {
        throw Fault(
          .proofInvalid,
          "\(path) starts from \(proof.proof.old) events; give the checkpoint of that size with --checkpoint.")
      }
      try proof.verify(from: old, with: keys)
      return [
        "proved": "growth", "origin": .string(proof.checkpoint.checkpoint.origin), "old": .string(String(old.size)),
        "size": .string(String(proof.checkpoint.size)),
      ]
    }
  }
}
