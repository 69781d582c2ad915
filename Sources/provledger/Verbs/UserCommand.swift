public import ArgumentParser
import Base
import Ledger
import Provisioning
import Reports
import Views

extension PersonStatus: ExpressibleByArgument {}

/// `provledger user`
struct UserCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user",
    abstract: "People: list, show, history.", subcommands: [ListCommand.self, ShowCommand.self, HistoryCommand.self])

  /// `provledger user list`
  struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List people and how they stand.",
      discussion: """
        Examples:
          provledger user list
          provledger user list --status parked --json

        The look is recorded before the first person is shown.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @OptionGroup var look: LookOptions
    @Option(help: "Only people with one status.")
    var status: PersonStatus?

    func run() async throws {
      let people = try await ledger.withLedger { ledger in
        try ledger.views.catchUp()
        let people = try chosen(ledger)
        let filter = status.map { "status \($0.rawValue)" }
        try await look.record("user list", count: people.count, filter: filter, of: ledger, isText: !output.json)
        return people
      }
      if output.json { return people.forEach { Output.json($0.summary) } }
      Output.table(["USER PRINCIPAL NAME", "NAME", "DIRECTORY", "TEAMVIEWER", "STATUS"], people.map(row))
    }

    private func chosen(_ ledger: OpenLedger) throws -> [Person] {
      try ledger.views.people().people.filter { status == nil || PersonStatus($0) == status }
        .sorted { ($0.user?[.userPrincipalName] ?? "", $0.alias) < ($1.user?[.userPrincipalName] ?? "", $1.alias) }
    }

    private func row(_ person: Person) -> [String] {
      [
        person.user?[.userPrincipalName] ?? (person.erasure == nil ? "-" : person.alias),
        person.user?[.displayName] ?? "-", person.directoryWord, person.account.believed?.id ?? "-",
        PersonStatus(person).rawValue,
      ]
    }
  }

  /// `provledger user show`
  struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show one person: directory, decision, TeamViewer.",
      discussion: """
        Example:
          provledger user show ada@contoso.com
        """)

    @OptionGroup var person: PersonOptions

    func run() throws {
      try person.withPerson { found, _ in
        if person.output.json { Output.json(found.summary) } else { Output.rows(found.rows) }
      }
    }
  }

  /// `provledger user history`
  struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "history", abstract: "List all events of one person.",
      discussion: """
        Example:
          provledger user history ada@contoso.com --json
        """)

    @OptionGroup var person: PersonOptions

    func run() throws {
      let lines = try person.withPerson { try Story.of($0.alias, log: $1.log, codec: $1.codec) }
      if person.output.json { return lines.forEach { Output.json($0.json) } }
      Output.table(
        ["POSITION", "TIME", "EVENT", "WHAT"],
        lines.map { [String($0.position), $0.time.description, $0.type, $0.sentence] })
    }
  }
}
