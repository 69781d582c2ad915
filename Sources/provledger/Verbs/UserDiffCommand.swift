import ArgumentParser
import Base
import Ledger
import Operations
import Provisioning
import Reports
import Views

extension UserCommand {
  /// `provledger user diff`
  struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "diff", abstract: "List who was added, changed or removed between two moments.",
      discussion: """
        Examples:
          provledger user diff 2026-10-01 2026-11-01
          provledger user diff '2 hours ago' now --kind removed
          provledger user diff 2026-10-01 2026-11-01 --user ada@contoso.com --json

        What is recorded up to FROM is left out, what is recorded up to TO is in. The look is recorded before the first
        person is shown.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @OptionGroup var look: LookOptions
    @Argument(help: "The first moment: 2026-10-01, '2026-11-26 09:00', '2 hours ago'.")
    var from: Moment
    @Argument(help: "The second moment; now, where it is left out.")
    var to: Moment?
    @Option(help: "Only who was added, changed or removed.", completion: .words(Kind.self), transform: choice)
    var kind: Kind?
    @Option(
      help: ArgumentHelp("Only one person, by any name that they have.", valueName: "person"),
      completion: .custom(Completion.people))
    var user: String?

    typealias Kind = PersonDifference.Kind

    func run() async throws {
      let all = try await ledger.withLedger { ledger in
        let (start, end) = try span(ledger)
        let found = try chosen(ledger, start, end)
        let filter = "from \(start.moment) to \(end.moment)" + (kind.map { ", kind \($0.rawValue)" } ?? "")
        try await look.record("user diff", count: found.count, filter: filter, of: ledger, isText: !output.json)
        return found
      }
      if output.json { return all.forEach { Output.json($0.json) } }
      Output.table(["KIND", "PERSON", "WHAT CHANGED"], all.map(row))
    }

    private func span(_ ledger: OpenLedger) throws -> (AsOf, AsOf) {
      let now = ledger.clock()
      let start = try AsOf(from.resolved(of: "FROM", now: now), in: ledger)
      let end = try AsOf(to?.resolved(of: "TO", now: now) ?? now, in: ledger)
      guard start.moment <= end.moment else { throw ValidationError("FROM is later than TO; exchange them.") }
      Output.notice("from \(start.sentence) to \(end.sentence)")
      return (start, end)
    }

    private func chosen(_ ledger: OpenLedger, _ start: AsOf, _ end: AsOf) throws -> [PersonDifference] {
      try changes(ledger, start.position, end.position).compactMap { PersonDifference($0.before, $0.after) }
        .filter { kind == nil || $0.kind == kind }
        .sorted { ($0.userPrincipalName ?? "", $0.alias) < ($1.userPrincipalName ?? "", $1.alias) }
    }

    /// Of one person two looks are enough: everybody's past is made from the whole log.
    private func changes(_ ledger: OpenLedger, _ start: Int64, _ end: Int64) throws -> [(
      before: Person?, after: Person
    )] {
      guard let user else { return try ledger.views.changes(from: start, to: end) }
      let alias = try ledger.person(user).alias
      guard let after = try ledger.views.person(alias, at: end) else { return [] }
      return [(try ledger.views.person(alias, at: start), after)]
    }

    private func row(_ difference: PersonDifference) -> [String] {
      [
        difference.kind.rawValue, difference.userPrincipalName ?? difference.alias,
        difference.sentences.joined(separator: "; "),
      ]
    }
  }
}
