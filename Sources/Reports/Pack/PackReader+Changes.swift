import Base
import JSON
import Provisioning

/// Joiners, movers and leavers made anew.
extension PackReader {
  /// The rows and numbers of the report, made anew from nothing but the events; gives how many rows there are.
  func checkChanges(_ events: [LoggedEvent]) throws -> Int {
    let asked = manifest["parameters"]?.object
    guard let report = asked.flatMap({ AccessChangeReport($0) }), report.parameters == asked else {
      throw questionFails
    }
    let stated = stated
    let changes = report.changes(events, erased: erased)
    let population = (stated?["positions"]?["changes"]?.array ?? []).compactMap { $0.string.flatMap { Int64($0) } }
    let drawn = Set(report.sample?.drawn(from: population) { $0 } ?? population)
    let shown = changes.filter { drawn.contains($0.decided.position) }
    let stands = (stated?["rows"]?.array ?? [])
    guard stands.count == shown.count else { throw fails("\(Name.json) has other rows than the events give") }
    let rows = zip(shown, stands).map { change, row in cells(of: change, in: report, as: row) }
    guard rows.count == drawn.count, report.sample != nil || changes.count == drawn.count else { throw rowsFail }
    var numbers = report.numbers(changes)
    // Those of all changes cannot be made of some.
    if report.sample != nil { numbers = numbers.stated(stated?["counts"], stated?["positions"]) }
    return try check(report.document(statedAbout, changes, numbers, rows))
  }

  /// The cells of a change's row. A name that stays closed is taken as the report has it; `notOpened` says so.
  private func cells(of change: AccessChange, in report: AccessChangeReport, as stated: JSONValue) -> [String] {
    var cells = report.row(change)
    guard !change.isErased, let named = change.named, notOpened.contains(named) else { return cells }
    for (index, column) in AccessChangeReport.columns.enumerated() where column.key.hasSuffix("Name") {
      cells[index] = stated[column.key]?.string ?? ""
    }
    return cells
  }
}

extension AccessChangeReport {
  /// The changes of the kind in the period, from the events of people in the order of the log.
  fileprivate func changes(_ events: [LoggedEvent], erased: Set<String>) -> [AccessChange] {
    let people = Dictionary(grouping: events) { $0.subject ?? "" }
    return people.flatMap { AccessChange.all($0, $1, isErased: erased.contains($0)) }
      .filter { $0.kind == kind && query.period.contains($0.decided.time) }
      .sorted { $0.decided.position < $1.decided.position }
  }
}
