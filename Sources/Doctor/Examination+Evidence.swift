import Base
import EventLog
import JSON
import Ledger
import Provisioning
import Sealing
import Views

/// What `verify` would find, as far as it can be told without reading the whole log.
extension Examination {
  func evidence(_ ledger: OpenLedger) throws -> [Finding] {
    let findings = try logKey(ledger) + protection(ledger) + subjectKeys(ledger)
    return findings.isEmpty
      ? [Finding(.ok, "evidence", "Keys, checkpoints and triggers are as they should be.")] : findings
  }

  /// The anchors whose files hold another history than the log, and how, by name.
  func disagreements(_ ledger: OpenLedger) throws -> [String: String] {
    var found: [String: String] = [:]
    for anchor in ledger.configuration.log.anchors {
      found[ledger.name(of: anchor)] = try ledger.disagreement(with: anchor)
    }
    return found
  }

  /// The log's key, and that it, or one before it, signed the newest checkpoint.
  private func logKey(_ ledger: OpenLedger) throws -> [Finding] {
    let keys: [VerifierKey]
    do { keys = try ledger.verifierKeys() } catch let fault as Fault where fault.code == .logKeyUnusable {
      return [Finding(.failure, "log-key-unusable", fault.sentence, remedy: "Put the log's key back.")]
    }
    do {
      try ledger.log.newestCheckpoint()?.checkpoint.note.verify(with: keys)
      return []
    } catch let fault as Fault where [.noteUnsigned, .noteInvalid].contains(fault.code) {
      return [
        Finding(
          .failure, "checkpoint-forged",
          "The newest checkpoint in the log is not signed by its key \(ledger.configuration.log.key): \(fault.sentence)",
          remedy: "Put the right key back if it was exchanged; else run `provledger verify`.")
      ]
    }
  }

  private func protection(_ ledger: OpenLedger) throws -> [Finding] {
    let changed = try ledger.log.changedProtection()
    if changed.isEmpty { return [] }
    return [
      Finding(
        .failure, "protection-changed", "In ledger.sqlite \(changed.joined(separator: ", ")).",
        remedy: "Run `provledger verify`, and find out who did it.",
        facts: ["changes": .array(changed.map(JSONValue.string))])
    ]
  }

  /// Every key unwraps, and everybody who was not erased has one.
  private func subjectKeys(_ ledger: OpenLedger) throws -> [Finding] {
    var findings: [Finding] = []
    let damaged = try ledger.keys.damagedKeys()
    if let first = damaged.first {
      findings.append(
        Finding(
          .failure, "keys-damaged",
          "\(damaged.count.of("key was", "keys were")) changed in keys.sqlite, that of \(first) among them.",
          remedy: "Put the newest sound keys.sqlite back, from a backup.",
          facts: ["keys": .integer(Int64(damaged.count)), "first": .string(first)]))
    }
    let lost = try ledger.lostKeys(among: ledger.views.livingAliases())
    if let first = lost.first {
      findings.append(
        Finding(
          .failure, "keys-lost",
          "keys.sqlite lacks the keys of \(lost.count.people) whom nobody erased, \(first) among them.",
          remedy: "Run `provledger verify`, which names each and the backup that has it; put that keys.sqlite back.",
          facts: ["people": .integer(Int64(lost.count)), "first": .string(first)]))
    }
    return findings
  }
}
