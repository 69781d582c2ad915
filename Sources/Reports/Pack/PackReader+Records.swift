import Base
import JSON
import Provisioning

/// Erasures and failures made anew.
extension PackReader {
  private func query() throws -> ReportQuery {
    guard let query = manifest["parameters"]?.object.flatMap({ ReportQuery($0) }) else {
      throw fails("the manifest puts no question that this program knows")
    }
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
    let rows = try made(found.events.map { (report.row($0), $0.position) }, ErasureReport.columns) { $0 == "reason" }
    return try check(report.document(statedAbout, found, rows))
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
    let rows = try made(all.map { (report.row($0), $0.named) }, FailureReport.columns) { $0.hasSuffix("Name") }
    return try check(report.document(statedAbout, all, rows))
  }

  /// Rows, each with the event whose opened member it is read off. Where that stays closed, the cells of `isClosed` columns are
  /// taken as the report has them; `notOpened` says so.
  private func made(
    _ rows: [(cells: [String], named: Int64?)], _ columns: [ReportDocument.Column], _ isClosed: (String) -> Bool
  ) throws -> [[String]] {
    let stands = stated?["rows"]?.array ?? []
    guard stands.count == rows.count else { throw fails("\(Name.json) has other rows than the events give") }
    return zip(rows, stands).map { row, stated in
      guard let named = row.named, notOpened.contains(named) else { return row.cells }
      return zip(columns, row.cells).map { isClosed($0.key) ? stated[$0.key]?.string ?? "" : $1 }
    }
  }
}
