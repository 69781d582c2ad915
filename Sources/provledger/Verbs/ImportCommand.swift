import ArgumentParser
import Base
import Directory
import JSON
import Ledger
import Operations
import Provisioning
import Terminal

/// `provledger import`
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Run one cycle from directory exports: observe, decide, append.",
    discussion: """
      Examples:
        provledger import users.csv                the admin center's export
        provledger import pages/                   saved Microsoft Graph pages
        provledger import users.ndjson --json      one Graph user object a line
        provledger import users.csv --dry-run      append nothing, say what would be
        provledger import --source partners p.csv  people whom another directory owns
        provledger import - < users.csv            standard input

      A full snapshot finds leavers by absence, a delta never does. Bad input appends nothing and ends with 65.
      If the safeguard trips, the rest is applied and the command ends with 1.
      """)

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions
  @OptionGroup var logging: LogOptions
  @OptionGroup var look: LookOptions
  @Option(
    help: "The format, when the content does not tell it: csv, ndjson, array, graph, delta.",
    completion: .words(DirectoryFormat.self), transform: choice)
  var format: DirectoryFormat?
  @Option(help: "The source that owns these people; another source's are not touched.")
  var source: DirectorySourceID = .standard
  @Flag(help: "Where the input does not say who may sign in, keep what is known of it.")
  var keepEnabled = false
  @Flag(help: "Say what the import would do, and append nothing.")
  var dryRun = false
  @Flag(help: "With --dry-run: end with 2 when anything would change.")
  var exitCode = false
  @Argument(help: "A CSV or NDJSON file, a folder or list of Graph pages, or - for standard input.")
  var paths: [String]

  func validate() throws {
    if paths.count(where: { $0 == "-" }) > 1 { throw ValidationError("Standard input can be read once; say - once.") }
  }

  func run() async throws {
    let spool = try paths.contains("-") ? Spool() : nil
    defer { spool?.remove() }
    do { try await take(paths.map { $0 == "-" ? spool?.path ?? $0 : $0 }) } catch let fault as Fault {
      throw spool?.named(fault) ?? fault
    }
  }

  private func take(_ paths: [String]) async throws {
    try await ledger.withLedger { ledger in
      if let warning = try ledger.configurationWarning() { Output.notice(warning) }
      let cycle = DirectoryImport(into: ledger, source: source, actor: Operator.name)
      let options = ImportOptions(format: format, keepsEnabled: keepEnabled)
      let line = ProgressLine()
      defer { line.end() }
      let progress: @Sendable (DirectoryImport.Progress) -> Void = { CycleOutput.show($0, on: line) }
      if dryRun {
        let plan = try await cycle.plan(paths: paths, options, progress: progress)
        // In text at most five people of each kind are named.
        if output.json {
          try await look.record(
            "import --dry-run", count: plan.steps.count, filter: "source \(source.name)", of: ledger)
        }
        try tell(plan, line)
      } else {
        try tell(await cycle.run(paths: paths, options, progress: progress), line)
      }
    }
  }

  private func tell(_ plan: CyclePlan, _ line: ProgressLine) throws {
    line.end()
    show(plan)
    CycleOutput.warn(plan.summary)
    if let held = plan.summary.held {
      Output.notice("The safeguard would trip: \(held.count.people) would be held for an approval.")
    }
    if exitCode, plan.hasChanges { throw ExitCode(.changes) }
  }

  private func tell(_ summary: CycleSummary, _ line: ProgressLine) throws {
    line.end()
    try CycleOutput.tell(summary, json: output.json, orElse: "import a right export")
  }

  private func show(_ plan: CyclePlan) {
    if output.json { return Output.json(plan.json) }
    Output.line("dry run: \(plan.summary.counts.read.people) read, nothing was appended")
    for action in Decision.Action.allCases {
      let names = plan.steps.filter { $0.action == action && $0.isWorthTelling }.map(\.name)
      if !names.isEmpty { Output.line("would \(action.verb): \(names.count) (\(Output.some(names)))") }
    }
    if !plan.hasChanges { Output.line("nothing would change") }
  }
}

extension Decision.Action {
  /// As a verb of what would be done.
  fileprivate var verb: String {
    switch self {
    case .held: "hold"
    case .none: "do nothing for"
    default: rawValue
    }
  }
}
