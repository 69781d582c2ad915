public import ArgumentParser
import Base
public import Directory
import JSON
import Ledger
import Operations
import Provisioning

extension DirectoryFormat: ExpressibleByArgument {}

/// `provledger import`
struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run one cycle from directory exports: observe, decide, append.",
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
    let ledger = try ledger.open()
    if let warning = try ledger.configurationWarning() { Output.notice(warning) }
    let progress = ProgressLine()
    let directoryImport = DirectoryImport(into: ledger, source: source, actor: Operator.name)
    let summary = try await directoryImport.run(paths: paths, format: format) {
      switch $0 {
      case .reading(let read):
        progress.show("reading", done: read.total == 0 ? nil : Double(read.bytes) / Double(read.total))
      case .waiting(let holder): tellWaiting(holder)
      case .projecting(let position): progress.show("bringing the views up to event \(position)")
      case .deciding(let people): progress.show("deciding about \(people) people")
      case .appending(let events): progress.show("appending \(events) events")
      }
    }
    progress.end()
    try ledger.close()
    print(summary)
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
    if let held = summary.held {
      Output.notice(
        "The safeguard tripped: \(held.count) people are held. Look at `provledger user list --status held`, then `provledger safeguard approve \(held.id)`, or import a right export."
      )
      throw ExitCode(.failures)
    }
  }

  private func print(_ summary: CycleSummary) {
    let counts = summary.counts
    if output.json {
      var object = JSONObject()
      object["cycle"] = .string(summary.cycle)
      object["position"] = .string(String(summary.position))
      object["source"] = .string(summary.source.name)
      object["read"] = .integer(Int64(counts.read))
      object["observed"] = .integer(Int64(counts.observed))
      for action in Decision.Action.allCases { object[action.rawValue] = .integer(Int64(counts[action])) }
      object["passedOver"] = .integer(Int64(summary.passedOver))
      object["safeguard"] = summary.held.map { .string($0.id) } ?? .null
      return Output.json(.object(object))
    }
    let decided = Decision.Action.allCases.filter { counts[$0] > 0 }.map { "\(counts[$0]) \($0.rawValue)" }
    Output.line("cycle \(summary.cycle): \(counts.read) people read, \(counts.observed) new or changed")
    Output.line("decided: \(decided.isEmpty ? "nothing" : decided.joined(separator: ", "))")
  }
}
