import Base
import JSON
import Provisioning

/// Erasures, failures and drift made anew.
extension PackReader {
  /// The question that the manifest puts, in no other words than this program would.
  func query() throws -> ReportQuery {
    let asked = manifest["parameters"]?.object
    guard let query = asked.flatMap({ ReportQuery($0) }), query.parameters == asked else { throw questionFails }
    return query
  }

  /// The rows and numbers of the report on erasures, made anew; gives how many rows there are.
  func checkErasures(_ events: [LoggedEvent]) throws -> Int {
    let report = ErasureReport(try query())
    var found = ErasureReport.Found()
    found.events = events.filter {
      ErasureReport.types.contains($0.payload.type) && report.query.period.contains($0.time)
    }
    var people: [String: Person] = [:]
    for event in events {
      switch event.stream {
      case .user(let alias), .account(let alias): people[alias, default: Person(alias: alias)].evolve(event)
      default: break
      }
    }
    for (alias, person) in people { found.held[alias] = person.legalHold?.position }
    let rows = found.events.map { MadeRow(cells: report.row($0), read: ["reason": $0.position]) }
    return try check(report.document(statedAbout, found, made(rows, ErasureReport.columns)))
  }

  /// The rows and numbers of the report on failures, made anew; gives how many rows there are.
  func checkFailures(_ events: [LoggedEvent]) throws -> Int {
    let report = FailureReport(try query())
    var (folds, outages): ([String: FailureFold], OutageFold) = ([:], OutageFold())
    for event in events {
      switch event.stream {
      case .user(let alias), .account(let alias): folds[alias, default: FailureFold(alias)].take(event)
      default: outages.take(event)
      }
    }
    let all = (folds.values.flatMap(\.failures) + outages.failures)
      .filter { report.query.period.contains($0.first.time) }.sorted { $0.first.position < $1.first.position }
    let rows = all.map { MadeRow(cells: report.row($0), read: MadeRow.names($0.named)) }
    return try check(report.document(statedAbout, all, made(rows, FailureReport.columns)))
  }

  /// The rows and numbers of the report on drift, made anew; gives how many rows there are.
  func checkDrift(_ events: [LoggedEvent]) throws -> Int {
    let report = DriftReport(try query())
    var (folds, found): ([String: DriftFold], DriftReport.Found) = ([:], DriftReport.Found())
    for event in events {
      switch event.stream {
      case .user(let alias), .account(let alias): folds[alias, default: DriftFold(alias)].take(event)
      default: if report.query.period.contains(event.time) { found.take(event) }
      }
    }
    found.drifts = folds.values.flatMap(\.drifts).filter { report.query.period.contains($0.point.time) }
      .sorted { $0.point.position < $1.point.position }
    let rows = found.drifts.map { drift in
      var read = MadeRow.names(drift.named)
      read["accountId"] = drift.point.position
      return MadeRow(cells: report.row(drift), read: read)
    }
    return try check(report.document(statedAbout, found, made(rows, DriftReport.columns)))
  }
}

extension MadeRow {
  /// The cells of a person's names, read off an observation.
  static func names(_ named: Int64?) -> [String: Int64] {
    named.map { ["userPrincipalName": $0, "displayName": $0] } ?? [:]
  }
}
