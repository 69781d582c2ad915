import Base
import JSON
import Operations
import Provisioning

/// Who could sign in, made anew.
extension PackReader {
  /// One person as the events of the pack leave them.
  private struct Stand {
    var person: Person
    var since: AccessChange.Point?

    mutating func take(_ event: LoggedEvent) {
      person.evolve(event)
      since = AccessReport.since(since, event, person)
    }
  }

  /// The rows and numbers of the report, made anew from nothing but the events; gives how many rows there are.
  func checkAccess(_ events: [LoggedEvent]) throws -> Int {
    var stands: [String: Stand] = [:]
    for event in events {
      guard let alias = event.subject else { throw fails("event \(event.position) is about nobody") }
      stands[alias, default: Stand(person: Person(alias: alias))].take(event)
    }
    let rows = stated?["rows"]?.array ?? []
    let closed = Set(events.filter { notOpened.contains($0.position) }.compactMap(\.subject))
    try checkPeople(rows.compactMap { $0["alias"]?.string }, stands, closed)
    let (counts, positions) = (stated?["counts"], stated?["positions"])
    guard counts?["active"]?.string == String(rows.count) else { throw numbersFail }
    guard manifest["parameters"]?.object?.members.count == 2 else { throw questionFails }
    let active = rows.compactMap { $0["alias"]?.string.flatMap { stands[$0]?.person } }
    guard !closed.isEmpty || active.map(\.alias) == active.inOrder.map(\.alias) else { throw rowsFail }
    // Who was erased since is not here, and of somebody of whom an event stays closed not since when.
    let numbers = AccessReport.numbers([], active, stands.compactMapValues(\.since))
      .stated(counts, positions, for: closed.isEmpty ? ["erased"] : nil)
    return try check(AccessReport.document(statedAbout, numbers, rows.map { cells(of: $0, stands, closed) }))
  }

  /// Everybody whose events are here, and whose account they leave active, has one row; nobody else has any.
  private func checkPeople(_ stated: [String], _ stands: [String: Stand], _ closed: Set<String>) throws {
    let active = Set(stands.filter { $1.person.hasActiveAccount || closed.contains($0) }.keys)
    guard stated.count == active.count, Set(stated) == active else {
      throw fails("\(Name.json) has other rows than the events give")
    }
  }

  /// The cells of a row. Of somebody of whom an event stays closed they are taken as the report has them; `notOpened` says so.
  private func cells(of row: JSONValue, _ stands: [String: Stand], _ closed: Set<String>) -> [String] {
    let alias = row["alias"]?.string ?? ""
    guard let stand = stands[alias], !closed.contains(alias) else {
      return AccessReport.columns.map { row[$0.key]?.string ?? "" }
    }
    return AccessReport.row(stand.person, stand.since)
  }
}
