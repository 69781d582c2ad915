public import Base
import EventLog
public import Ledger
public import Provisioning
import Sealing
import Views

/// A report that is made of a question and a part of the log.
public protocol LedgerReport: Sendable {
  /// The report. Throws the faults of log, keys and views.
  func document(of ledger: OpenLedger) throws -> ReportDocument
}

/// What every report is asked for, and the part of the log that it rests on. The same question to the same part gets
/// the same bytes.
public struct ReportQuery: Sendable {
  /// The period, half-open: the first moment is in it, the last is not.
  public let period: Range<Timestamp>
  /// The part of the log: everything that was recorded by a moment.
  public let asOf: AsOf
  /// The zone in which the period was written.
  public let zone: String
  /// The question as it was asked, for page one.
  public let words: String
  /// Who asks.
  public let actor: Actor
  /// The program's version.
  public let version: String

  /// A question. `words` is the question as it was asked.
  public init(
    period: Range<Timestamp>, asOf: AsOf, zone: String, words: String, actor: Actor, version: String
  ) {
    self.period = period
    self.asOf = asOf
    self.zone = zone
    self.words = words
    self.actor = actor
    self.version = version
  }

  /// What page one says of every report. Throws the faults of the log.
  func about(_ ledger: OpenLedger, population: String, rows: Int) throws -> [ReportDocument.Fact] {
    PageOne.facts([
      words, population, PageOne.complete(through: String(asOf.position)), String(rows),
      "\(zone); all times below are UTC", asOf.moment.description, ledger.configuration.origin,
      String(asOf.position), try ledger.log.root(at: asOf.position).description, actor.description,
      "provledger \(version)",
    ])
  }

  /// Where the events of the period stand, as far as the report may look. Throws the faults of log and keys.
  func span(in ledger: OpenLedger) throws -> Range<Int64> {
    // Another process may have erased somebody since this one read of them.
    try ledger.codec.forgetErased(in: ledger.log)
    return try ledger.log.positions(recorded: period).clamped(to: 1..<asOf.position + 1)
  }

  /// Hands out the events of some types in a part of the log, in order. Throws the faults of log and keys.
  func forEach(
    _ types: Set<String>, in span: Range<Int64>, _ ledger: OpenLedger, _ body: (LoggedEvent) throws -> Void
  ) throws {
    try forEach(types, in: span, ledger.log) { try body(ledger.codec.decode($0)) }
  }

  /// Whom events of some types in a part of the log are about. Throws the faults of the log.
  func aliases(_ types: Set<String>, in span: Range<Int64>, _ log: Log) throws -> Set<String> {
    var aliases: Set<String> = []
    try forEach(types, in: span, log) { recorded in
      switch Stream(recorded.stream) {
      case .user(let alias), .account(let alias): aliases.insert(alias)
      default: break
      }
    }
    return aliases
  }

  private func forEach(
    _ types: Set<String>, in span: Range<Int64>, _ log: Log, _ body: (RecordedEvent) throws -> Void
  ) throws {
    var next = span.lowerBound
    while next < span.upperBound {
      let page = try log.read(types: types, from: next)
      for recorded in page where recorded.position < span.upperBound { try body(recorded) }
      guard let last = page.last else { break }
      next = last.position + 1
    }
  }

  /// The events of a person up to the end of the part, as erased where they were erased at any time. Throws the faults of log
  /// and keys.
  func events(about alias: String, in ledger: OpenLedger) throws -> (events: [LoggedEvent], isErased: Bool) {
    let recorded = try ledger.log.events(about: alias)
    let isErased = recorded.contains { $0.type == SubjectErased.type }
    let events = try recorded.filter { $0.position <= asOf.position }
      .map { try ledger.codec.decode($0, asErased: isErased) }
    return (events, isErased)
  }
}
