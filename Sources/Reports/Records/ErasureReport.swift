import Base
public import Ledger
import Provisioning
import Views

/// Erasures in a period, those that were refused, and legal holds: who decided, why, and how much is gone.
///
/// An erased person is an alias here as everywhere; whoever needs to say that it was a certain person keeps the certificate that
/// `erase` writes.
public struct ErasureReport: LedgerReport {
  /// The report's name.
  static let name = "erasures"

  /// The question.
  public let query: ReportQuery

  /// A report on erasures in the query's period.
  public init(_ query: ReportQuery) { self.query = query }

  /// What its rows are.
  static let types: Set<String> = [SubjectErased.type, ErasureRefused.type, LegalHoldPlaced.type, LegalHoldLifted.type]

  /// What it is made of: an event for each row, and since when who is held at the end.
  struct Found {
    var events: [LoggedEvent] = []
    var held: [String: Int64] = [:]
  }

  /// The report. Throws the faults of log, keys and views.
  public func document(of ledger: OpenLedger) throws -> ReportDocument { try document(found(in: ledger), of: ledger) }

  /// What it is made of. Throws the faults of log, keys and views.
  func found(in ledger: OpenLedger) throws -> Found {
    var found = Found()
    try query.forEach(Self.types, in: query.span(in: ledger), ledger) { found.events.append($0) }
    // From the log alone, with no rows for a snapshot: it is a report.
    for person in try ledger.views.people(at: query.asOf.position, { _, _ in }) {
      found.held[person.alias] = person.legalHold?.position
    }
    return found
  }

  func document(_ found: Found, of ledger: OpenLedger) throws -> ReportDocument {
    let events = found.events
    let population = "all \(events.count.of("event")) of erasures and legal holds in the period"
    let about = try query.about(ledger, population: population, rows: events.count)
    return document(about, found, events.map(row))
  }

  /// The report of its parts.
  func document(_ about: [ReportDocument.Fact], _ found: Found, _ rows: [[String]]) -> ReportDocument {
    ReportDocument(
      name: Self.name, title: "Erasures and legal holds", about: about, numbers: numbers(found),
      chart: ("Why people were erased", .all(found.events.compactMap { $0.erased?.reason.code })),
      columns: Self.columns, rows: rows)
  }

  func numbers(_ found: Found) -> ReportNumbers {
    let events = found.events
    var numbers = ReportNumbers()
    func count(_ key: String, _ name: String, _ isIn: (LoggedEvent) -> Bool) {
      numbers.count(key, name, events.filter(isIn).map(\.position))
    }
    count("erased", "Erasures") { $0.erased != nil }
    count("forced", "Of which overrode an obstacle") { $0.erased?.forced.isEmpty == false }
    count("operators", "Of which operators") { if case .operator = $0.stream { $0.erased != nil } else { false } }
    count("refused", "Refused") { $0.payload.type == ErasureRefused.type }
    count("placed", "Holds placed") { $0.payload.type == LegalHoldPlaced.type }
    count("lifted", "Holds lifted") { $0.payload.type == LegalHoldLifted.type }
    numbers.count("held", "Under a hold at the end", found.held.values)
    let gone = events.compactMap { $0.erased?.events }.reduce(0, +)
    numbers.say("events", "Events whose content is gone", String(gone), numbers.positions["erased"] ?? [])
    return numbers
  }

  static let columns = [
    ReportDocument.Column("time", "When"), ReportDocument.Column("what", "What"),
    ReportDocument.Column("alias", "Alias"), ReportDocument.Column("kind", "Of whom", isInText: false),
    ReportDocument.Column("reason", "Reason"), ReportDocument.Column("obstacle", "Obstacle"),
    ReportDocument.Column("events", "Events gone"), ReportDocument.Column("calls", "Of which calls", isInText: false),
    ReportDocument.Column("actor", "By"), ReportDocument.Column("positions", "Event"),
  ]

  func row(_ logged: LoggedEvent) -> [String] {
    let (what, reason, obstacle, events, calls) = logged.cells
    let isOperator = if case .operator = logged.stream { true } else { false }
    return [
      logged.time.description, what, logged.subject ?? "", isOperator ? "operator" : "person", reason, obstacle,
      events, calls, logged.actor.description, String(logged.position),
    ]
  }
}

extension LoggedEvent {
  fileprivate var erased: SubjectErased? { if case .subjectErased(let erased) = payload { erased } else { nil } }

  fileprivate var cells: (what: String, reason: String, obstacle: String, events: String, calls: String) {
    switch payload {
    case .subjectErased(let erased):
      let forced = erased.forced.map { "\($0.rawValue) (overridden)" }.joined(separator: ", ")
      return ("erased", erased.reason.code, forced, String(erased.events), String(erased.calls))
    case .erasureRefused(let refused): return ("refused", refused.reason.code, refused.obstacle.rawValue, "", "")
    case .legalHoldPlaced(let placed): return ("hold placed", placed.reason ?? "", "", "", "")
    case .legalHoldLifted(let lifted): return ("hold lifted", lifted.reason ?? "", "", "", "")
    default: return ("", "", "", "", "")
    }
  }
}
