import ArgumentParser
import Base
import Ledger
import Provisioning
import Reports
import Views

extension ReportCommand {
  /// `provledger report access-log`
  struct AccessLogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "access-log", abstract: "Who looked at what, when, and at how many rows.",
      discussion: """
        Examples:
          provledger report access-log
          provledger report access-log --actor operator:olga --from yesterday
          provledger report access-log --format csv > looks.csv
          provledger report access-log --as-of 2026-11-01

        Every look at people's data is recorded before its first row is shown, this one too.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @OptionGroup var look: LookOptions
    @OptionGroup var span: SpanOptions
    @OptionGroup var past: PastOptions
    @Option(
      help: "The form: text, csv or json.", completion: .words(ProvisioningCommand.Format.self), transform: choice)
    var format = ProvisioningCommand.Format.text
    @Option(help: ArgumentHelp("Only looks of one, such as operator:olga.", valueName: "actor"))
    var actor: String?

    func run() async throws {
      try await ledger.withLedger { ledger in
        try ledger.views.catchUp()
        let log = AccessLog(views: ledger.views, log: ledger.log, codec: ledger.codec)
        let (moment, format) = (try past.moment(in: ledger), output.json ? .json : format)
        let known = moment.map { 1..<$0.position + 1 }
        let positions = try span.positions(ledger)
        let shown = known.map { positions.clamped(to: $0) } ?? positions
        let actor = actor.map { Actor($0) }
        var count = 0
        try log.forEach(in: shown, by: actor) { _ in count += 1 }
        let asked = [
          "format \(format.rawValue)", actor.map { "actor \($0)" }, moment.map { "as of \($0.moment)" },
        ].compactMap { $0 }.joined(separator: ", ")
        try await look.export(
          "access-log", "report access-log", format: format.rawValue, count: count, filter: asked, of: ledger,
          isText: format == .text)
        try write(format) { try log.forEach(in: shown, by: actor, $0) }
      }
    }

    private func write(_ format: ProvisioningCommand.Format, _ forEach: ((AccessRow) throws -> Void) throws -> Void)
      throws
    {
      switch format {
      case .json: try forEach { Output.json($0.json) }
      case .csv:
        Output.raw(CSVWriter.line(AccessRow.columns).utf8)
        try forEach { Output.raw(CSVWriter.line($0.fields).utf8) }
      case .text:
        var rows: [[String]] = []
        try forEach { rows.append($0.fields.map { $0.isEmpty ? "-" : $0 }) }
        if rows.isEmpty { return Output.line("nobody looked") }
        Output.table(AccessRow.columns.map { $0.uppercased() }, rows)
      }
    }
  }
}
