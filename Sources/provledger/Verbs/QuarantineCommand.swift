import ArgumentParser
import Base
import JSON
import Ledger
import Operations
import Provisioning
import Reports
import Views

/// `provledger quarantine`
struct QuarantineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quarantine", abstract: "The quarantine: no call leaves while the target refuses the credentials.",
    discussion: """
      Examples:
        provledger quarantine show
        provledger quarantine release
      """,
    subcommands: [ShowCommand.self, ReleaseCommand.self])

  /// `provledger quarantine show`
  struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Say whether there is one, and why.",
      discussion: """
        Example:
          provledger quarantine show
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions

    func run() throws {
      let condition = try ledger.withLedger { ledger in
        try ledger.views.catchUp()
        return try ledger.views.target().condition
      }
      if output.json { return Output.json(condition.quarantineJSON) }
      condition.quarantineLines.forEach { Output.line($0) }
    }
  }

  /// `provledger quarantine release`
  struct ReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "release", abstract: "End the quarantine by hand; a running worker goes on at once.",
      discussion: """
        Example:
          provledger quarantine release
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions

    func run() async throws {
      try await ledger.withLedger { ledger in
        _ = try await DeliveryControl(ledger).release()
      }
      if output.json { return Output.json(["released": true]) }
      Output.line("released")
    }
  }
}
