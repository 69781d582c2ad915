import ArgumentParser
import Base
import EventLog
import JSON
import Ledger
import Provisioning
import Views

/// `provledger views`
struct ViewsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "views", abstract: "The views: what is derived from the log.", subcommands: [Rebuild.self, Check.self])

  /// `provledger views rebuild`
  struct Rebuild: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Build the views anew beside the live ones and put them in place; readers go on.",
      discussion: """
        Example:
          provledger views rebuild

        Ends with 1 when the live views differed from the rebuilt ones, which are in place all the same.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions

    func run() throws {
      let comparison = try ViewsComparison.run(ledger) { try $0.rebuild($1) }
      try ViewsComparison.finish(comparison, output, isInstalled: true)
    }
  }

  /// `provledger views check`
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Build the views anew beside the live ones and compare.",
      discussion: """
        Example:
          provledger views check
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions

    func run() throws {
      let comparison = try ViewsComparison.run(ledger) { try $0.check($1) }
      try ViewsComparison.finish(comparison, output, isInstalled: false)
    }
  }
}

/// What both verbs do: compare, and say what was found.
private enum ViewsComparison {
  static func run(
    _ options: LedgerOptions, _ body: (Views, (Int64) -> Void) throws -> Views.Comparison
  ) throws -> Views.Comparison {
    let ledger = try options.open()
    let progress = ProgressLine()
    defer { progress.end() }
    let size = try ledger.log.lastPosition()
    return try body(ledger.views) { position in
      progress.show("\(position) of \(size) events", done: size == 0 ? nil : Double(position) / Double(size))
    }
  }

  static func finish(
    _ comparison: Views.Comparison, _ output: FormatOptions, isInstalled: Bool
  ) throws {
    if output.json {
      Output.json([
        "equal": .bool(comparison.isEqual), "position": .string(String(comparison.position)),
        "live": .string(comparison.live), "rebuilt": .string(comparison.rebuilt),
        "differing": .array(comparison.differing.map(JSONValue.string)), "installed": .bool(isInstalled),
      ])
    } else if comparison.isEqual {
      Output.line("equal at event \(comparison.position), digest \(comparison.rebuilt)")
    } else {
      let tables = comparison.differing.joined(separator: ", ")
      Output.line("DIFFERENT at event \(comparison.position): \(tables)")
      Output.line(isInstalled ? "the rebuilt views are in place" : "run `provledger views rebuild`")
    }
    if !comparison.isEqual { throw ExitCode(.failures) }
  }
}
