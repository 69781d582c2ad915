import ArgumentParser
import Audit
import Base
import EventLog
import Foundation
import JSON
import Ledger
import Operations
import Provisioning
import Reports
import Terminal

/// `provledger audit`
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Everything that happened: each event, filtered, the newest first.",
    discussion: """
      Examples:
        provledger audit --person ada@contoso.com
        provledger audit --status failure --from yesterday
        provledger audit --action disable --from 2026-10-01 --to 2026-11-01
        provledger audit --search 'quota exceeded' --json
        provledger audit --from 2026-01-01 --oldest-first --csv > audit.csv
        provledger audit --limit 20 --after 4711

      All filters have to fit. --from is included, --to is not; both go by when an event was recorded. A person is found by any
      name, address or id that they ever had. The words of --search are those of names that the person ever had, or of what
      the event says; the last one may be cut short. A page ends with a cursor, which goes on with --after whatever was
      appended since.

      The look is recorded before the first row is shown. Whoever asks first waits until the rows are made from the whole log;
      from then on only what is new is added.
      """)

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions
  @OptionGroup var look: LookOptions
  @OptionGroup var filters: AuditFilters
  @Option(help: ArgumentHelp("At most so many rows (default: 50 as text, else all).", valueName: "number"))
  var limit: Int?
  @Option(help: ArgumentHelp("Go on behind a row: the cursor that the page before it ended with.", valueName: "cursor"))
  var after: Int64?
  @Flag(help: "The oldest event first.")
  var oldestFirst = false
  @Flag(help: "Print CSV, in which nothing is run as a formula.")
  var csv = false

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit is at least 1.") }
    if let after, after < 1 { throw ValidationError("--after takes the cursor of a page, a number from 1 on.") }
    if csv, output.json { throw ValidationError("Say --csv or --json, not both.") }
  }

  func run() async throws {
    try await ledger.withLedger { ledger in
      let audit = try Self.caughtUp(ledger)
      defer { try? audit.close() }
      let (query, asked) = try filters.query(on: ledger, audit)
      let pages = AuditPages(audit: audit, query: query, first: paging)
      // Before the first byte: whoever reads may go away at any moment with what they have.
      let (count, person) = try pages.count()
      if csv || output.json {
        try await look.export(
          "audit", "audit", format: csv ? "csv" : "json", count: count, filter: asked, of: ledger, person: person)
      } else {
        try await look.record("audit", count: count, filter: asked, of: ledger, person: person, isText: true)
      }
      if count == 0 {
        for (kind, word) in try audit.strangers(of: query) {
          let nearest = kind == "action" ? Suggestion.sentence(for: word, among: try audit.actions()) : ""
          Output.notice("no event has the \(kind) \"\(word)\"\(nearest.isEmpty ? "" : ".\(nearest)")")
        }
      }
      let next = try write(pages)
      if let next { Output.notice("more rows follow: --after \(next)") }
    }
  }

  private var paging: AuditPaging {
    AuditPaging(after: after, limit: limit ?? (csv || output.json ? .max : 50), isOldestFirst: oldestFirst)
  }

  /// The rows, brought up to the log.
  static func caughtUp(_ ledger: OpenLedger) throws -> AuditStore {
    let progress = ProgressLine()
    defer { progress.end() }
    let size = try ledger.log.lastPosition()
    let tell: (Int64) -> Void = { position in
      progress.show(
        "audit: \(position) of \(size.of("event"))", done: size == 0 ? nil : Double(position) / Double(size))
    }
    let audit = try ledger.audit(tell)
    do { try audit.catchUp(tell) } catch {
      try? audit.close()
      throw error
    }
    return audit
  }

  /// Writes what is asked for, and returns the cursor behind it where more follows.
  private func write(_ pages: AuditPages) throws -> Int64? {
    if csv { Output.raw(CSVWriter.line(AuditEntry.columns).utf8) }
    var rows: [[String]] = []
    let next = try pages.forEach { entry in
      if csv {
        Output.raw(CSVWriter.line(entry.fields).utf8)
      } else if output.json {
        Output.json(entry.json)
      } else {
        rows.append(entry.cells)
      }
    }
    if csv || output.json { return next }
    if rows.isEmpty { Output.line("nothing that fits happened") } else { Output.table(AuditEntry.header, rows) }
    return next
  }
}

/// The pages of what is asked for, one in memory at a time.
private struct AuditPages {
  let audit: AuditStore
  let query: AuditQuery
  let first: AuditPaging

  private static let most = 1000

  /// How many rows there are to show, and whom all of them are about, where that is one person.
  func count() throws -> (rows: Int, person: String?) {
    var (count, people): (Int, Set<String>) = (0, Set(query.subjects ?? []))
    _ = try forEach { entry in
      count += 1
      if let subject = entry.row.subject, people.count < 2 { people.insert(subject) }
    }
    return (count, people.count == 1 ? people.first : nil)
  }

  /// Hands out each row, and returns the cursor behind them where more follows.
  func forEach(_ body: (AuditEntry) throws -> Void) throws -> Int64? {
    var (paging, left) = (first, first.limit)
    while true {
      paging.limit = min(left, Self.most)
      let page = try audit.page(query, paging)
      for entry in page.entries { try body(entry) }
      left -= page.entries.count
      guard let next = page.next, left > 0 else { return page.next }
      paging.after = next
    }
  }
}
