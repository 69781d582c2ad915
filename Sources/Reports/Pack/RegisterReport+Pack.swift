import Base
import JSON
public import Ledger
import Operations
import Provisioning

extension RegisterReport: EvidencedReport {
  /// The report with everything that its rows and numbers rest on: all events of everybody. When somebody was erased behind the
  /// report's moment, the report alone says. Throws the faults of log, keys and views.
  public func packed(of ledger: OpenLedger) throws -> PackedReport {
    let found = try found(in: ledger)
    var grounds = Grounds(people: Set(found.people.map(\.alias)))
    for person in found.people {
      if let erasure = person.erasure, erasure.position > query.asOf.position { grounds.erased.insert(person.alias) }
      let opened = Self.opened(try query.events(about: person.alias, in: ledger).events)
      grounds.opened.merge(opened) { $0.union($1) }
    }
    return PackedReport(
      document: try document(found, of: ledger), grounds: grounds, query: query, parameters: query.parameters)
  }

  /// The sealed members that the row of a person is read off, by the positions of their events: the newest observation, whatever
  /// was wanted, since what is pending follows from what changed, and each account that TeamViewer showed.
  private static func opened(_ events: [LoggedEvent]) -> [Int64: Set<String>] {
    let observed = events.last { if case .userObserved = $0.payload { true } else { false } }
    var opened: [Int64: Set<String>] = [:]
    for event in events {
      guard let member = event.accessMember else { continue }
      switch event.payload {
      case .callStarted: break
      case .userObserved:
        if event.position == observed?.position { opened[event.position] = [member, UserObserved.idMember] }
      default: opened[event.position] = [member]
      }
    }
    return opened
  }
}

/// The register made anew.
extension PackReader {
  /// The rows and numbers of the register, made anew; gives how many rows there are.
  func checkRegister(_ events: [LoggedEvent]) throws -> Int {
    let (report, rows) = (RegisterReport(try query()), stated?["rows"]?.array ?? [])
    var (found, theirs): (RegisterReport.Found, [String: [LoggedEvent]]) = (RegisterReport.Found(), [:])
    for event in events {
      let alias = try alias(of: event)
      theirs[alias, default: []].append(event)
      found.take(event, of: alias)
    }
    let later = try laterErasures(rows, after: report.query.asOf.position)
    let people = Dictionary(
      uniqueKeysWithValues: theirs.map { ($0, Person(alias: $0, events: $1, erasedLater: later[$0])) })
    let hidden = Set(notOpened)
    let closed = Set(try events.filter { hidden.contains($0.position) }.map { try alias(of: $0) })
    found.people = rows.compactMap { row in row["alias"]?.string.flatMap { people[$0] } }
    let order = found.people.map(\.alias)
    guard order.count == rows.count, rows.count == people.count, Set(order) == Set(people.keys),
      !closed.isEmpty || order == found.people.inOrder.map(\.alias)
    else { throw fails("\(Name.json) has other rows than the events give") }
    let cells = zip(report.rows(found), rows).map { made, stated in
      closed.contains(stated["alias"]?.string ?? "")
        ? RegisterReport.columns.map { stated[$0.key]?.string ?? "" } : made
    }
    // Of somebody of whom an event stays closed nobody knows how they stand.
    guard closed.isEmpty else {
      let kept = stated?["about"]?[RegisterReport.keptNames]?.string ?? ""
      let numbers = report.numbers(found).stated(stated?["counts"], stated?["positions"])
      return try check(report.document(statedAbout, kept: kept, numbers, cells))
    }
    return try check(
      report.document(statedAbout, kept: RegisterReport.names(of: found.people), report.numbers(found), cells))
  }

  /// The alias of the person whom an event is about.
  private func alias(of event: LoggedEvent) throws -> String {
    switch event.stream {
    case .user(let alias), .account(let alias): return alias
    default: throw fails("event \(event.position) is about nobody")
    }
  }

  /// The erasures behind the report's moment, as the rows of those people state them: no event in the pack says when.
  private func laterErasures(_ rows: [JSONValue], after end: Int64) throws -> [String: LoggedEvent] {
    var erasures: [String: LoggedEvent] = [:]
    for row in rows {
      guard let alias = row["alias"]?.string, erased.contains(alias) else { continue }
      guard let position = row["positions"]?.string?.split(separator: " ").last.flatMap({ Int64($0) }), position > end,
        let time = row["erasedAt"]?.string.flatMap({ Timestamp($0) }),
        let reason = row["erasureReason"]?.string.flatMap({ ErasureReason($0) })
      else { throw fails("\(Name.json) does not say when \(alias) was erased") }
      let erasure = SubjectErased(reason: reason, forced: [], events: 0, calls: 0)
      erasures[alias] = LoggedEvent(
        Event(.user(alias), .subjectErased(erasure)), position: position, time: time, actor: .ledger)
    }
    return erasures
  }
}

extension Person {
  /// Somebody as all their events leave them. Of whoever was erased, then or later, nothing counts from the first event on but what
  /// stands in clear.
  fileprivate init(alias: String, events: [LoggedEvent], erasedLater: LoggedEvent?) {
    self.init(alias: alias)
    let erasure = events.first { if case .subjectErased = $0.payload { true } else { false } } ?? erasedLater
    if let erasure { evolve(erasure) }
    for event in events { evolve(event) }
  }
}
