public import ArgumentParser
import Base
public import Directory
import JSON
import Ledger
import Operations
import Provisioning

extension DirectoryFormat: ExpressibleByArgument {}

/// `provledger import`
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Run one cycle from directory exports: observe, decide, append.",
    discussion: """
      Examples:
        provledger import users.csv                 the admin center's "Download users"
        provledger import pages/                    saved Microsoft Graph pages, /users or /users/delta
        provledger import users.ndjson --json       one Graph user object a line
        provledger import --source partners p.csv   people whom another directory owns

      A full snapshot finds leavers by absence, a delta never does. Bad input appends nothing and ends with 65.
      If the safeguard trips, the rest is applied and the command ends with 1.
      """)

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions
  @Option(help: "The format, when it is not to be told from the content.")
  var format: DirectoryFormat?
  @Option(help: "The source that owns these people; another source's are not touched.")
  var source: DirectorySourceID = .standard
  @Argument(help: "A CSV or NDJSON file, or a folder or list of Graph pages.")
  var paths: [String]

  func run() async throws {
    let summary = try await ledger.withLedger { ledger in
      if let warning = try ledger.configurationWarning() { Output.notice(warning) }
      return try await run(DirectoryImport(into: ledger, source: source, actor: Operator.name))
    }
    show(summary)
    if summary.assumedEnabled > 0 {
      Output.notice(
        "Warning: \(summary.assumedEnabled) new people carry no accountEnabled and count as enabled; ask Graph for it with $select."
      )
    }
    if summary.passedOver > 0 {
      Output.notice(
        "\(summary.passedOver) people of the input belong to another source now and were passed over; `provledger source list` shows who owns whom."
      )
    }
    try summary.held?.refuse(orElse: "import a right export")
  }

  private func run(_ cycle: DirectoryImport) async throws -> CycleSummary {
    let progress = ProgressLine()
    defer { progress.end() }
    return try await cycle.run(paths: paths, format: format) {
      switch $0 {
      case .reading(let read):
        progress.show("reading", done: read.total == 0 ? nil : Double(read.bytes) / Double(read.total))
      case .waiting(let holder): tellWaiting(holder)
      case .projecting(let position): progress.show("bringing the views up to event \(position)")
      case .deciding(let people): progress.show("deciding about \(people) people")
      case .appending(let events): progress.show("appending \(events) events")
      }
    }
  }

  private func show(_ summary: CycleSummary) {
    if output.json { return Output.json(summary.json) }
    let counts = summary.counts
    let decided = Decision.Action.allCases.filter { counts[$0] > 0 }.map { "\(counts[$0]) \($0.rawValue)" }
    Output.line("cycle \(summary.cycle): \(counts.read) people read, \(counts.observed) new or changed")
    Output.line("decided: \(decided.isEmpty ? "nothing" : decided.joined(separator: ", "))")
  }
}
