import Base
import EventLog
public import Ledger
import Provisioning

/// What went wrong in a period, and what became of it: deliveries that failed, were parked or given up, and outages of TeamViewer.
///
/// A failure belongs to the period in which it began. Attempts that follow are part of it, until the delivery is done, a later
/// decision takes its place, an operator skips it, or the person is erased. What cannot be provisioned by what the directory says
/// never failed: `report provisioning --status skipped` lists it.
public struct FailureReport: LedgerReport {
  /// The report's name.
  static let name = "failures"

  /// The question.
  public let query: ReportQuery

  /// A report on failures that began in the query's period.
  public init(_ query: ReportQuery) { self.query = query }

  /// The report. Throws the faults of log and keys.
  public func document(of ledger: OpenLedger) throws -> ReportDocument {
    try document(failures(in: ledger), of: ledger)
  }

  /// Every failure that began in the period, in order. Throws the faults of log and keys.
  func failures(in ledger: OpenLedger) throws -> [Failure] {
    let span = try query.span(in: ledger)
    return try (deliveries(span, ledger) + outages(span, ledger)).filter { span.contains($0.first.position) }
      .sorted { $0.first.position < $1.first.position }
  }

  func document(_ all: [Failure], of ledger: OpenLedger) throws -> ReportDocument {
    let population = "all \(all.count.of("failure")) that began in the period"
    return document(try query.about(ledger, population: population, rows: all.count), all, all.map(row))
  }

  /// The report of its parts.
  func document(_ about: [ReportDocument.Fact], _ all: [Failure], _ rows: [[String]]) -> ReportDocument {
    ReportDocument(
      name: Self.name, title: "Failures: what went wrong, and what became of it", about: about,
      numbers: numbers(all), chart: ("What went wrong", .all(all.map(\.word))), columns: Self.columns, rows: rows)
  }

  private static let told: Set<String> = [CallFinished.type, DeliveryParked.type, DeliveryAbandoned.type]

  private func deliveries(_ span: Range<Int64>, _ ledger: OpenLedger) throws -> [Failure] {
    try query.aliases(Self.told, in: span, ledger.log).flatMap { alias in
      var fold = FailureFold(alias)
      for event in try query.events(about: alias, in: ledger).events { fold.take(event) }
      return fold.failures
    }
  }

  private func outages(_ span: Range<Int64>, _ ledger: OpenLedger) throws -> [Failure] {
    var fold = OutageFold()
    try query.forEach(OutageFold.types, in: span.lowerBound..<query.asOf.position + 1, ledger) { fold.take($0) }
    return fold.failures
  }

  func numbers(_ all: [Failure]) -> ReportNumbers {
    var numbers = ReportNumbers()
    func count(_ key: String, _ name: String, _ isIn: (Failure) -> Bool) {
      numbers.count(key, name, all.filter(isIn).map(\.first.position))
    }
    count("failures", "Failures") { _ in true }
    count("deliveries", "Of deliveries") { $0.what == .delivery }
    count("outages", "Outages and quarantines") { $0.what != .delivery }
    count("resolved", "Resolved") { $0.status == .resolved }
    count("ended", "Ended otherwise") { !$0.isOpen && $0.status != .resolved }
    count("open", "Still open") { $0.isOpen }
    count("parked", "Of which parked") { $0.status == .parked }
    count("abandoned", "Of which given up") { $0.status == .abandoned }
    let spans = Durations(all.filter { $0.status == .resolved }.map { $0.milliseconds(at: query.asOf.moment) })
    numbers.say(
      "median", "Median time to resolve", spans.percentile(50).map(Durations.words) ?? "-",
      numbers.positions["resolved"] ?? [])
    let oldest = all.first(where: \.isOpen)
    numbers.say(
      "oldest", "Oldest that is open", oldest?.first.time.description ?? "-", oldest.map { [$0.first.position] } ?? [])
    return numbers
  }

  static let columns = [
    ReportDocument.Column("what", "What"), ReportDocument.Column("userPrincipalName", "Sign-in name"),
    ReportDocument.Column("displayName", "Name", isInText: false),
    ReportDocument.Column("alias", "Alias", isInText: false), ReportDocument.Column("action", "Action"),
    ReportDocument.Column("error", "What went wrong"), ReportDocument.Column("status", "Status"),
    ReportDocument.Column("decidedAt", "Decided", isInText: false), ReportDocument.Column("failedAt", "First"),
    ReportDocument.Column("lastFailedAt", "Last", isInText: false), ReportDocument.Column("failures", "Times"),
    ReportDocument.Column("endedAt", "Ended"), ReportDocument.Column("endedBy", "By", isInText: false),
    ReportDocument.Column("duration", "Lasted"),
    ReportDocument.Column("milliseconds", "Milliseconds", isInText: false, isInPage: false),
    ReportDocument.Column("positions", "Events", isInText: false),
  ]

  func row(_ failure: Failure) -> [String] {
    let span = failure.milliseconds(at: query.asOf.moment)
    return [
      failure.what.rawValue, failure.user?[.userPrincipalName] ?? "", failure.user?[.displayName] ?? "",
      failure.alias ?? "", failure.decision?.action.rawValue ?? "", failure.word, failure.status.rawValue,
      failure.decision?.point.time.description ?? "", failure.first.time.description, failure.last.time.description,
      String(failure.count), failure.ended?.point.time.description ?? "", failure.ended?.by.description ?? "",
      Durations.words(span), String(span),
      [failure.decision?.point.position, failure.first.position, failure.last.position, failure.ended?.point.position]
        .cell,
    ]
  }
}
