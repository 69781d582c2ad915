import ArgumentParser
import Base
import JSON
import Ledger
import Provisioning
import Reports
import Views

extension DeliveryCommand {
  /// `provledger delivery list`
  struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the people with something that is not over, what keeps it, and what to do.",
      discussion: """
        Examples:
          provledger delivery list
          provledger delivery list --status parked --json
          provledger delivery list --resolved          what failed once and is done now

        `held` are those whom the safeguard holds, `onHold` those whom an operator holds. Whoever cannot be
        provisioned is listed with --status skipped. The look is recorded before the first person is shown.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @OptionGroup var look: LookOptions
    @Option(
      help: "Only one status: pending, parked, abandoned, held, onHold, skipped.",
      completion: .words(PersonStatus.self),
      transform: choice)
    var status: PersonStatus?
    @Flag(help: "Deliveries that failed once and are done now.")
    var resolved = false
    @Option(help: "How many rows are shown as text.")
    var limit = 100

    func validate() throws {
      if let status, !ViewStore.openStatuses.contains(status) {
        throw ValidationError("Nothing is open for people who are \(status.rawValue).")
      }
      if resolved, status != nil { throw ValidationError("Say --status or --resolved, not both.") }
      if limit < 1 { throw ValidationError("--limit is at least 1.") }
    }

    func run() async throws {
      try await ledger.withLedger { ledger in
        try ledger.views.catchUp()
        let count = try resolved ? countResolved(ledger.views) : countOpen(ledger.views)
        let filter = resolved ? "resolved" : status.map { "status \($0.rawValue)" }
        try await look.record(
          "delivery list", count: output.json ? count : min(count, limit), filter: filter, of: ledger,
          isText: !output.json)
        if resolved { try listResolved(ledger.views) } else { try listOpen(ledger) }
      }
    }

    private func listOpen(_ ledger: OpenLedger) throws {
      let (views, blocks) = (ledger.views, try ledger.blocks())
      var rows: [[String]] = []
      var count = 0
      for status in status.map({ [$0] }) ?? ViewStore.openStatuses {
        try forEach(status, views) { open in
          count += 1
          if output.json {
            Output.json(open.json(behind: blocks.first))
          } else if rows.count < limit {
            rows.append(row(open, behind: blocks.first))
          }
          return output.json || rows.count < limit
        }
      }
      if output.json { return }
      if rows.isEmpty { Output.line("nothing is open") } else { Output.table(Self.header, rows) }
      try summarise(views, blocks, isCut: count >= limit)
    }

    private func countOpen(_ views: ViewStore) throws -> Int {
      var count = 0
      for status in status.map({ [$0] }) ?? ViewStore.openStatuses {
        try forEach(status, views) { _ in
          count += 1
          return output.json || count < limit
        }
      }
      return count
    }

    private func countResolved(_ views: ViewStore) throws -> Int {
      var (count, last) = (0, Int64(0))
      while output.json || count < limit {
        let page = try views.curedDeliveries(after: last)
        guard let next = page.last else { break }
        (count, last) = (count + page.count, next.decision)
      }
      return count
    }

    private static let header = [
      "PERSON", "ACTION", "LANE", "STATUS", "ERROR", "ATTEMPTS", "SINCE", "LAST ANSWER", "NEXT ATTEMPT", "WHAT TO DO",
    ]

    /// Hands out the people who stand one way, a page in memory at a time, as long as the body wants more.
    private func forEach(_ status: PersonStatus, _ views: ViewStore, _ body: (OpenDelivery) -> Bool) throws {
      var last = ""
      while true {
        // Whoever cannot be provisioned has nothing open.
        let page = try views.openDeliveries(
          status, isOpen: status == .skipped && self.status == nil, after: last)
        guard let next = page.last?.person.alias else { return }
        last = next
        for open in page where !body(open) { return }
      }
    }

    private func row(_ open: OpenDelivery, behind block: BlockReport?) -> [String] {
      let why = [open.code(behind: block), open.operatorReason].compactMap { $0 }
      return [
        open.address, open.delivery?.action.rawValue ?? "-", open.lane?.rawValue ?? "-", open.status.rawValue,
        why.isEmpty ? "-" : why.joined(separator: ": "), String(open.attempts), open.since?.description ?? "-",
        open.answer ?? "-", open.next?.description ?? "-", open.remedy(behind: block) ?? "-",
      ]
    }

    private func summarise(_ views: ViewStore, _ blocks: [BlockReport], isCut: Bool) throws {
      if !blocks.isEmpty {
        Output.line()
        Output.rows(blocks.flatMap { $0.rows() })
      }
      let counts = try views.statusCounts()
      let people = ViewStore.openStatuses.compactMap { word in counts[word].map { "\($0) \(word.rawValue)" } }
      if !people.isEmpty {
        Output.line()
        Output.line("people: \(people.joined(separator: ", "))")
      }
      let errors = try views.backlog().errors.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      if !errors.isEmpty { Output.line("errors: \(errors.map { "\($0.value) \($0.key)" }.joined(separator: ", "))") }
      if isCut { Output.notice("\(limit.of("row")) shown; more with --limit, all with --json") }
    }

    private func listResolved(_ views: ViewStore) throws {
      var rows: [[String]] = []
      var last: Int64 = 0
      while output.json || rows.count < limit {
        let page = try views.curedDeliveries(after: last)
        guard let next = page.last else { break }
        last = next.decision
        if output.json {
          for delivery in page { Output.json(delivery.curedJSON) }
        } else {
          rows += page.prefix(limit - rows.count).map(resolvedRow)
        }
      }
      if output.json { return }
      if rows.isEmpty { return Output.line("nothing failed that is done now") }
      Output.table(["PERSON", "ACTION", "STATUS", "ERROR WAS", "FAILURES", "FAILED", "DELIVERED", "HOW"], rows)
    }

    private func resolvedRow(_ delivery: DeliveryRecord) -> [String] {
      [
        delivery.userPrincipalName ?? delivery.alias, delivery.action.rawValue, "resolved",
        delivery.failure?.word ?? "-", String(delivery.failures), delivery.failure?.time.description ?? "-",
        delivery.ended?.description ?? "-", delivery.how?.rawValue ?? "-",
      ]
    }
  }
}
