import ArgumentParser
import EventLog
import Ledger
import Provisioning
import Reports
import Views

/// `provledger status`
struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what runs, what is pending, how far it is and what hurts.",
    discussion: """
      Examples:
        provledger status
        provledger status --json
      """)

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
    let ledger = try ledger.open()
    let status = try StatusReport(ledger)
    if output.json { return Output.json(status.json) }
    var rows = [
      ["ledger", ledger.folder], ["log", "\(status.size) events"],
      ["worker", status.worker.map { "process \($0) is at work" } ?? "none is running"],
    ]
    if let importer = status.importer { rows.append(["import", "process \(importer) runs a cycle"]) }
    if let cycle = status.cycle {
      rows.append(["last cycle", "\(cycle.started), \(cycle.source.rawValue)\(cycle.isInitial ? ", initial" : "")"])
    } else {
      rows.append(["last cycle", "none yet; run `provledger import FILE`"])
    }
    let people = PersonStatus.allCases.compactMap { word in status.people[word].map { "\($0) \(word.rawValue)" } }
    rows.append(["people", people.isEmpty ? "nobody" : people.joined(separator: ", ")])
    if let oldest = status.oldestPending { rows.append(["oldest pending", oldest.description]) }
    rows.append(["target", status.url])
    rows.append(["last good call", status.target.lastGoodCall?.description ?? "none yet"])
    if let fault = status.target.lastFault { rows.append(["last fault", fault.description]) }
    if let pause = status.target.condition.pause, pause.until > ledger.clock() {
      rows.append(["paused", "TeamViewer asked for no call before \(pause.until)"])
    }
    if let quarantine = status.target.condition.quarantine {
      let (meaning, remedy) = Explanation.of(quarantine.reason)
      rows.append(["QUARANTINE", "\(meaning). \(remedy)"])
    }
    rows.append([
      "last checkpoint", status.checkpoint.map { "\($0.signed), \($0.size) events" } ?? "none yet",
    ])
    rows.append([
      "log read again", status.rehash.map { "\($0.finished), \($0.size) events" } ?? "not yet; the worker does it",
    ])
    if let rehash = status.rehash, rehash.findings > 0 {
      rows.append(["TAMPERED", "\(rehash.findings) findings; the first: \(rehash.first ?? "")"])
    }
    if let fork = status.fork { rows.append(["TAMPERED", fork.sentence]) }
    if status.anchors.isEmpty {
      rows.append(["held elsewhere", "nowhere; name anchors in provledger.yaml, or keep checkpoints by hand"])
    }
    for anchor in status.anchors {
      let held = anchor.anchored.map { "\($0), \(anchor.size ?? 0) events" } ?? "nothing yet"
      rows.append(["held elsewhere", "\(held): \(anchor.name)"])
      if let failure = anchor.failure {
        rows.append(["ANCHOR FAILED", "\(anchor.failed?.description ?? ""): \(failure)"])
      }
    }
    for safeguard in status.safeguards {
      rows.append(["SAFEGUARD", "\(safeguard.holding) people held; `provledger safeguard approve \(safeguard.id)`"])
    }
    rows.append(["last backup proved", status.backup.proved.map { "\($0), \(status.backup.name ?? "")" } ?? "none yet"])
    if let due = status.backup.due, status.backup.isOverdue {
      rows.append(["BACKUP", "none was proved by \(due); `provledger backup create DIR` and `backup verify DIR`"])
    }
    Output.rows(rows)
  }
}
