import Base
public import Ledger
import Provisioning
import Views

/// What people did with the ledger in a period: who, what, about whom, why. What the worker and schedules did is not in it.
///
/// Of an import, or a plan that was applied, there is one row, with the number of decisions: they are listed by
/// `audit --cycle`. The human is whom the machine told last before the deed; empty where it had told of nobody yet.
public struct OperatorReport: LedgerReport {
  /// The question.
  public let query: ReportQuery

  /// A report on what was done in the query's period.
  public init(_ query: ReportQuery) { self.query = query }

  /// One thing that was done.
  private struct Deed {
    let row: AuditRow
    let person: Person?
    /// The other decisions of the same plan.
    var others: [AuditRow] = []

    var count: Int { others.count + 1 }

    /// The decisions' action; a plan where they have several.
    var action: String { shared(\.outcome.action) ?? "plan" }

    /// Of several actions how often each was decided.
    var words: String {
      if shared(\.outcome.action) != nil { return row.text ?? "" }
      let counts = Dictionary(grouping: [row] + others, by: \.outcome.action).mapValues(\.count)
      return counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    /// What all of it has in common; nil where they differ.
    func shared(_ value: (AuditRow) -> String) -> String? {
      let first = value(row)
      return others.allSatisfy { value($0) == first } ? first : nil
    }
  }

  /// The report. Throws the faults of log, keys and views.
  public func document(of ledger: OpenLedger) throws -> ReportDocument {
    let span = try query.span(in: ledger)
    let deeds = try (acts(span, ledger) + decisions(span, ledger)).sorted { $0.row.position < $1.row.position }
    let seen = try seen(ledger)
    let population = "all \(deeds.count.of("deed")) of people recorded in the period"
    return ReportDocument(
      name: "operators", title: "Operators: what people did with the ledger",
      about: try query.about(ledger, population: population, rows: deeds.count), numbers: numbers(deeds),
      chart: ("What was done", .all(deeds.map(\.action))), columns: Self.columns,
      rows: deeds.map { deed in
        let identity = seen[deed.row.actor]?.last { $0.position < deed.row.position }?.identity
        return row(deed, identity)
      })
  }

  /// What the program does on its way, whoever started it; the rest are deeds when a person did them.
  private static let automatic: Set<String> = [
    UserObserved.type, Decision.type, CycleFinished.type, CycleInterrupted.type, AccountLinked.type,
    AccountUnlinked.type, CallStarted.type, CallFinished.type, DeliveryCompleted.type, DeliveryParked.type,
    DeliveryAbandoned.type, AccountVerified.type, TargetPaused.type, TargetUnreachable.type, QuarantineEntered.type,
    SafeguardTripped.type, OperatorSeen.type, QuotaReserved.type, CircuitOpened.type, CircuitClosed.type,
    DriftDetected.type, ReconcileFinished.type,
  ]

  private func acts(_ span: Range<Int64>, _ ledger: OpenLedger) throws -> [Deed] {
    var deeds: [Deed] = []
    var people: [String: Person] = [:]
    try query.forEach(Set(EventPayload.types).subtracting(Self.automatic), in: span, ledger) { logged in
      guard logged.actor.isPerson else { return }
      if let alias = logged.subject, people[alias] == nil {
        people[alias] = try ledger.views.person(alias, at: query.asOf.position)
      }
      deeds.append(Deed(row: AuditRow(logged), person: logged.subject.flatMap { people[$0] }))
    }
    return deeds
  }

  /// Decisions that a person took without a cycle: a row for all that belong together.
  private func decisions(_ span: Range<Int64>, _ ledger: OpenLedger) throws -> [Deed] {
    var deeds: [String: Deed] = [:]
    try query.forEach([Decision.type], in: span, ledger) { logged in
      guard logged.actor.isPerson, case .decided(let decision) = logged.payload,
        [.restored, .handedOver, .detached].contains(decision.reason)
      else { return }
      let key = logged.correlation ?? String(logged.position)
      if deeds[key] == nil {
        deeds[key] = Deed(row: AuditRow(logged), person: nil)
      } else {
        deeds[key]?.others.append(AuditRow(logged))
      }
    }
    return Array(deeds.values)
  }

  /// Who acts under an actor's id from a position on; nobody where that was erased.
  private typealias Seen = (position: Int64, identity: OperatorIdentity?)

  private func seen(_ ledger: OpenLedger) throws -> [Actor: [Seen]] {
    var all: [Actor: [Seen]] = [:]
    try query.forEach([OperatorSeen.type], in: 1..<query.asOf.position + 1, ledger) { logged in
      guard case .operatorSeen(let seen) = logged.payload else { return }
      all[Actor(seen.actor), default: []].append((logged.position, seen.identity))
    }
    return all
  }

  private func numbers(_ deeds: [Deed]) -> ReportNumbers {
    var numbers = ReportNumbers()
    func count(_ key: String, _ name: String, _ isIn: (AuditRow) -> Bool) {
      numbers.count(key, name, deeds.map(\.row).filter(isIn).map(\.position))
    }
    let isLook: (AuditRow) -> Bool = { $0.type == DataViewed.type }
    let isExport: (AuditRow) -> Bool = { $0.type == ReportExported.type }
    count("deeds", "Deeds") { _ in true }
    count("looks", "Looks at data") { isLook($0) }
    count("exports", "Data taken out") { isExport($0) }
    count("acts", "Everything else") { !isLook($0) && !isExport($0) }
    var firsts: [Actor: Int64] = [:]
    for deed in deeds where firsts[deed.row.actor] == nil { firsts[deed.row.actor] = deed.row.position }
    numbers.count("actors", "People who acted", firsts.values.sorted())
    return numbers
  }

  private static let columns = [
    ReportDocument.Column("time", "When"), ReportDocument.Column("actor", "Actor"),
    ReportDocument.Column("human", "Human", isInText: false), ReportDocument.Column("action", "Action"),
    ReportDocument.Column("status", "Status", isInText: false), ReportDocument.Column("reason", "Reason"),
    ReportDocument.Column("userPrincipalName", "About"), ReportDocument.Column("alias", "Alias", isInText: false),
    ReportDocument.Column("people", "Decisions", isInText: false), ReportDocument.Column("words", "In words"),
    ReportDocument.Column("correlation", "Cycle or work", isInText: false),
    ReportDocument.Column("type", "Event type", isInText: false, isInPage: false),
    ReportDocument.Column("positions", "Event"),
  ]

  private func row(_ deed: Deed, _ identity: OperatorIdentity?) -> [String] {
    let row = deed.row
    let status = deed.shared(\.outcome.status.rawValue) ?? ""
    let reason = deed.shared { $0.outcome.reason ?? "" } ?? ""
    let subject = deed.shared { $0.subject ?? "" } ?? ""
    return [
      row.time.description, row.actor.description, identity?.sentence ?? "", deed.action, status, reason,
      deed.person?.user?[.userPrincipalName] ?? "", subject, row.type == Decision.type ? String(deed.count) : "",
      deed.words,
      row.cycle ?? row.correlation ?? "", row.type, String(row.position),
    ]
  }
}

extension Actor {
  /// Whether a human did it, by hand or with a token.
  fileprivate var isPerson: Bool {
    switch self {
    case .operator, .signIn, .token: true
    case .worker, .schedule, .ledger, .other: false
    }
  }
}

extension OperatorIdentity {
  fileprivate var sentence: String {
    let before = invoker ?? loginName
    let through = before.flatMap { $0 == login ? nil : ", signed in as \($0)" } ?? ""
    return "\(name ?? login) on \(host)\(through)"
  }
}
