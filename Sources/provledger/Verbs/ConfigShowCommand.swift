import ArgumentParser
import Base
import Ledger
import Reports

/// `provledger config show`
struct ConfigShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the configuration that is in force.",
    discussion: """
      Examples:
        provledger config show
        provledger config show --json

      Every setting with its value, also those that the file leaves out. Secrets are not
      in it, only where they are found.
      """)

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
    let shown = try ledger.withLedger { try ConfigurationInForce($0) }
    if output.json { return Output.json(shown.json) }
    Output.line(shown.sentence)
    Output.table(["SETTING", "VALUE", "DEFAULT"], shown.rows)
  }
}

/// `provledger config history`
struct ConfigHistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "Show each recorded configuration: when, by whom, what changed.",
    discussion: """
      Examples:
        provledger config history
        provledger config history --last 1

      The text counts from when a command first used it. Differences are in the format of
      `diff -u`.
      """)

  @Option(help: ArgumentHelp("Only the newest so many.", valueName: "number")) var last: Int?
  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions

  func validate() throws {
    if let last, last < 1 { throw ValidationError("--last is at least 1.") }
  }

  func run() throws {
    let all = try ledger.withLedger { try ConfigurationHistory.of($0) }
    for change in all.suffix(last ?? all.count) {
      if output.json {
        Output.json(change.json)
      } else {
        Output.line(change.title)
        for line in change.difference { Output.line(line) }
      }
    }
  }
}
