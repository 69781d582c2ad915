import ArgumentParser
import Base
import JSON
import Ledger
import Operations
import Provisioning
import Reports
import Views

/// `provledger legal-hold`
struct LegalHoldCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "legal-hold", abstract: "People who must not be erased.",
    discussion: """
      Examples:
        provledger legal-hold list
        provledger legal-hold place ada@contoso.com --reason case-2026-17
      """,
    subcommands: [PlaceCommand.self, LiftCommand.self, ListCommand.self])

  /// `provledger legal-hold place`
  struct PlaceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "place", abstract: "Keep a person from being erased.",
      discussion: """
        Example:
          provledger legal-hold place ada@contoso.com --reason case-2026-17
        """)

    @OptionGroup var act: PersonActOptions

    func run() async throws {
      try await act.run("placed", as: "hold") { try await LegalHolds($0).place($1, reason: $2) }
    }
  }

  /// `provledger legal-hold lift`
  struct LiftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "lift", abstract: "Let a person be erased again.",
      discussion: """
        Example:
          provledger legal-hold lift ada@contoso.com --reason case-closed
        """)

    @OptionGroup var act: PersonActOptions

    func run() async throws {
      try await act.run("lifted", as: "hold") { try await LegalHolds($0).lift($1, reason: $2) }
    }
  }

  /// `provledger legal-hold list`
  struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the people under a hold.",
      discussion: """
        Example:
          provledger legal-hold list

        The look is recorded before the first person is shown.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @OptionGroup var look: LookOptions

    func run() async throws {
      let people = try await ledger.withLedger { ledger in
        try ledger.views.catchUp()
        let people = try ledger.views.legalHolds()
        try await look.record("legal-hold list", count: people.count, of: ledger, isText: !output.json)
        return people
      }
      if output.json { return people.forEach { Output.json($0.legalHoldJSON) } }
      if people.isEmpty { return Output.line("nobody is under a legal hold") }
      Output.table(["ALIAS", "PERSON", "SINCE", "REASON", "EVENT"], people.map(row))
    }

    private func row(_ person: Person) -> [String] {
      [
        person.alias, person.user?[.userPrincipalName] ?? "-", person.legalHold?.time.description ?? "-",
        person.legalHold?.reason ?? "-", person.legalHold.map { String($0.position) } ?? "-",
      ]
    }
  }
}
