import ArgumentParser
import Base
import Delivery
import JSON
import Ledger
import Provisioning
import Reports
import TeamViewer

extension Target {
  /// `provledger target reconcile`
  struct Reconcile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read all of TeamViewer and compare it with the log: missing, extra, changed, disabled out of band.",
      discussion: """
        Examples:
          provledger target reconcile             do with differences what target.drift says
          provledger target reconcile --report    only tell them
          provledger target reconcile --repair    and bring the accounts back

        A running worker does it; else this command, without any delivery. Accounts that are not ours are listed, never
        recorded and never touched. Ends with 1 when anything differs.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Flag(help: "Bring back the accounts that differ.")
    var repair = false
    @Flag(help: "Only tell what differs.")
    var report = false

    func validate() throws {
      if repair, report { throw ValidationError("Say --repair or --report, not both.") }
    }

    func run() async throws {
      let ledger = try ledger.open()
      let client = try Worker.client(for: ledger)
      var isAlone = true
      let found: ReconcileReport
      do {
        let reconciler = Reconciler(
          in: ledger, target: TargetConnection(client), actor: Operator.name, logger: LedgerOptions.logger)
        found = try await reconciler.run(repair: repair ? true : report ? false : nil) { holder in
          isAlone = false
          Output.notice("the worker\(holder.map { " (process \($0.process))" } ?? "") is asked to compare; waiting")
        }
      } catch {
        await client.shutdown()
        throw error
      }
      await client.shutdown()
      try ledger.close()
      if output.json { Output.json(found.json) } else { print(found) }
      if found.finished.isWithheld {
        Output.notice(
          "So many accounts are missing that the read may be wrong: nothing was recorded of it, and nothing is repaired. Look at TeamViewer's console."
        )
      } else if found.finished.repairs > 0 {
        let who = isAlone ? "`provledger deliver` brings" : "The worker brings"
        Output.notice("\(who) \(found.finished.repairs) accounts back.")
      }
      if found.hasDifferences { throw ExitCode(.failures) }
    }

    private func print(_ found: ReconcileReport) {
      Output.line("\(found.finished.accounts) accounts read, \(found.finished.unmanaged) of them not ours")
      if !found.hasDifferences { Output.line("every account of ours is as the log says") }
      if !found.drift.isEmpty {
        Output.table(
          ["USER PRINCIPAL NAME", "DRIFT", "WHAT", ""],
          found.drift.map { drift in
            [
              drift.name ?? drift.alias, drift.kind.rawValue, drift.difference,
              drift.isRepaired ? "brought back" : "reported",
            ]
          })
      }
      switch found.unmanaged {
      case .omitted(let why): Output.notice("The accounts that are not ours were not listed: \(why).")
      case .read(let accounts) where accounts.isEmpty: break
      case .read(let accounts):
        Output.line()
        Output.table(
          ["NOT OURS", "ADDRESS", "STATE"],
          accounts.sorted { $0.id < $1.id }.map { [$0.id, $0.userName, $0.active ? "active" : "inactive"] })
      }
    }
  }
}

extension ReconcileReport.Drift {
  /// What differs, in words.
  fileprivate var difference: String {
    guard kind == .changed, let shown, let desired else { return Explanation.of(kind) }
    var parts: [String] = []
    if !shown.displayName.hasSameBytes(as: desired.displayName) {
      parts.append("the name is \"\(shown.displayName)\", wanted is \"\(desired.displayName)\"")
    }
    if Address.folded(shown.userName) != Address.folded(desired.userName) {
      parts.append("the address is \(shown.userName), wanted is \(desired.userName)")
    }
    return parts.isEmpty ? Explanation.of(kind) : parts.joined(separator: "; ")
  }

  fileprivate var json: JSONValue {
    [
      "alias": .string(alias), "userPrincipalName": name.map(JSONValue.string) ?? .null,
      "kind": .string(kind.rawValue), "repaired": .bool(isRepaired), "shown": shown?.json ?? .null,
      "desired": desired?.json ?? .null,
    ]
  }
}

extension ReconcileReport {
  /// What `target reconcile` prints as JSON.
  fileprivate var json: JSONValue {
    var object = JSONObject()
    object["finished"] = .string(finished.finished.description)
    object["accounts"] = .integer(Int64(finished.accounts))
    object["withheld"] = .bool(finished.isWithheld)
    object["repairs"] = .integer(Int64(finished.repairs))
    for kind in DriftDetected.Kind.allCases { object[kind.rawValue] = .integer(Int64(finished.drift[kind] ?? 0)) }
    object["drift"] = .array(drift.map(\.json))
    object["unmanaged"] = .integer(Int64(finished.unmanaged))
    switch unmanaged {
    case .read(let accounts):
      object["unmanagedAccounts"] = .array(accounts.sorted { $0.id < $1.id }.map(\.json))
      object["unmanagedOmitted"] = .null
    case .omitted(let why):
      object["unmanagedAccounts"] = .null
      object["unmanagedOmitted"] = .string(why)
    }
    return .object(object)
  }
}
