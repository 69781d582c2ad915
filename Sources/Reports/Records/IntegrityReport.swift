import Base
import EventLog
public import Ledger

/// What holds the log together: its checkpoints, whether each agrees with the tree and extends the one before, and what none
/// covers.
///
/// It recomputes roots from the tree that the log keeps; `provledger verify` recomputes the tree from the entries.
public struct IntegrityReport: LedgerReport {
  /// The question; its period plays no part.
  public let query: ReportQuery

  /// A report on the part of the log that the query is about.
  public init(_ query: ReportQuery) { self.query = query }

  private struct Check {
    let checkpoint: SignedCheckpoint
    let time: Timestamp
    let previous: Int64
    let signers: [String]
    let isTree: Bool
    let proof: ConsistencyProof
    let isProved: Bool

    var isSound: Bool { !signers.isEmpty && isTree && isProved }
  }

  /// The report. Throws the faults of log and keys.
  public func document(of ledger: OpenLedger) throws -> ReportDocument {
    let checks = try checks(ledger)
    let covered = checks.last { $0.isSound }?.checkpoint.size ?? 0
    let population = "all \(checks.count.of("checkpoint")) of \(query.asOf.position.of("event"))"
    return ReportDocument(
      name: "integrity", title: "Integrity: what is signed, and what is not",
      about: try query.about(ledger, population: population, rows: checks.count) + keys(ledger),
      numbers: numbers(checks, covered), columns: Self.columns, rows: checks.map(row))
  }

  private func keys(_ ledger: OpenLedger) throws -> [ReportDocument.Fact] {
    try ledger.verifierKeys().enumerated().map { index, key in
      ReportDocument.Fact("verifierKey\(index + 1)", "Verifier key", key.text)
    }
  }

  private func checks(_ ledger: OpenLedger) throws -> [Check] {
    let known = try ledger.verifierKeys()
    var checks: [Check] = []
    var next: Int64 = 0
    while next <= query.asOf.position {
      let page = try ledger.log.datedCheckpoints(from: next)
      guard let last = page.last else { break }
      // One that was signed after the moment may cover exactly the events before it.
      for (checkpoint, time) in page where checkpoint.size <= query.asOf.position && time <= query.asOf.moment {
        checks.append(try check(checkpoint, time, after: checks.last?.checkpoint, known, ledger.log))
      }
      next = last.checkpoint.size + 1
    }
    return checks
  }

  private func check(
    _ checkpoint: SignedCheckpoint, _ time: Timestamp, after previous: SignedCheckpoint?, _ known: [VerifierKey],
    _ log: Log
  ) throws -> Check {
    let old = previous?.size ?? 0
    let proof = try log.consistencyProof(old: old, new: checkpoint.size)
    let start = try previous?.checkpoint.root ?? log.root(at: 0)
    return Check(
      checkpoint: checkpoint, time: time, previous: old, signers: (try? checkpoint.note.verify(with: known)) ?? [],
      isTree: try log.root(at: checkpoint.size) == checkpoint.checkpoint.root, proof: proof,
      isProved: proof.verify(oldRoot: start, newRoot: checkpoint.checkpoint.root))
  }

  private func numbers(_ checks: [Check], _ covered: Int64) -> ReportNumbers {
    let size = query.asOf.position
    var numbers = ReportNumbers()
    numbers.say("events", "Events", String(size), size > 0 ? [1, size] : [])
    numbers.say("covered", "Covered by a sound checkpoint", String(covered), covered > 0 ? [1, covered] : [])
    numbers.say("uncovered", "Covered by none", String(size - covered), covered < size ? [covered + 1, size] : [])
    numbers.count("checkpoints", "Checkpoints", checks.map(\.checkpoint.size))
    numbers.count("sound", "Of which sound", checks.filter(\.isSound).map(\.checkpoint.size))
    numbers.count("unsigned", "Not signed by a key of the log", checks.filter(\.signers.isEmpty).map(\.checkpoint.size))
    numbers.count("differing", "Not of this tree", checks.filter { !$0.isTree }.map(\.checkpoint.size))
    numbers.count("unproved", "Not extending the one before", checks.filter { !$0.isProved }.map(\.checkpoint.size))
    return numbers
  }

  private static let columns = [
    ReportDocument.Column("size", "Size"), ReportDocument.Column("time", "Signed"),
    ReportDocument.Column("covers", "Covers"), ReportDocument.Column("signedBy", "By", isInText: false),
    ReportDocument.Column("signature", "Signature"), ReportDocument.Column("tree", "Tree"),
    ReportDocument.Column("growth", "From the one before"), ReportDocument.Column("root", "Root", isInText: false),
    ReportDocument.Column("positions", "Event", isInText: false),
  ]

  private func row(_ check: Check) -> [String] {
    let size = check.checkpoint.size
    let hashes = check.proof.hashes.count.of("hash", "hashes")
    return [
      String(size), check.time.description, size > check.previous ? "\(check.previous + 1) to \(size)" : "nothing",
      Set(check.signers).sorted().joined(separator: ", "), check.signers.isEmpty ? "NOT GOOD" : "good",
      check.isTree ? "agrees" : "DIFFERS",
      check.isProved ? "proved from \(check.previous), \(hashes)" : "NOT PROVED from \(check.previous)",
      check.checkpoint.checkpoint.root.description, String(size),
    ]
  }
}
