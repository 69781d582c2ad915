import ArgumentParser
import Base
import Ledger
import Operations
import Provisioning
import Reports
import Views

/// `provledger report`
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Reports from the ledger.",
    discussion: """
      Examples:
        provledger report provisioning
        provledger report leavers --from 2026-10-01 --to 2026-11-01 --within 4h
        provledger report access --as-of 2026-11-01 --format html > access.html
        provledger report access-log
      """,
    subcommands: [
      ProvisioningCommand.self, JoinersCommand.self, MoversCommand.self, LeaversCommand.self, AccessCommand.self,
      RegisterCommand.self, FailuresCommand.self, OperatorsCommand.self, DriftCommand.self, ErasuresCommand.self,
      ConfigurationCommand.self, IntegrityCommand.self, ReviewSummaryCommand.self, ReviewDecisionsCommand.self,
      ReviewRemovalsCommand.self, ReviewExceptionsCommand.self, AccessLogCommand.self,
    ])

  /// `provledger report provisioning`
  struct ProvisioningCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "provisioning",
      abstract: "What happened: every decision, what became of it, and what somebody has to do.",
      discussion: """
        Examples:
          provledger report provisioning              a summary, and what to do
          provledger report provisioning --all        every row
          provledger report provisioning --format csv > report.csv
          provledger report provisioning --format csv --bom > for-excel.csv
          provledger report provisioning --status parked --json
          provledger report provisioning --as-of 2026-11-01
        """)

    /// The forms of the report.
    enum Format: String, CaseIterable {
      case text
      case csv
      case json
    }

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @OptionGroup var look: LookOptions
    @OptionGroup var past: PastOptions
    @Option(help: "The form: text, csv or json.", completion: .words(Format.self), transform: choice)
    var format = Format.text
    @Option(help: "Only one cycle.")
    var cycle: String?
    @Option(
      help: "Only deliveries with one status.", completion: .words(DeliveryStatus.self), transform: choice)
    var status: DeliveryStatus?
    @Flag(help: "In text: every row. Everywhere: also those with which nothing was to be done.")
    var all = false
    @Flag(help: "With --format csv: begin with a byte order mark, by which Excel knows that it is UTF-8.")
    var bom = false

    func validate() throws {
      if bom, format != .csv || output.json { throw ValidationError("--bom is for --format csv.") }
    }

    func run() async throws {
      try await ledger.withLedger { ledger in
        try ledger.views.catchUp()
        let moment = try past.moment(in: ledger)
        let then = try moment.map { try ledger.views.past(at: $0.position) }
        defer { then?.close() }
        let report = ProvisioningReport(then?.views ?? ledger.views, filter)
        let format = output.json ? .json : format
        // Before the first byte: whoever reads may go away at any moment with what they have.
        let count = try report.forEach { _ in }
        try await look.export(
          "provisioning", "report provisioning", format: format.rawValue, count: count, filter: asked(format, moment),
          of: ledger, isText: format == .text)
        if format == .text {
          try writeText(report, standing(moment, then, in: ledger).attention)
        } else {
          try write(report, as: format)
        }
      }
    }

    /// How all stands, or stood.
    private func standing(_ moment: AsOf?, _ then: PastViews?, in ledger: OpenLedger) throws -> StatusReport {
      guard let moment, let then else { return try StatusReport(ledger) }
      return try StatusReport(ledger, asOf: moment, in: then.views)
    }

    /// What was asked for, in words.
    private func asked(_ format: Format, _ moment: AsOf?) -> String {
      let words = [
        "format \(format.rawValue)", cycle.map { "cycle \($0)" }, status.map { "status \($0.rawValue)" },
        all ? "all" : nil, moment.map { "as of \($0.moment)" },
      ]
      return words.compactMap { $0 }.joined(separator: ", ")
    }

    private var filter: ProvisioningReport.Filter {
      var filter = ProvisioningReport.Filter()
      filter.cycle = cycle
      filter.status = status
      filter.includesUnchanged = all || status == .unchanged
      return filter
    }

    private func write(_ report: ProvisioningReport, as format: Format) throws {
      guard format == .csv else {
        try report.forEach { Output.json($0.json) }
        return
      }
      if bom { Output.raw("\u{FEFF}".utf8) }
      Output.raw(CSVWriter.line(DeliveryRecord.columns).utf8)
      try report.forEach { Output.raw(CSVWriter.line($0.fields).utf8) }
    }

    /// `standing` is what no delivery shows, and wants somebody.
    private func writeText(_ report: ProvisioningReport, _ standing: [[String]]) throws {
      let isPast = past.asOf != nil
      let summary = try ProvisioningSummary(report, all: all, isPast: isPast)
      Output.table(summary.header, summary.counts)
      Output.line()
      if !standing.isEmpty {
        Output.line("\(isPast ? "Needed" : "Needs") attention, whomever it is about:")
        Output.rows(standing)
        Output.line()
      }
      if summary.rows.isEmpty {
        if standing.isEmpty { Output.line("Nothing \(isPast ? "needed" : "needs") attention.") }
        return
      }
      Output.line(all ? "Every decision:" : "\(isPast ? "Needed" : "Needs") attention:")
      let why = isPast ? "WHY" : "WHY, AND WHAT TO DO"
      Output.table(["DATE", "PERSON", "ACTION", "STATUS", why], summary.rows)
    }
  }
}
