import Base
import EventLog
public import Ledger
import Provisioning
import Sealing

/// Joiners, movers or leavers of a period: who they are, and how long it took from the directory to TeamViewer.
///
/// A person who leaves and comes back within the period has a row for each. Who was disabled before they left the directory left
/// with the first of both. A span is elapsed time, weekends and all. What the safeguard held counts from the observation on.
public struct AccessChangeReport: Sendable {
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
    let span = try ledger.log.positions(recorded: query.period).clamped(to: 1..<query.asOf.position + 1)
    try ledger.codec.forgetErased(in: ledger.log)
    var changes: [AccessChange] = []
    for alias in try aliases(span, ledger.log) {
      let (events, isErased) = try query.events(about: alias, in: ledger)
      changes += AccessChange.all(alias, events, isErased: isErased)
        .filter { $0.kind == kind && span.contains($0.decided.position) }
    }
    return changes.sorted { $0.decided.position < $1.decided.position }
  }

  /// Whom a decision in a part of the log is about.
  private func aliases(_ span: Range<Int64>, _ log: Log) throws -> Set<String> {
    var aliases: Set<String> = []
    var next = span.lowerBound
    while next < span.upperBound {
      let page = try log.read(types: [Decision.type], from: next)
      for recorded in page where recorded.position < span.upperBound {
        if case .user(let alias) = Stream(recorded.stream) { aliases.insert(alias) }
      }
      guard let last = page.last else { break }
      next = last.position + 1
    }
    return aliases
  }

  /// The report. Throws the faults of log and keys.
  public func document(of ledger: OpenLedger) throws -> ReportDocument {
    let all = try changes(in: ledger)
    let shown = sample?.drawn(from: all, \.decided.position) ?? all
    let drawn = sample.map { ", of which \(shown.count) are drawn with the seed \($0.seed)" } ?? ""
    let population = "all \(all.count.of("change")) of the kind \(kind.rawValue) decided in the period\(drawn)"
    let durations = Durations(all.compactMap(\.milliseconds))
    return ReportDocument(
      name: "\(kind.rawValue)s", title: kind.title,
      about: try query.about(ledger, population: population, rows: shown.count),
      counts: counts(all, durations), positions: positions(all),
      chart: ("From the directory to TeamViewer", all.isEmpty ? [] : durations.bars),
      columns: Self.columns, rows: shown.map(row))
  }

  // MARK: Numbers

  private func counts(_ all: [AccessChange], _ durations: Durations) -> [ReportDocument.Fact] {
    func percentile(_ percent: Int) -> String { durations.percentile(percent).map(Durations.words) ?? "-" }
    return Self.groups.map { key, name, isIn in
      ReportDocument.Fact(key, name, String(all.count { isIn(self, $0) }))
    } + [
      ReportDocument.Fact("target", "Target", "within \(Durations.words(limit.milliseconds))"),
      ReportDocument.Fact("median", "Median", percentile(50)),
      ReportDocument.Fact("p95", "95 of 100 within", percentile(95)),
      ReportDocument.Fact("worst", "Longest", percentile(100)),
    ]
  }

  private func positions(_ all: [AccessChange]) -> [String: [Int64]] {
    Dictionary(
      Self.groups.map { key, _, isIn in (key, all.filter { isIn(self, $0) }.map(\.decided.position)) }
    ) { first, _ in first }
  }

  /// What is counted: each change is in the first, and in one of those that follow up to `superseded`.
  private static let groups: [(key: String, name: String, isIn: @Sendable (AccessChangeReport, AccessChange) -> Bool)] =
    [
      ("changes", "Changes", { _, _ in true }),
      ("done", "Done", { $1.ended != nil }),
      ("open", "Not done yet", { $1.ended == nil && ![.superseded, .stopped].contains($1.status) }),
      ("stopped", "Stopped by an operator", { $1.status == .stopped }),
      ("superseded", "Replaced by a later decision", { $1.status == .superseded }),
      ("breaches", "Later than the target", { $1.breaches($0.limit, at: $0.query.asOf.moment) }),
      ("erased", "Of people erased since", { $1.isErased }),
    ]

  // MARK: Rows

  private static let columns = [
    ReportDocument.Column("userPrincipalName", "Sign-in name"),
    ReportDocument.Column("displayName", "Name", isInText: false),
    ReportDocument.Column("alias", "Alias", isInText: false),
    ReportDocument.Column("action", "Action", isInText: false),
    ReportDocument.Column("reason", "Reason", isInText: false), ReportDocument.Column("status", "Status"),
    ReportDocument.Column("observedAt", "In the directory"),
    ReportDocument.Column("decidedAt", "Decided", isInText: false),
    ReportDocument.Column("sentAt", "Sent", isInText: false), ReportDocument.Column("confirmedAt", "Confirmed"),
    ReportDocument.Column("verifiedAt", "Read back"), ReportDocument.Column("duration", "Took"),
    ReportDocument.Column("milliseconds", "Milliseconds", isInText: false), ReportDocument.Column("breach", "Late"),
    ReportDocument.Column("positions", "Events"),
  ]

  private func row(_ change: AccessChange) -> [String] {
    let points = [change.observed, change.decided, change.sent, change.confirmed, change.verified]
    let positions = Set(points.compactMap { $0?.position }).sorted().map(String.init)
    return [
      change.userPrincipalName ?? "", change.displayName ?? "", change.alias, change.action.rawValue,
      change.reason.rawValue, change.isErased ? "\(change.status.rawValue), erased since" : change.status.rawValue,
    ] + points.map { $0?.time.description ?? "" } + [
      change.milliseconds.map(Durations.words) ?? "", change.milliseconds.map(String.init) ?? "",
      change.breaches(limit, at: query.asOf.moment) ? "late" : "", positions.joined(separator: " "),
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
