import Base
import EventLog
public import Ledger
import Provisioning
import Sealing

/// Joiners, movers or leavers of a period: who they are, and how long it took from the directory to TeamViewer.
///
/// A person who leaves and comes back within the period has a row for each. Who was disabled before they left the directory left
/// with the first of both. A span is elapsed time, weekends and all. What the safeguard held counts from the observation on; a leaver
/// whom it holds is in the report as `held`, from the first time that it does.
public struct AccessChangeReport: LedgerReport {
  /// What is asked for.
  public let kind: AccessChange.Kind
  /// The question.
  public let query: ReportQuery
  /// How long it may take.
  public let limit: Duration
  /// Some rows instead of all; the numbers are always of all.
  public let sample: Sample?

  /// A report on changes that were decided in the query's period.
  public init(_ kind: AccessChange.Kind, _ query: ReportQuery, limit: Duration, sample: Sample? = nil) {
    self.kind = kind
    self.query = query
    self.limit = limit
    self.sample = sample
  }

  /// Every change of the kind, in the order of the decisions. Throws the faults of log and keys.
  public func changes(in ledger: OpenLedger) throws -> [AccessChange] {
    let span = try query.span(in: ledger)
    var changes: [AccessChange] = []
    for alias in try query.aliases([Decision.type], in: span, ledger.log) {
      let (events, isErased) = try query.events(about: alias, in: ledger)
      changes += AccessChange.all(alias, events, isErased: isErased)
        .filter { $0.kind == kind && span.contains($0.decided.position) }
    }
    return changes.sorted { $0.decided.position < $1.decided.position }
  }

  /// The report. Throws the faults of log and keys.
  public func document(of ledger: OpenLedger) throws -> ReportDocument { try document(changes(in: ledger), of: ledger) }

  /// The report on changes that were found.
  func document(_ all: [AccessChange], of ledger: OpenLedger) throws -> ReportDocument {
    let shown = shown(of: all)
    let drawn = sample.map { ", of which \(shown.count) are drawn with the seed \($0.seed)" } ?? ""
    let population = "all \(all.count.of("change")) of the kind \(kind.rawValue) decided in the period\(drawn)"
    let about = try query.about(ledger, population: population, rows: shown.count)
    return document(about, all, numbers(all), shown.map(row))
  }

  /// The report of its parts.
  func document(
    _ about: [ReportDocument.Fact], _ all: [AccessChange], _ numbers: ReportNumbers, _ rows: [[String]]
  ) -> ReportDocument {
    ReportDocument(
      name: "\(kind.rawValue)s", title: kind.title, about: about, numbers: numbers,
      chart: ("From the directory to TeamViewer", all.isEmpty ? [] : Durations(all.compactMap(\.milliseconds)).bars),
      columns: Self.columns, rows: rows)
  }

  /// The changes that have a row.
  func shown(of all: [AccessChange]) -> [AccessChange] { sample?.drawn(from: all, \.decided.position) ?? all }

  // MARK: Numbers

  /// What is counted of all changes, and how long they took.
  func numbers(_ all: [AccessChange]) -> ReportNumbers {
    let durations = Durations(all.compactMap(\.milliseconds))
    func percentile(_ percent: Int) -> String { durations.percentile(percent).map(Durations.words) ?? "-" }
    let ended = all.filter { $0.ended != nil }.map(\.decided.position)
    var numbers = ReportNumbers()
    for (key, name, isIn) in Self.groups {
      numbers.count(key, name, all.filter { isIn(self, $0) }.map(\.decided.position))
    }
    numbers.say("target", "Target", "within \(Durations.words(limit.milliseconds))")
    numbers.say("median", "Median", percentile(50), ended)
    numbers.say("p95", "95 of 100 within", percentile(95), ended)
    numbers.say("worst", "Longest", percentile(100), ended)
    return numbers
  }

  /// What is counted: each change is in the first, and in one of those that follow up to `superseded`.
  private static let groups: [(key: String, name: String, isIn: @Sendable (AccessChangeReport, AccessChange) -> Bool)] =
    [
      ("changes", "Changes", { _, _ in true }),
      ("done", "Done", { $1.ended != nil }),
      ("open", "Not done yet", { $1.isAwaited }),
      ("held", "Held by the safeguard", { $1.status == .held }),
      ("stopped", "Stopped by an operator", { $1.status == .stopped }),
      ("superseded", "Replaced by a later decision", { $1.status == .superseded }),
      ("breaches", "Later than the target", { $1.breaches($0.limit, at: $0.query.asOf.moment) }),
      ("erased", "Of people erased since", { $1.isErased }),
    ]

  // MARK: Rows

  static let columns = [
    ReportDocument.Column("userPrincipalName", "Sign-in name"),
    ReportDocument.Column("displayName", "Name", isInText: false),
    ReportDocument.Column("alias", "Alias", isInText: false),
    ReportDocument.Column("action", "Action", isInText: false),
    ReportDocument.Column("reason", "Reason", isInText: false), ReportDocument.Column("status", "Status"),
    ReportDocument.Column("observedAt", "In the directory", isInText: false),
    ReportDocument.Column("decidedAt", "Decided", isInText: false),
    ReportDocument.Column("sentAt", "Sent", isInText: false), ReportDocument.Column("confirmedAt", "Confirmed"),
    ReportDocument.Column("verifiedAt", "Read back", isInText: false), ReportDocument.Column("duration", "Took"),
    ReportDocument.Column("milliseconds", "Milliseconds", isInText: false, isInPage: false),
    ReportDocument.Column("breach", "Late"),
    ReportDocument.Column("positions", "Events", isInText: false),
  ]

  /// The cells of a change.
  func row(_ change: AccessChange) -> [String] {
    let points = [change.observed, change.decided, change.sent, change.confirmed, change.verified]
    return [
      change.userPrincipalName ?? "", change.displayName ?? "", change.alias, change.action.rawValue,
      change.reason.rawValue, change.isErased ? "\(change.status.rawValue), erased since" : change.status.rawValue,
    ] + points.map { $0?.time.description ?? "" } + [
      change.milliseconds.map(Durations.words) ?? "", change.milliseconds.map(String.init) ?? "",
      change.breaches(limit, at: query.asOf.moment) ? "late" : "", points.map { $0?.position }.cell,
    ]
  }
}

extension AccessChange.Kind {
  fileprivate var title: String {
    switch self {
    case .joiner: "Joiners: accounts made or enabled"
    case .mover: "Movers: accounts changed"
    case .leaver: "Leavers: accounts disabled"
    }
  }
}

extension Duration {
  fileprivate var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
