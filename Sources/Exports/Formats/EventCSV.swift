import Base
import EventLog
import Provisioning
import Reports

/// Events as rows of CSV; a later version adds columns behind, and takes none away.
struct EventCSV: RecordWriter {
  static let columns = [
    "position", "id", "time", "occurred", "type", "stream", "actor", "alias", "objectId", "userPrincipalName",
    "displayName", "accountId", "accountName", "action", "status", "reason", "cycle", "correlation", "causation",
    "changes", "method", "path", "httpStatus", "milliseconds", "text", "leafHash",
  ]

  var head: String { CSVWriter.line(Self.columns) }

  func record(of event: ExportedEvent) -> String? { CSVWriter.line(Self.fields(event)) }

  static func fields(_ event: ExportedEvent) -> [String] {
    (place(event) + who(event) + what(event) + how(event)).map { $0 ?? "" }
  }

  private static func place(_ event: ExportedEvent) -> [String?] {
    let row = event.row
    return [
      String(event.position), event.id.description, row.time.description, row.occurred.description, row.type,
      event.stream, row.actor.description,
    ]
  }

  private static func who(_ event: ExportedEvent) -> [String?] {
    let person = event.person
    return [
      person?.alias ?? event.row.subject, person?.objectID, person?.userPrincipalName, person?.displayName,
      person?.accountID, person?.accountName,
    ]
  }

  private static func what(_ event: ExportedEvent) -> [String?] {
    let row = event.row
    return [
      event.action, event.status.rawValue, event.reason, row.cycle, row.correlation, row.causation?.description,
      row.changes.joined(separator: " "),
    ]
  }

  private static func how(_ event: ExportedEvent) -> [String?] {
    let call = event.call
    let (status, time) = (call?.status.map { String($0) }, call?.milliseconds.map { String($0) })
    return [call?.method, call?.path, status, time, event.row.text, event.leaf.description]
  }
}
