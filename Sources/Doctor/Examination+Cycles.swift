import Base
import Cycles
import JSON
import Ledger
import MicrosoftGraph
import Provisioning
import Reports
import Views

/// Where people are read from: Entra ID as `source test` finds it, cycles that do not finish, exports that nobody drops.
extension Examination {
  /// Entra ID, where a tenant is configured.
  func graph(_ configuration: Configuration) async -> [Finding] {
    guard configuration.graph != nil else { return [] }
    do {
      let test = try await surroundings.graph(configuration, folder)
      if let fault = test.diagnosis {
        var finding = Self.finding(fault)
        if fault.code == .graphThrottled { finding.severity = .warning }
        return [finding]
      }
      let keys = test.keys.map { CycleState.Credential($0) }
      let ending = CycleState.Credential.ending(keys, at: surroundings.now())
      let sentence = "\(test.tenant ?? "The tenant") can be read: users, assignments, members of groups."
      return [Finding(.ok, "graph", sentence)] + ending.map(end)
    } catch {
      return [Self.finding(error)]
    }
  }

  private func end(_ credential: CycleState.Credential) -> Finding {
    Finding(
      .warning, "graph-credential-ending",
      "The \(credential.words(at: surroundings.now())).",
      remedy: "Add another one to the registration, put it where provledger.yaml says, then remove this one.",
      facts: ["kind": .string(credential.kind), "end": .string(credential.end.description)])
  }

  private static func failing(_ failure: CycleState.Failure, isLong: Bool) -> Finding {
    Finding(
      isLong ? .failure : .warning, "cycle-failing",
      "Cycles over \(failure.way.words) fail since \(failure.since): \(failure.reason)",
      remedy: failure.way == .tenant
        ? "Put it right; `provledger source test` tries it, and `provledger serve` runs the next cycle."
        : "Drop an export that is whole; `provledger serve` takes the newest one within a minute.",
      facts: ["over": .string(failure.way.rawValue), "since": .string(failure.since.description)])
  }

  /// What is known of cycles without asking anybody.
  func cycles(_ status: StatusReport) -> [Finding] {
    var findings: [Finding] = []
    let watch = status.watch
    findings += watch.failures.map { Self.failing($0, isLong: watch.isLong($0, at: surroundings.now())) }
    if let since = watch.silentSince {
      findings.append(
        Finding(
          .failure, "cycle-missing",
          "No cycle over the tenant has finished since \(since), which is more than two intervals ago.",
          remedy: watch.failures.contains { $0.way == .tenant }
            ? "Put right what cycles fail with; `provledger source test` tries it."
            : "Start `provledger serve` if it does not run; its log, and `provledger source test`, say what fails.",
          facts: ["since": .string(since.description), "minutes": .integer(Int64(status.watch.silentMinutes))]))
    }
    if status.isCutOff, let started = status.cycle?.started {
      findings.append(
        Finding(
          .warning, "cycle-cut-off", "The newest cycle, of \(started), was cut off; nothing of it counts.",
          remedy: "Import the same files again, or let `provledger serve` run the next cycle.",
          facts: ["started": .string(started.description)]))
    }
    if status.watch.isExportOld {
      let newest = status.watch.export.map { "was written at \($0)" } ?? "is not there"
      findings.append(
        Finding(
          .warning, "export-old", "The newest export in the watched folder \(newest).",
          remedy: "Look at what drops exports there; monitoring.exportHours says how old one may be.",
          facts: ["hours": .integer(Int64(status.watch.exportHours))]))
    }
    return asksTarget ? findings : findings + status.watch.ending.map(end)
  }
}
