import Base
public import Ledger
import Provisioning

/// What somebody changed at TeamViewer behind the ledger's back, by comparisons in a period, and what became of it.
///
/// A drift ends when a delivery has gone through, a later comparison finds something else, or the person is erased. What is
/// reported only stays open until then. A difference that lasts over several comparisons is one row.
public struct DriftReport: LedgerReport {
  /// The report's name.
  static let name = "drift"

  /// The question.
  public let query: ReportQuery

  /// A report on what comparisons found in the query's period.
  public init(_ query: ReportQuery) { self.query = query }

  /// What it is made of.
  struct Found {
    var drifts: [Drift] = []
    var comparisons: [(position: Int64, value: ReconcileFinished)] = []

    mutating func take(_ logged: LoggedEvent) {
      if case .reconcileFinished(let finished) = logged.payload { comparisons.append((logged.position, finished)) }
    }
  }

  /// The report. Throws the faults of log and keys.
  public func document(of ledger: OpenLedger) throws -> ReportDocument { try document(found(in: ledger), of: ledger) }

  /// What it is made of. Throws the faults of log and keys.
  func found(in ledger: OpenLedger) throws -> Found {
    let span = try query.span(in: ledger)
    var found = Found()
    for alias in try query.aliases([DriftDetected.type], in: span, ledger.log) {
      var fold = DriftFold(alias)
      for event in try query.events(about: alias, in: ledger).events { fold.take(event) }
      found.drifts += fold.drifts.filter { span.contains($0.point.position) }
    }
    found.drifts.sort { $0.point.position < $1.point.position }
    try query.forEach([ReconcileFinished.type], in: span, ledger) { found.take($0) }
    return found
  }

  func document(_ found: Found, of ledger: OpenLedger) throws -> ReportDocument {
    let (drifts, comparisons) = (found.drifts, found.comparisons)
    let population =
      "all \(drifts.count.of("difference")) that \(comparisons.count.of("comparison")) in the period found"
    return document(try query.about(ledger, population: population, rows: drifts.count), found, drifts.map(row))
  }

  /// The report of its parts.
  func document(_ about: [ReportDocument.Fact], _ found: Found, _ rows: [[String]]) -> ReportDocument {
    ReportDocument(
      name: Self.name, title: "Drift: what was changed at TeamViewer by others", about: about,
      numbers: numbers(found.drifts, found.comparisons),
      chart: ("What differed", .all(found.drifts.map(\.found.kind.rawValue))), columns: Self.columns, rows: rows)
  }

  private func numbers(_ drifts: [Drift], _ comparisons: [(position: Int64, value: ReconcileFinished)])
    -> ReportNumbers
  {
    var numbers = ReportNumbers()
    func count(_ key: String, _ name: String, _ isIn: (Drift) -> Bool) {
      numbers.count(key, name, drifts.filter(isIn).map(\.point.position))
    }
    numbers.count("comparisons", "Comparisons", comparisons.map(\.position))
    numbers.count("withheld", "Of which repaired nothing", comparisons.filter(\.value.isWithheld).map(\.position))
    count("drift", "Differences") { _ in true }
    for kind in DriftDetected.Kind.allCases { count(kind.rawValue, kind.words) { $0.found.kind == kind } }
    count("repaired", "To be repaired") { $0.found.isRepaired }
    count("open", "Still so") { $0.ended == nil }
    if let last = comparisons.last {
      numbers.say("accounts", "Accounts at the last comparison", String(last.value.accounts), [last.position])
      numbers.say("unmanaged", "Of which nobody here has", String(last.value.unmanaged), [last.position])
    }
    return numbers
  }

  static let columns = [
    ReportDocument.Column("userPrincipalName", "Sign-in name"),
    ReportDocument.Column("displayName", "Name", isInText: false),
    ReportDocument.Column("alias", "Alias", isInText: false), ReportDocument.Column("kind", "Difference"),
    ReportDocument.Column("policy", "Policy"), ReportDocument.Column("accountId", "Account", isInText: false),
    ReportDocument.Column("foundAt", "Found"), ReportDocument.Column("endedAt", "Ended"),
    ReportDocument.Column("how", "How"), ReportDocument.Column("duration", "Lasted"),
    ReportDocument.Column("positions", "Events"),
  ]

  func row(_ drift: Drift) -> [String] {
    let end = drift.ended?.point.time ?? query.asOf.moment
    return [
      drift.user?[.userPrincipalName] ?? "", drift.user?[.displayName] ?? "", drift.alias, drift.found.kind.rawValue,
      drift.found.isRepaired ? "repair" : "report", drift.found.account?.id ?? "", drift.point.time.description,
      drift.ended?.point.time.description ?? "", drift.ended?.how ?? "still so",
      Durations.words(end.milliseconds - drift.point.time.milliseconds),
      [drift.point.position, drift.ended?.point.position].cell,
    ]
  }
}

extension DriftDetected.Kind {
  fileprivate var words: String {
    switch self {
    case .missing: "Accounts that were gone"
    case .extra: "Active, though not wanted"
    case .changed: "Name or address changed"
    case .disabled: "Inactive, though wanted"
    }
  }
}
