import ArgumentParser
import Base
import FoundationEssentials
import Ledger
import Operations
import Reports
import Terminal
import Views

/// What every report of access takes.
struct AccessReportOptions: ParsableArguments {
  /// The forms of a report.
  enum Format: String, CaseIterable {
    case text
    case csv
    case json
    case html
  }

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions
  @OptionGroup var look: LookOptions
  @OptionGroup var past: PastOptions
  @Option(help: "The form: text, csv, json or html.", completion: .words(Format.self), transform: choice)
  var format = Format.text
  @Flag(help: "With JSON: the positions in the log behind each number.")
  var explain = false

  var form: Format { output.json ? .json : format }

  func validate() throws {
    if explain, form != .json { throw ValidationError("--explain is for --json.") }
  }

  /// Makes a report, records that it is taken out, and prints it.
  func run(_ name: String, _ make: (OpenLedger, AsOf) throws -> ReportDocument) async throws {
    try await ledger.withLedger { ledger in
      try ledger.views.catchUp()
      let moment = try past.moment(in: ledger) ?? AsOf(ledger.clock(), in: ledger)
      let document = try make(ledger, moment)
      try await look.export(
        name, "report \(name)", format: form.rawValue, count: document.rows.count,
        filter: document.about.first?.value ?? "", of: ledger, isText: form == .text)
      try write(document)
    }
  }

  private func write(_ document: ReportDocument) throws {
    switch form {
    case .csv: Output.raw(document.csv.utf8)
    case .json: Output.json(explain ? document.explained : document.json)
    case .html: Output.raw(try ReportPage.html(document).utf8)
    case .text:
      Output.line(document.title)
      Output.rows((document.about + document.counts).map { [$0.name, $0.value] })
      Output.line()
      Output.table(document.text.header.map { $0.uppercased() }, document.text.rows)
    }
  }

  /// The question of a report. Throws when a bound is no moment, or the period is empty.
  func query(_ name: String, _ period: Range<Timestamp>, _ moment: AsOf, more: [String] = []) -> ReportQuery {
    let bounds = "\(name) from \(period.lowerBound) to before \(period.upperBound)"
    return ReportQuery(
      period: period, asOf: moment, zone: Moment.zoneName,
      words: ([bounds] + more).joined(separator: ", "), actor: Operator.name,
      version: Provledger.configuration.version)
  }
}

/// What reports on changes of access take beside.
struct AccessChangeOptions: ParsableArguments {
  @OptionGroup var report: AccessReportOptions
  @Option(help: "The period's first moment; 30 days before its end where it is left out.")
  var from: Moment?
  @Option(help: "The end of the period, which is not in it; now where it is left out.")
  var to: Moment?
  @Option(help: "How long it may take from the directory to TeamViewer: 15m, 4h, 1d.")
  var within = TimeSpan(.seconds(86_400))
  @Option(help: ArgumentHelp("So many rows instead of all, drawn with --seed.", valueName: "number"))
  var sample: Int?
  @Option(help: "What the sample is drawn with: the same rows each time.")
  var seed = "1"

  func validate() throws {
    if let sample, sample < 1 { throw ValidationError("--sample is at least 1.") }
  }

  func run(_ kind: AccessChange.Kind) async throws {
    let name = "\(kind.rawValue)s"
    try await report.run(name) { ledger, moment in
      let end = try to?.resolved(of: "--to", now: moment.moment) ?? moment.moment
      let start = try from?.resolved(of: "--from", now: moment.moment) ?? end + .seconds(-30 * 86_400)
      guard start < end else { throw ValidationError("--from is not before --to; the period is empty.") }
      Output.notice("from \(start) to before \(end), as of \(moment.sentence)")
      let drawn = sample.map { "sample \($0), seed \(seed)" }
      let query = report.query(name, start..<end, moment, more: ["within \(within.words)", drawn].compactMap { $0 })
      return try AccessChangeReport(
        kind, query, limit: within.duration, sample: sample.map { Sample(count: $0, seed: seed) }
      ).document(of: ledger)
    }
  }
}

extension ReportCommand {
  /// `provledger report joiners`
  struct JoinersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "joiners", abstract: "Who got an account in a period, and how long it took.",
      discussion: """
        Examples:
          provledger report joiners --from 2026-10-01 --to 2026-11-01
          provledger report joiners --format html > joiners.html
        """)

    @OptionGroup var options: AccessChangeOptions

    func run() async throws { try await options.run(.joiner) }
  }

  /// `provledger report movers`
  struct MoversCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "movers", abstract: "Whose account was changed in a period, and how long it took.",
      discussion: """
        Examples:
          provledger report movers --from 2026-10-01 --to 2026-11-01
          provledger report movers --json --explain
        """)

    @OptionGroup var options: AccessChangeOptions

    func run() async throws { try await options.run(.mover) }
  }

  /// `provledger report leavers`
  struct LeaversCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "leavers",
      abstract: "Who lost access in a period: decided, sent, confirmed, read back, and how late.",
      discussion: """
        Examples:
          provledger report leavers --from 2026-10-01 --to 2026-11-01 --within 4h
          provledger report leavers --sample 25 --seed 7 --format csv > leavers.csv
          provledger report leavers --as-of 2026-11-01 --format html > leavers.html
        """)

    @OptionGroup var options: AccessChangeOptions

    func run() async throws { try await options.run(.leaver) }
  }

  /// `provledger report access`
  struct AccessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "access", abstract: "Who could sign in to TeamViewer at a moment, since when, and why.",
      discussion: """
        Examples:
          provledger report access
          provledger report access --as-of 2026-11-01 --format csv > access.csv
        """)

    @OptionGroup var report: AccessReportOptions

    func run() async throws {
      try await report.run("access") { ledger, moment in
        let query = ReportQuery(
          period: moment.moment..<moment.moment, asOf: moment, zone: Moment.zoneName,
          words: "access at \(moment.moment)", actor: Operator.name, version: Provledger.configuration.version)
        return try AccessReport(query).document(of: ledger)
      }
    }
  }
}
