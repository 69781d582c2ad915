import Base
public import Ledger
import Provisioning

/// How the configuration changed between two moments: every setting, when, by whom, from what to what.
///
/// A text counts from the event that recorded it, which is when a command first used it, not from when the file was saved.
public struct ConfigurationReport: LedgerReport {
  /// The question.
  public let query: ReportQuery

  /// A report on the changes in the query's period.
  public init(_ query: ReportQuery) { self.query = query }

  private struct Change {
    let logged: LoggedEvent
    let path: String
    let before: String?
    let after: String?
  }

  private typealias Settings = [String: String]

  /// The report. Throws the faults of log and keys.
  public func document(of ledger: OpenLedger) throws -> ReportDocument {
    let span = try query.span(in: ledger)
    var (first, present, applied, changes): (Settings?, Settings?, [LoggedEvent], [Change]) = (nil, nil, [], [])
    try query.forEach([ConfigurationApplied.type], in: 1..<span.upperBound, ledger) { logged in
      guard case .configurationApplied(let configuration) = logged.payload else { return }
      let settings = ConfigurationSettings.of(configuration.text)
      if logged.position < span.lowerBound { first = settings } else { applied.append(logged) }
      if logged.position >= span.lowerBound { changes += difference(present ?? [:], settings, logged) }
      present = settings
    }
    let net = changed(first ?? [:], present ?? [:])
    let population = "all \(applied.count.of("configuration")) recorded in the period, compared setting by setting"
    return ReportDocument(
      name: "configuration", title: "Configuration: what changed, and by whom",
      about: try query.about(ledger, population: population, rows: changes.count),
      numbers: numbers(applied, changes, net), columns: Self.columns,
      rows: changes.map { row($0, isLasting: net.contains($0.path)) })
  }

  private func changed(_ before: Settings, _ after: Settings) -> Set<String> {
    Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
  }

  private func difference(_ before: Settings, _ after: Settings, _ logged: LoggedEvent) -> [Change] {
    changed(before, after).sorted().map { Change(logged: logged, path: $0, before: before[$0], after: after[$0]) }
  }

  private func numbers(_ applied: [LoggedEvent], _ changes: [Change], _ net: Set<String>) -> ReportNumbers {
    var numbers = ReportNumbers()
    numbers.count("applied", "Configurations recorded", applied.map(\.position))
    numbers.count("changes", "Settings changed", changes.map(\.logged.position))
    let lasting = changes.filter { net.contains($0.path) }.map(\.logged.position)
    numbers.say("net", "Settings that differ in the end", String(net.count), lasting)
    return numbers
  }

  private static let columns = [
    ReportDocument.Column("time", "When"), ReportDocument.Column("actor", "By"),
    ReportDocument.Column("setting", "Setting"), ReportDocument.Column("before", "Before"),
    ReportDocument.Column("after", "After"), ReportDocument.Column("differs", "In the end", isInText: false),
    ReportDocument.Column("positions", "Event"),
  ]

  private func row(_ change: Change, isLasting: Bool) -> [String] {
    func shown(_ value: String?) -> String {
      guard let value else { return "" }
      return ConfigurationSettings.isSecret(change.path) ? "(not shown)" : value
    }
    return [
      change.logged.time.description, change.logged.actor.description, change.path, shown(change.before),
      shown(change.after), isLasting ? "differs" : "as before", String(change.logged.position),
    ]
  }
}
