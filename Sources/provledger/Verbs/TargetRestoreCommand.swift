import ArgumentParser
import Base
import JSON
import Ledger
import Operations
import Provisioning

extension TargetCommand {
  /// `provledger target restore`
  struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "restore",
      abstract: "Plan how to bring TeamViewer back to the recorded desired state of a moment. Changes nothing.",
      discussion: """
        Examples:
          provledger target restore --as-of 2026-11-26T09:00:00Z -o plan.json
          provledger apply plan.json

        The plan names people and their values: keep it as private as the directory. Who had no account at the moment
        and has one now is left untouched, unless --disable-created is said.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @OptionGroup var look: LookOptions
    @Option(help: "The moment: 2026-11-26T09:00:00Z, '2026-11-26 09:00', '2 hours ago'.")
    var asOf: Moment
    @Option(name: [.customShort("o"), .customLong("plan")], help: "The file to write the plan to.")
    var file: String
    @Flag(help: "Replace the file if there is one.")
    var force = false
    @Flag(help: "Disable those who had no account at the moment and have one now.")
    var disableCreated = false

    func run() async throws {
      let moment = try asOf.timestamp(of: "--as-of")
      let plan = try await ledger.withLedger { ledger in
        let restoration = Restoration(ledger)
        let plan = try restoration.plan(asOf: moment, disablingCreated: disableCreated)
        let filter = "as of \(moment)"
        try await look.record("target restore", count: plan.entries.count, filter: filter, of: ledger)
        try PlanFile.write(.restore(plan), of: ledger, path: file, force: force)
        return plan
      }
      if output.json { return Output.json(plan.summary(file)) }
      show(plan)
      Output.notice("The plan holds names and addresses; keep it private. Look at it, then: provledger apply \(file)")
    }

    private func show(_ plan: RestorePlan) {
      Output.line("plan: back to \(plan.asOf), in \(file)")
      for action in Decision.Action.allCases {
        let names = plan.entries.filter { $0.action == action }.map { $0.name ?? $0.alias }
        if !names.isEmpty { Output.line("\(action.rawValue): \(names.count) (\(Output.some(names)))") }
      }
      if plan.entries.isEmpty { Output.line("nothing differs that the plan would change") }
      for (reason, names) in plan.untouched.names() {
        Output.line("\(reason.sentence): \(names.count) (\(Output.some(names)))")
      }
    }
  }
}
