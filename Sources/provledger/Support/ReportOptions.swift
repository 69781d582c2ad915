import ArgumentParser
import Base
import FoundationEssentials
import Ledger
import Operations
import Reports
import Terminal
import Views

/// What every report takes.
struct ReportOptions: ParsableArguments {
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

  /// Makes a report for a moment, records that it is taken out, and prints it.
  func run(_ name: String, _ make: (ReportQuery) -> some LedgerReport) async throws {
    try await run(name) { make(ReportQuery("\(name) at \($0.moment)", $0)) }
  }

  /// The same, where `make` asks the question.
  func run(_ name: String, _ make: (AsOf) throws -> some LedgerReport) async throws {
    try await ledger.withLedger { ledger in
      try ledger.views.catchUp()
      let moment = try past.moment(in: ledger) ?? AsOf(ledger.clock(), in: ledger)
      let document = try make(moment).document(of: ledger)
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
      Output.rows((document.about + document.counts).map { [$0.name, Self.shown($0)] })
      Output.line()
      Output.table(document.text.header.map { $0.uppercased() }, document.text.rows)
    }
  }
}

extension ReportOptions {
  /// On a screen moments are in the zone that was asked for.
  private static func shown(_ fact: ReportDocument.Fact) -> String {
    guard fact.key == "zone", let zone = Screen.shared.settings.zone else { return fact.value }
    return "\(zone.identifier), in which all times below are shown; files have UTC"
  }
}

extension ReportQuery {
  /// A question in words, about a period or else a moment, asked by whoever runs the program.
  init(_ words: String, _ moment: AsOf, _ period: Range<Timestamp>? = nil) {
    self.init(
      period: period ?? moment.moment..<moment.moment, asOf: moment, zone: Moment.zoneName, words: words,
      actor: Operator.name, version: Provledger.configuration.version)
  }
}

/// A period that is asked about.
struct PeriodQuestion: ParsableArguments {
  @Option(help: "The period's first moment; 30 days before its end where it is left out.")
  var from: Moment?
  @Option(help: "The end of the period, which is not in it; the moment of the report where it is left out.")
  var to: Moment?

  /// The question; standard error says the bounds. `more` is what else was asked for, in words. Throws when a bound is no
  /// moment, or the period is empty.
  func query(_ name: String, more: [String] = [], _ moment: AsOf) throws -> ReportQuery {
    let end = try to?.resolved(of: "--to", now: moment.moment) ?? moment.moment
    let start = try from?.resolved(of: "--from", now: moment.moment) ?? end + .seconds(-30 * 86_400)
    guard start < end else { throw ValidationError("--from is not before --to; the period is empty.") }
    Output.notice("from \(start) to before \(end), as of \(moment.sentence)")
    let words = ["\(name) from \(start) to before \(end)"] + more
    return ReportQuery(words.joined(separator: ", "), moment, start..<end)
  }
}

/// What reports on a period take.
struct PeriodReportOptions: ParsableArguments {
  @OptionGroup var report: ReportOptions
  @OptionGroup var period: PeriodQuestion

  /// Makes a report on the period, records that it is taken out, and prints it.
  func run(_ name: String, _ make: (ReportQuery) -> some LedgerReport) async throws {
    try await report.run(name) { make(try period.query(name, $0)) }
  }
}

/// Changes of access in a period that are asked about.
struct AccessChangeQuestion: ParsableArguments {
  @OptionGroup var period: PeriodQuestion
  @Option(help: "How long it may take from the directory to TeamViewer: 15m, 4h, 1d.")
  var within = TimeSpan(.seconds(86_400))
  @Option(help: ArgumentHelp("So many rows instead of all, drawn with --seed.", valueName: "number"))
  var sample: Int?
  @Option(help: "What the sample is drawn with: the same rows each time.")
  var seed = "1"

  func validate() throws {
    if let sample, sample < 1 { throw ValidationError("--sample is at least 1.") }
  }

  /// The report that answers it. Throws as the period's question does.
  func report(_ kind: AccessChange.Kind, _ moment: AsOf) throws -> AccessChangeReport {
    let drawn = sample.map { Sample(count: $0, seed: seed) }
    let words = drawn.map { "sample \($0.count), seed \($0.seed)" }
    let query = try period.query(
      "\(kind.rawValue)s", more: ["within \(within.words)", words].compactMap { $0 }, moment)
    return AccessChangeReport(kind, query, limit: within.duration, sample: drawn)
  }
}

/// What reports on changes of access take.
struct AccessChangeOptions: ParsableArguments {
  @OptionGroup var report: ReportOptions
  @OptionGroup var question: AccessChangeQuestion

  func run(_ kind: AccessChange.Kind) async throws {
    try await report.run("\(kind.rawValue)s") { try question.report(kind, $0) }
  }
}
