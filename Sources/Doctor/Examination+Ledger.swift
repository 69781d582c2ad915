import Base
import EventLog
import JSON
import Ledger
import Logging
import Provisioning
import Reports
import Views

/// The ledger itself: whether it opens, and what its content says of its state.
extension Examination {
  func ledger(_ configuration: Configuration) -> [Finding] {
    let now = surroundings.now
    let quiet = Logger(label: "doctor") { _ in SwiftLogNoOpLogHandler() }
    do {
      let ledger = try OpenLedger(folder: folder, logger: quiet, isReadOnly: true, clock: now)
      var findings = [
        Finding(.ok, "durable", "The log opens; `synchronous` reads back as FULL."),
        Finding(.ok, "keys", "keys.sqlite opens with \(ledger.configuredMasterKey)."),
      ]
      if let protection = ledger.protection { findings.append(Finding(.notice, "read-only", protection.sentence)) }
      if try ledger.isCopy() {
        findings.append(
          Finding(
            .warning, "copy",
            "\(folder) is a copy of another ledger, or was restored from a backup; it does not deliver.",
            remedy:
              "provledger delivery resume --accept-copy --reason …, when this one is to go on and the original is not.")
        )
      }
      findings += locks(ledger)
      do {
        let status = try StatusReport(ledger, catchingUp: false)
        findings += try log(ledger) + evidence(ledger) + views(status, of: ledger.log.otherOrigin())
        findings += try proofs(status, configuration, disagreements(ledger)) + deliveries(status)
        findings += cycles(status)
        findings += try ledger.views.sharedAccounts().map(Self.shared)
        findings += try recorded(ledger) + erasures(ledger)
      } catch {
        findings.append(Self.finding(error))
      }
      return findings
    } catch {
      return [Self.finding(error)] + locks()
    }
  }

  // MARK: Who is at work

  private func locks(_ ledger: OpenLedger) -> [Finding] {
    var findings: [Finding] = []
    for (kind, name) in [(Turn.worker, "worker"), (.cycle, "cycle")] {
      guard let holder = ledger.lockHolder(of: kind) else { continue }
      if holder.isStopped {
        findings.append(
          Finding(
            .failure, "\(name)-stopped", "The \(name) is stopped: process \(holder.process) keeps the lock.",
            remedy: "Continue it with `kill -CONT \(holder.process)`, or end it.",
            facts: ["process": .integer(Int64(holder.process))]))
      } else {
        findings.append(
          Finding(
            .ok, name, "Process \(holder.process) holds the \(name) lock.",
            facts: ["process": .integer(Int64(holder.process))]))
      }
    }
    if ledger.lockHolder(of: .worker) == nil {
      // Where there are cycles to run, the service that runs them delivers, too.
      let configuration = ledger.configuration
      let service = configuration.graph == nil && configuration.cycles.folder == nil ? "deliver" : "serve"
      findings.append(
        Finding(.notice, "worker-missing", "No worker runs on \(folder).", remedy: "Start `provledger \(service)`."))
    }
    return findings
  }

  /// The locks of a ledger that does not open cannot be asked for through it.
  private func locks() -> [Finding] {
    OpenLedger.lockHolders(in: folder).filter(\.isStopped).map { holder in
      Finding(
        .failure, "worker-stopped", "Process \(holder.process) is stopped and keeps a lock of \(folder).",
        remedy: "Continue it with `kill -CONT \(holder.process)`, or end it.",
        facts: ["process": .integer(Int64(holder.process))])
    }
  }

  // MARK: Log and configuration

  private func log(_ ledger: OpenLedger) throws -> [Finding] {
    let last = try ledger.log.lastPosition()
    guard last > 0, let newest = try ledger.log.read(from: last, limit: 1).first else { return [] }
    let ahead = newest.time - surroundings.now()
    guard ahead > .seconds(1) else { return [Finding(.ok, "clock", "The clock is not behind the log.")] }
    return [
      Finding(
        .failure, "clock-behind", "The newest event is of \(newest.time), \(ahead.milliseconds / 1000) s from now.",
        remedy: "Set the clock right (NTP); until then events are recorded with the time of that one.",
        facts: ["newest": .string(newest.time.description), "seconds": .integer(ahead.milliseconds / 1000)])
    ]
  }

  private func recorded(_ ledger: OpenLedger) throws -> [Finding] {
    guard let last = try ledger.recordedConfiguration()?.text else { return [] }
    if last.hasSameBytes(as: ledger.configurationText) {
      return [Finding(.ok, "configuration-recorded", "provledger.yaml is the text that the log has.")]
    }
    return [
      Finding(
        .notice, "configuration-unrecorded", "provledger.yaml was changed since it was last recorded.",
        remedy: "Restart the worker: it takes the change up and records it.")
    ]
  }

  private func erasures(_ ledger: OpenLedger) throws -> [Finding] {
    let count = try ledger.unfinishedErasures()
    if count == 0 { return [] }
    return [
      Finding(
        .warning, "erasure-unfinished",
        "\(count.of("erasure is", "erasures are")) in the log, cut off before all was cleared.",
        remedy: "Any command finishes them, `provledger status` too; where a key stays, `provledger rebuild`.",
        facts: ["erasures": .integer(Int64(count))])
    ]
  }

  // MARK: Views

