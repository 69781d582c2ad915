public import ArgumentParser
import Base
import JSON
import Ledger
import Operations
import Provisioning
import Reports
public import Views

extension DeliveryStatus: ExpressibleByArgument {}

/// `provledger report`
struct Report: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reports from the ledger.", subcommands: [Provisioning.self])

  /// `provledger report provisioning`
  struct Provisioning: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What happened: every decision, what became of it, and what somebody has to do.",
      discussion: """
        Examples:
          provledger report provisioning                      a summary, and what needs attention
          provledger report provisioning --all                every row
          provledger report provisioning --format csv > report.csv
          provledger report provisioning --status parked --json
        """)

    /// The forms of the report.
    enum Format: String, ExpressibleByArgument, CaseIterable {
      case text
      case csv
      case json
    }

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Option(help: "The form.")
    var format = Format.text
    @Option(help: "Only one cycle.")
    var cycle: String?
    @Option(help: "Only deliveries with one status.")
    var status: DeliveryStatus?
    @Flag(help: "In text: every row. Everywhere: also those with which nothing was to be done.")
    var all = false

    func run() async throws {
      let ledger = try ledger.open()
      try ledger.views.catchUp()
      var filter = ProvisioningReport.Filter()
      filter.cycle = cycle
      filter.status = status
      filter.includesUnchanged = all || status == .unchanged
      let report = ProvisioningReport(ledger.views, filter)
      let format = output.json ? .json : format
      // Before the first byte: whoever reads may go away at any moment with what they have.
      let count = try report.forEach { _ in }
      try await Records(in: ledger, actor: Operator.name).export("provisioning", format: format.rawValue, count: count)
      try await ledger.checkpoint()
      switch format {
      case .json: _ = try report.forEach { Output.json($0.json) }
      case .csv:
        Output.raw(CSVWriter.line(Delivery.columns).utf8)
        _ = try report.forEach { Output.raw(CSVWriter.line($0.fields).utf8) }
      case .text: try printText(report)
      }
    }

    private func printText(_ report: ProvisioningReport) throws {
      var counts: [Decision.Action: [DeliveryStatus: Int]] = [:]
      var rows: [[String]] = []
      _ = try report.forEach { delivery in
        counts[delivery.action, default: [:]][delivery.status, default: 0] += 1
        let needsAttention = delivery.remedy != nil
        guard all || needsAttention else { return }
        rows.append([
          delivery.decided.description, delivery.userPrincipalName ?? delivery.alias, delivery.action.rawValue,
          delivery.status.rawValue, "\(delivery.code): \(delivery.explanation). \(delivery.remedy ?? "")",
        ])
      }
      let statuses = DeliveryStatus.allCases.filter { status in counts.values.contains { $0[status] != nil } }
      Output.table(
        ["ACTION"] + statuses.map { $0.rawValue.uppercased() },
        Decision.Action.allCases.filter { counts[$0] != nil }.map { action in
          [action.rawValue] + statuses.map { String(counts[action]?[$0] ?? 0) }
        })
      Output.line()
      if rows.isEmpty {
        Output.line("Nothing needs attention.")
      } else {
        Output.line(all ? "Every decision:" : "Needs attention:")
        Output.table(["DATE", "PERSON", "ACTION", "STATUS", "WHY, AND WHAT TO DO"], rows)
      }
    }
  }
}
