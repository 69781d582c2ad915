public import Base
import EventLog
import Ledger
import Provisioning
import Views

extension StatusReport {
  /// The rows of the text form: a word and what it says; words in capitals want somebody to act. Equal as long as `json`
  /// is, but that an estimate that has passed is not shown at `now`.
  public func rows(folder: String, now: Timestamp) -> [[String]] {
    let log = [["ledger", folder], ["log", "\(size.of("event"))"]]
    if let asOf {
      return log + [["as of", asOf.sentence]] + cycleRow + backlog(asOf.moment) + targetRows
        + reviewRows + backupRows
    }
    let cycles = cycleRow + (progress.map { [$0.row(now)] } ?? []) + watch.rows(at: now)
    return log + processes + cycles + backlog(now) + targetRows + proofs + reviewRows + backupRows
  }

  /// What to do about it: said of the present alone.
  private func advice(_ words: String) -> String { asOf == nil ? words : "" }

  /// What is said of something that has not happened.
  private var never: String { asOf == nil ? "none yet" : "none by then" }

  private var reviewRows: [[String]] { reviews.map { $0.row(isPast: asOf != nil) } }

  private var processes: [[String]] {
    var rows = [["worker", worker?.sentence ?? "none is running"]]
    if let importer { rows.append(["import", "\(importer.sentence), a cycle"]) }
    return rows
  }

  private var cycleRow: [[String]] {
    guard let cycle else { return [["last cycle", never + advice("; run `provledger import FILE`")]] }
    let initial = cycle.isInitial ? ", initial" : ""
    let last = ["last cycle", "\(cycle.started), \(cycle.source.rawValue)\(initial)"]
    let cutOff = "it came to no end, and nothing of it counts" + advice("; run it again")
    return [last] + (isCutOff ? [["CUT OFF", cutOff]] : [])
  }

  // MARK: What is pending

  private func backlog(_ now: Timestamp) -> [[String]] {
    let words = PersonStatus.allCases.compactMap { word in people[word].map { "\($0) \(word.rawValue)" } }
    var rows = [["people", words.isEmpty ? "nobody" : words.joined(separator: ", ")]]
    if detached > 0 {
      rows.append([
        "detached", "\(detached.of("active account")) of people whom no source owns; nobody makes them inactive",
      ])
    }
    for lane in Lane.allCases {
      guard let waiting = throughput.backlog.lanes[lane], let oldest = waiting.oldest else { continue }
      let empty = throughput.empty(lane).flatMap { $0 > now ? ", empty about \($0)" : nil } ?? ""
      rows.append(["pending \(lane.rawValue)", "\(waiting.count), the oldest since \(oldest)\(empty)"])
    }
    if let perMinute = throughput.perMinute, let completed = throughput.backlog.completed {
      let empty = throughput.empty.flatMap { $0 > now ? ", all done about \($0)" : nil } ?? ""
      rows.append(["rate", "\(perMinute) a minute up to \(completed.newest)\(empty)"])
    }
    let errors = throughput.backlog.errors.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    if !errors.isEmpty {
      let counts = errors.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
      rows.append(["errors", counts + advice("; `provledger delivery list` says what to do")])
    }
    return rows
  }

  // MARK: TeamViewer

  private var targetRows: [[String]] {
    var rows = [["target", url], ["last good call", target.lastGoodCall?.description ?? never]]
    if let fault = target.lastFault { rows.append(["last fault", fault.description]) }
    if let silence { rows.append(silence.row) }
    rows += attention
    if let reconciled = target.condition.reconciled { rows.append(["last comparison", reconciled.sentence]) }
    for safeguard in safeguards {
      let wayOut = advice("; `provledger safeguard approve \(safeguard.id)`")
      rows.append(["SAFEGUARD", "\(safeguard.holding.people) held\(wayOut)"])
    }
    return rows
  }

  /// What holds all calls back, and accounts that are other than wanted although nothing is on its way to them: the rows of
  /// `status` that no list of deliveries shows.
  public var attention: [[String]] { blocks.flatMap { $0.rows(isPast: asOf != nil) } + leaverRows + driftRows }

  /// Accounts of people who are to be inactive, which nobody makes so.
  private var leaverRows: [[String]] {
    if activeLeavers == 0 { return [] }
    let wayOut = advice("; `provledger delivery list` and `user list --status drifted` show whose")
    let accounts = activeLeavers.of("account is", "accounts are")
    return [["ACTIVE LEAVERS", "\(accounts) ACTIVE though to be inactive: \(leaverWords)\(wayOut)"]]
  }

  /// Accounts that somebody changed at TeamViewer, while comparisons only report.
  private var driftRows: [[String]] {
    guard let drifted = people[.drifted] else { return [] }
    let wayOut = advice(
      "; `provledger user list --status drifted` shows whose, mended by `provledger target reconcile --repair`")
    return [["DRIFTED", "\(drifted.of("account is", "accounts are")) other than wanted\(wayOut)"]]
  }

  // MARK: Proofs

  private var proofs: [[String]] {
    var rows = [["last checkpoint", checkpoint.map { "\($0.signed), \(($0.size).of("event"))" } ?? "none yet"]]
    rows.append([
      "log read again",
      rehash.map { "\($0.finished), \($0.size) of \(size.of("event"))" } ?? "not yet; the worker does it",
    ])
    if let rehash, rehash.findings > 0 {
      rows.append(["TAMPERED", "\(rehash.findings.of("finding")); the first: \(rehash.first ?? "")"])
    }
    if let fork { rows.append(["TAMPERED", fork.sentence]) }
    if isCopy {
      rows.append([
        "COPY",
        "of another ledger, or a restored backup; `provledger delivery resume --accept-copy --reason …` lets it deliver",
      ])
    }
    if anchors.isEmpty {
      rows.append(["held elsewhere", "nowhere; name anchors in provledger.yaml, or keep checkpoints by hand"])
    }
    for anchor in anchors {
      let held = anchor.anchored.map { "\($0), \((anchor.size ?? 0).of("event"))" } ?? "nothing yet"
      rows.append(["held elsewhere", "\(held): \(anchor.name)"])
      if let failure = anchor.failure {
        rows.append(["ANCHOR FAILED", "\(anchor.failed?.description ?? ""): \(failure)"])
      }
    }
    return rows
  }

  private var backupRows: [[String]] {
    var rows = [["last backup proved", backup.proved.map { "\($0), \(backup.name ?? "")" } ?? never]]
    if let due = backup.due, backup.isOverdue {
      let wayOut = advice("; `provledger backup create DIR` and `backup verify DIR`")
      rows.append(["BACKUP", "none was proved by \(due)\(wayOut)"])
    }
    return rows
  }
}

extension ReconcileFinished {
  fileprivate var sentence: String {
    let counts = DriftDetected.Kind.allCases.compactMap { kind in drift[kind].map { "\($0) \(kind.rawValue)" } }
    let found = counts.isEmpty ? "no difference" : counts.joined(separator: ", ")
    let withheld = isWithheld ? "; so many differ that nothing is repaired" : ""
    return
      "\(finished): \(accounts.of("account")), \(unmanaged) not ours, \(found), \(repairs) to be repaired\(withheld)"
  }
}
