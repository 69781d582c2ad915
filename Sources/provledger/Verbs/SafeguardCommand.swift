import ArgumentParser
import Base
import JSON
import Ledger
import Operations
import Provisioning
import Reports
import Views

/// `provledger safeguard`
struct SafeguardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "safeguard",
    abstract: "Mass disables and unfamiliar inputs that wait for an operator.",
    discussion: """
      Examples:
        provledger safeguard list
        provledger safeguard approve 0199c1d2-... --yes
      """,
    subcommands: [ListCommand.self, ApproveCommand.self])

  /// `provledger safeguard list`
  struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List tripped safeguards.",
      discussion: """
        Example:
          provledger safeguard list
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions

    func run() throws {
      let safeguards = try ledger.withLedger { ledger in
        try ledger.views.catchUp()
        return try ledger.views.safeguards()
      }
      if output.json { return safeguards.forEach { Output.json($0.json) } }
      if safeguards.isEmpty { return Output.line("none has tripped") }
      Output.table(
        ["ID", "TRIPPED", "PEOPLE", "LIMIT", "HOLDING", "APPROVED"],
        safeguards.map { row in
          [
            row.id, row.tripped.description, String(row.people), String(row.limit), String(row.holding),
            row.approved.map { "\($0) by \(row.approvedBy ?? "-")" } ?? "-",
          ]
        })
    }
  }

  /// `provledger safeguard approve`
  struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "approve",
      abstract: "Let those who are held be disabled or created, as far as they are still to be.",
      discussion: """
        Example:
          provledger safeguard approve 0199c1d2-... --yes
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Flag(help: "Do not ask.")
    var yes = false
    @Argument(help: "The safeguard's id.")
    var id: String

    func run() async throws {
      let outcome = try await ledger.withLedger { ledger in
        try ledger.views.catchUp()
        let holding = try ledger.views.safeguards().first { $0.id == id }?.holding ?? 0
        if holding > 0, !yes {
          try Confirmation.ask(
            "Disable or create at TeamViewer the \(holding.of("person who is", "people who are")) held?")
        }
        return try await SafeguardApproval.approve(id, in: ledger, actor: Operator.name, waiting: tellWaiting)
      }
      if output.json {
        Output.json([
          "safeguard": .string(id), "disabled": .integer(Int64(outcome.disabled)),
          "created": .integer(Int64(outcome.created)),
        ])
      } else {
        Output.line(
          "approved: \(outcome.disabled.people) will be disabled and \(outcome.created) created by `provledger deliver`"
        )
      }
    }
  }
}
