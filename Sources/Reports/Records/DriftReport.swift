import Base
public import Ledger
import Provisioning

/// What somebody changed at TeamViewer behind the ledger's back, by comparisons in a period, and what became of it.
///
/// A drift ends when a delivery has gone through, a later comparison finds something else, or the person is erased. What is
/// reported only stays open until then. A difference that lasts over several comparisons is one row.
public struct DriftReport: LedgerReport {
  /// The question.
  public let query: ReportQuery

  /// A report on what comparisons found in the query's period.
  public init(_ query: ReportQuery) { self.query = query }

  private struct Drift {
    let alias: String
    let user: DirectoryUser?
    let found: DriftDetected
    let point: AccessChange.Point
    var ended: (point: AccessChange.Point, how: String)?
  }

  /// The report. Throws the faults of log and keys.
  public func document(of ledger: OpenLedger) throws -> ReportDocument {
    let span = try query.span(in: ledger)
    let drifts = try query.aliases([DriftDetected.type], in: span, ledger.log)
      .flatMap { try all($0, query.events(about: $0, in: ledger).events) }
      .filter { span.contains($0.point.position) }.sorted { $0.point.position < $1.point.position }
    var comparisons: [(position: Int64, value: ReconcileFinished)] = []
    try query.forEach([ReconcileFinished.type], in: span, ledger) { logged in
      if case .reconcileFinished(let finished) = logged.payload { comparisons.append((logged.position, finished)) }
    }
    let population =
      "all \(drifts.count.of("difference")) that \(comparisons.count.of("comparison")) in the period found"
    return ReportDocument(
      name: "drift", title: "Drift: what was changed at TeamViewer by others",
      about: try query.about(ledger, population: population, rows: drifts.count),
      numbers: numbers(drifts, comparisons), chart: ("What differed", .all(drifts.map(\.found.kind.rawValue))),
      columns: Self.columns, rows: drifts.map(row))
  }

  private func all(_ alias: String, _ events: [LoggedEvent]) -> [Drift] {
    var person = Person(alias: alias)
    var drifts: [Drift] = []
    func end(_ how: String, _ logged: LoggedEvent) {
      guard let last = drifts.last, last.ended == nil else { return }
      drifts[drifts.count - 1].ended = (AccessChange.Point(logged), how)
    }
    for event in events {
      let user = person.user
      person.evolve(event)
      if case .driftDetected(let found) = event.payload {
        end("other difference", event)
        drifts.append(Drift(alias: alias, user: user, found: found, point: AccessChange.Point(event)))
      } else if person.account.drift == nil {
        end(person.erasure == nil ? "as wanted" : "erased", event)
      }
    }
    return drifts
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

  private static let columns = [
    ReportDocument.Column("userPrincipalName", "Sign-in name"),
    ReportDocument.Column("displayName", "Name", isInText: false),
    ReportDocument.Column("alias", "Alias", isInText: false), ReportDocument.Column("kind", "Difference"),
    ReportDocument.Column("policy", "Policy"), ReportDocument.Column("accountId", "Account", isInText: false),
    ReportDocument.Column("foundAt", "Found"), ReportDocument.Column("endedAt", "Ended"),
    ReportDocument.Column("how", "How"), ReportDocument.Column("duration", "Lasted"),
    ReportDocument.Column("positions", "Events"),
  ]

  private func row(_ drift: Drift) -> [String] {
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
