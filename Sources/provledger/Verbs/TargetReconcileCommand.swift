import ArgumentParser
import Base
import Delivery
import JSON
import Ledger
import Provisioning
import Reports
import TeamViewer

extension TargetCommand {
  /// `provledger target reconcile`
  struct ReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "reconcile",
      abstract: "Read all of TeamViewer and compare it with the log: missing, extra, changed, disabled out of band.",
      discussion: """
        Examples:
          provledger target reconcile             do what target.drift says
          provledger target reconcile --report    change nothing at TeamViewer
          provledger target reconcile --repair    and bring the accounts back

        A running worker does it; else this command, without any delivery. Accounts that are not ours are listed, never
        recorded and never touched. Recorded are, with --report too, the request, the calls, each difference of ours that
        the log does not have so yet (what is to be brought back is another record than what is reported), and the result.
        Ends with 1 when anything differs.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @OptionGroup var logging: LogOptions
    @Flag(help: "Bring back the accounts that differ.")
    var repair = false
    @Flag(help: "Change nothing at TeamViewer; what differs is told, and recorded.")
    var report = false

    func validate() throws {
      if repair, report { throw ValidationError("Say --repair or --report, not both.") }
    }

    func run() async throws {
      var isAlone = true
      let found = try await ledger.withLedger { ledger in
        try await compare(ledger) { holder in
          isAlone = false
          Output.notice("waiting: the worker\(holder.map { " (process \($0.process))" } ?? "") is asked to compare")
        }
      }
      if output.json {
        Output.json(found.json)
      } else {
        show(found)
        Output.notice(found.recorded.sentence)
      }
      if found.finished.isWithheld {
        Output.notice(
          "So many accounts are missing that the read may be wrong: nothing was recorded of it, and nothing is repaired. Look at TeamViewer's console."
        )
      } else if found.finished.repairs > 0 {
        let who = isAlone ? "`provledger deliver` brings" : "The worker brings"
        Output.notice("\(who) \(found.finished.repairs.of("account")) back.")
      }
      if found.hasDifferences { throw ExitCode(.failures) }
    }

    private func compare(_ ledger: OpenLedger, asked: (LockHolder?) -> Void) async throws -> ReconcileReport {
      let client = try Worker.client(for: ledger)
      let reconciler = Reconciler(
        in: ledger, target: TargetConnection(client), actor: Operator.name, logger: LedgerOptions.logger)
      let result: Result<ReconcileReport, any Error>
      do {
        result = .success(try await reconciler.run(repair: repair ? true : report ? false : nil, waiting: asked))
      } catch {
        result = .failure(error)
      }
      await client.shutdown()
      return try result.get()
    }

    private func show(_ found: ReconcileReport) {
      Output.line("\(found.finished.accounts.of("account")) read, \(found.finished.unmanaged) not ours")
      if !found.hasDifferences { Output.line("every account of ours is as the log says") }
      if !found.unconfirmed.isEmpty {
        let count = found.unconfirmed.count
        Output.line("\(count.of("new address waits", "new addresses wait")) for a confirmation by mail")
      }
      for sentence in found.unconfirmed.compactMap(\.sentence) { Output.line(sentence) }
      if !found.drift.isEmpty {
        Output.table(
          ["USER PRINCIPAL NAME", "DRIFT", "WHAT", ""],
          found.drift.map(row))
      }
      show(found.unmanaged)
    }

    private func row(_ drift: ReconcileReport.Drift) -> [String] {
      let differences = drift.differences
      return [
        drift.name ?? drift.alias, drift.kind.rawValue,
        differences.isEmpty ? Explanation.of(drift.kind) : differences.joined(separator: "; "),
        drift.isRepaired ? "to be brought back" : "reported",
      ]
    }

    private func show(_ unmanaged: ReconcileReport.Unmanaged) {
      switch unmanaged {
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