  private func views(_ status: StatusReport, of other: String?) -> [Finding] {
    let lag = status.size - status.shown
    if lag < 0, let other {
      return [
        Finding(
          .failure, "another-ledger",
          "ledger.sqlite is the log of another ledger, \(other); the views are of this one.",
          remedy: "Put this ledger's own ledger.sqlite back.", facts: ["origin": .string(other)])
      ]
    }
    if lag < 0 {
      return [
        Finding(
          .failure, "views-ahead", "The views show \((-lag).of("event")) more than the log holds.",
          remedy: "Keep all files, run `provledger verify`, and find out who cut the log or put an older copy back.",
          facts: ["events": .integer(-lag)])
      ]
    }
    if lag > 100_000 {
      return [
        Finding(
          .warning, "views-behind", "The views are \(lag.of("event")) behind the log.",
          remedy: "Any command brings them up to date, `provledger status` too; what follows is of then.",
          facts: ["events": .integer(lag)])
      ]
    }
    return [
      Finding(.ok, "views", "The views are \(lag.of("event")) behind the log.", facts: ["events": .integer(lag)])
    ]
  }

  // MARK: Proofs

  private func proofs(_ status: StatusReport, _ configuration: Configuration, _ disagreements: [String: String])
    -> [Finding]
  {
    verified(status, configuration) + anchored(status, disagreements) + backedUp(status)
  }

  private func verified(_ status: StatusReport, _ configuration: Configuration) -> [Finding] {
    if let fork = status.fork {
      return [
        Finding(.failure, "forked", fork.description, remedy: "Run `provledger verify`, and find out who did it.")
      ]
    }
    guard let rehash = status.rehash else {
      return [
        Finding(
          .notice, "unverified", "None of the \(status.size.of("event")) was read again yet.",
          remedy: "Let the worker run, or run `provledger verify`.", facts: ["size": .string(String(status.size))])
      ]
    }
    if rehash.findings > 0 {
      return [
        Finding(
          .failure, "tampered",
          "\(rehash.findings.of("thing is", "things are")) wrong with the log; the first: \(rehash.first ?? "").",
          remedy: "Run `provledger verify`, and compare with a backup and with checkpoints kept elsewhere.",
          facts: ["findings": .integer(Int64(rehash.findings)), "first": JSONValue(orNull: rehash.first)])
      ]
    }
    let age = surroundings.now() - rehash.finished
    let text =
      "The log was last read whole on \(rehash.finished); \((status.size - rehash.size).of("event")) came since."
    let facts: JSONValue = ["read": .string(rehash.finished.description), "size": .string(String(rehash.size))]
    guard age > .seconds(configuration.log.rehashHours * 2 * 3600) else {
      return [Finding(.ok, "verified", text, facts: facts)]
    }
    return [
      Finding(.warning, "unverified", text, remedy: "Let the worker run, or run `provledger verify`.", facts: facts)
    ]
  }

  private func anchored(_ status: StatusReport, _ disagreements: [String: String]) -> [Finding] {
    if status.anchors.isEmpty {
      return [
        Finding(
          .notice, "anchor-missing", "No checkpoint is held outside of \(folder).",
          remedy: "Name a place under log.anchorFiles or log.anchorCommands.")
      ]
    }
    return status.anchors.map { anchor in
      if let disagreement = disagreements[anchor.name] {
        return Finding(
          .failure, "anchor-forked", "The log and an anchor disagree: \(disagreement).",
          remedy: "Keep both, run `provledger verify`, and find out which of the two was rewritten.",
          facts: ["anchor": .string(anchor.name)])
      }
      if let failure = anchor.failure {
        return Finding(
          .warning, "anchor-failed", "\(anchor.name) does not take checkpoints: \(failure)",
          remedy: "Put the place right; the worker tries again with the next checkpoint.",
          facts: ["anchor": .string(anchor.name), "failure": .string(failure)])
      }
      let size = anchor.size ?? 0
      if let checkpoint = status.checkpoint, size < checkpoint.size {
        return Finding(
          .warning, "anchor-behind",
          "\(anchor.name) holds \(size) of \(checkpoint.size.of("signed event")).",
          remedy: "provledger log anchor",
          facts: [
            "anchor": .string(anchor.name), "size": .string(String(size)), "signed": .string(String(checkpoint.size)),
          ])
      }
      return Finding(
        .ok, "anchored", "\(anchor.name) holds a checkpoint of \(size.of("event")).",
        facts: ["anchor": .string(anchor.name), "size": .string(String(size))])
    }
  }

  private func backedUp(_ status: StatusReport) -> [Finding] {
    guard let due = status.backup.due else { return [] }
    let remedy = "provledger backup create DIR, then provledger backup verify DIR"
    let last = status.backup.proved.map { "The last backup was proved on \($0)" } ?? "No backup was ever proved"
    let facts: JSONValue = [
      "proved": JSONValue(orNull: status.backup.proved?.description), "due": .string(due.description),
    ]
    if status.backup.isOverdue {
      return [Finding(.warning, "backup-overdue", "\(last); one was due on \(due).", remedy: remedy, facts: facts)]
    }
    if status.backup.proved == nil {
      return [Finding(.notice, "backup-missing", "\(last); the first is due on \(due).", remedy: remedy, facts: facts)]
    }
    return [Finding(.ok, "backup", "\(last).", facts: facts)]
  }
}
