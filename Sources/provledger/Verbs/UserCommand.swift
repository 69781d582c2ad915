import ArgumentParser
import Base
import EventLog
import Ledger
import Operations
import Provisioning
import Reports
import Views

/// `provledger user`
struct UserCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user",
    abstract: "People: list, show, history, diff, scope; also as they were.",
    discussion: """
      Examples:
        provledger user list --status parked
        provledger user show ada@contoso.com
        provledger user show ada@contoso.com --as-of 2026-11-01
        provledger user diff 2026-10-01 2026-11-01
      """,
    subcommands: [
      ListCommand.self, ShowCommand.self, HistoryCommand.self, DiffCommand.self, ScopeCommand.self,
    ])

  /// `provledger user list`
  struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List people and how they stand.",
      discussion: """
        Examples:
          provledger user list
          provledger user list --status parked --json
          provledger user list --search contoso.com --limit 20
          provledger user list --as-of 2026-11-01 --status active

        The look is recorded before the first person is shown.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @OptionGroup var look: LookOptions
    @OptionGroup var past: PastOptions
    @Option(help: "Only people with one status.", completion: .words(PersonStatus.self), transform: choice)
    var status: PersonStatus?

    @Option(
      help: ArgumentHelp("Only people with this in a name or an address, or at the front of an id.", valueName: "text"))
    var search: String?
    @Option(help: ArgumentHelp("At most so many people.", valueName: "number"))
    var limit: Int?

    func validate() throws {
      if let limit, limit < 1 { throw ValidationError("--limit is at least 1.") }
    }

    func run() async throws {
      let people = try await ledger.withLedger { ledger in
        let moment = try past.moment(in: ledger)
        let (people, all) = try chosen(ledger, moment)
        if people.count < all { Output.notice("\(people.count) of \(all.people) shown; --limit says how many") }
        try await look.record(
          "user list", count: people.count, filter: filter(moment), of: ledger,
          person: people.count == 1 ? people[0].alias : nil, isText: !output.json)
        return people
      }
      if output.json { return people.forEach { Output.json($0.summary) } }
      Output.table(["USER PRINCIPAL NAME", "NAME", "DIRECTORY", "TEAMVIEWER", "STATUS"], people.map(row))
    }

    /// What was asked for, as the record of the look names it.
    private func filter(_ moment: AsOf?) -> String? {
      let said = [
        status.map { "status \($0.rawValue)" }, search.map { "search \($0)" }, limit.map { "limit \($0)" },
        moment.map { "as of \($0.moment)" },
      ].compactMap { $0 }
      return said.isEmpty ? nil : said.joined(separator: ", ")
    }

    /// The people to show, and how many there are.
    private func chosen(_ ledger: OpenLedger, _ moment: AsOf?) throws -> ([Person], all: Int) {
      try ledger.views.catchUp()
      let everybody = try moment.map { try ledger.views.people(at: $0.position) } ?? ledger.views.people().people
      let found = search.map { everybody.with(part: $0) } ?? everybody
      let people = found.filter { status == nil || PersonStatus($0) == status }.inOrder
      return (Array(people.prefix(limit ?? people.count)), people.count)
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
  struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show one person: directory, decision, TeamViewer.",
      discussion: """
        Examples:
          provledger user show ada@contoso.com
          provledger user show ada@contoso.com --as-of '2026-11-26 09:00'
        """)

    @OptionGroup var person: PersonOptions
    @OptionGroup var past: PastOptions

    func run() async throws {
      show(try await person.look("user show", past) { found, _, _ in found })
    }

    private func show(_ found: Person) {
      if person.output.json { Output.json(found.summary) } else { Output.rows(found.rows(isPast: past.asOf != nil)) }
    }
  }

  /// `provledger user history`
  struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "history", abstract: "List all events of one person.",
      discussion: """
        Example:
          provledger user history ada@contoso.com --json
        """)

    @OptionGroup var person: PersonOptions

    func run() async throws {
      let lines = try await person.look("user history") { try Story.of($0.alias, log: $1.log, codec: $1.codec) }
      if person.output.json { return lines.forEach { Output.json($0.json) } }
      Output.table(
        ["POSITION", "TIME", "EVENT", "WHAT"],
        lines.map { [String($0.position), $0.time.description, $0.type, $0.sentence] })
    }
  }
}
