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

    @OptionGroup var person: PersonOptions
    @Option(help: "Why, in words; sealed under the person's key.")
    var reason: String

    func run() async throws {
      try await person.withPerson { found, ledger in
        let receipt = try await LegalHoldCommand.holds(ledger).place(found.alias, reason: reason)
        LegalHoldCommand.show("placed", found.alias, receipt, person.output)
      }
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

    @OptionGroup var person: PersonOptions
    @Option(help: "Why, in words; sealed under the person's key.")
    var reason: String

    func run() async throws {
      try await person.withPerson { found, ledger in
        let receipt = try await LegalHoldCommand.holds(ledger).lift(found.alias, reason: reason)
        LegalHoldCommand.show("lifted", found.alias, receipt, person.output)
      }
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

  private static func holds(_ ledger: OpenLedger) -> LegalHolds {
    LegalHolds(in: ledger, actor: Operator.name, waiting: tellWaiting)
  }

  private static func show(_ what: String, _ alias: String, _ receipt: Receipt, _ output: FormatOptions) {
    if output.json { return Output.json(receipt.json("hold", what, of: alias)) }
    Output.line("\(what): \(alias) (event \(receipt.last))")
  }
}
