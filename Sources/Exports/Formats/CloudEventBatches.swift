import Base
import EventLog
import JSON
import Provisioning
import Views

/// CloudEvents 1.0 (CNCF, "CloudEvents - Version 1.0.2" and its JSON event format): each line is a batch, a body of
/// `application/cloudevents-batch+json`.
struct CloudEventBatches: RecordWriter {
  /// A batch stays below 256 KiB with events of usual size.
  static let most = 100

  private let settings: ExportSettings
  private var waiting: [JSONValue] = []

  init(_ settings: ExportSettings) { self.settings = settings }

  mutating func record(of event: ExportedEvent) -> String? {
    waiting.append(Self.envelope(event, settings))
    return waiting.count == Self.most ? end() : ""
  }

  mutating func end() -> String {
    defer { waiting = [] }
    return waiting.isEmpty ? "" : JSONValue.array(waiting).line
  }

  static func envelope(_ event: ExportedEvent, _ settings: ExportSettings) -> JSONValue {
    let row = event.row
    return .object(
      JSONObject(present: [
        ("specversion", "1.0"), ("id", .string(event.id.description)),
        ("source", .string("urn:provisioning-ledger:\(settings.origin)")), ("type", .string(row.type)),
        ("subject", text(event.person?.alias ?? row.subject)), ("time", .string(row.occurred.description)),
        ("datacontenttype", "application/json"), ("recordedtime", .string(row.time.description)),
        // Integers have 32 bits there; padded, the texts are in the order of the log.
        ("sequence", .string(padded(event.position))), ("partitionkey", .string(event.stream)),
        ("correlationid", text(row.correlation)), ("causationid", text(row.causation?.description)),
        ("authtype", .string(authority(row.actor))), ("authid", .string(row.actor.description)),
        ("leafhash", .string(event.leaf.description)), ("data", data(event)),
      ]))
  }

  private static func text(_ text: String?) -> JSONValue? { text.map(JSONValue.string) }

  static func padded(_ position: Int64) -> String {
    let digits = String(position)
    return String(repeating: "0", count: 20 - digits.count) + digits
  }

  /// The words of the extension "Auth Context".
  private static func authority(_ actor: Actor) -> String {
    switch actor.kind {
    case "operator", "sign-in": "user"
    case "token": "service_account"
    case "worker", "schedule", "ledger": "system"
    default: "unknown"
    }
  }

  /// What the event says, in the words of the audit.
  static func data(_ event: ExportedEvent) -> JSONValue {
    let (row, person, call) = (event.row, event.person, event.call)
    return .object(
      JSONObject(present: [
        ("action", .string(event.action)), ("status", .string(event.status.rawValue)),
        ("reason", text(event.reason)), ("cycle", text(row.cycle)), ("text", text(row.text)),
        ("objectId", text(person?.objectID)), ("userPrincipalName", text(person?.userPrincipalName)),
        ("displayName", text(person?.displayName)), ("accountId", text(person?.accountID)),
        ("accountName", text(person?.accountName)),
        ("changed", row.changes.isEmpty ? nil : .array(row.changes.map(JSONValue.string))),
        ("modifiedProperties", event.changes.isEmpty ? nil : .array(event.changes.map(\.json))),
        ("method", text(call?.method)), ("path", text(call?.path)),
        ("httpStatus", call?.status.map { .integer(Int64($0)) }),
        ("milliseconds", call?.milliseconds.map { .integer(Int64($0)) }),
      ]))
  }
}

extension JSONValue {
  /// One line of JSON, in which no text from outside steers a terminal.
  var line: String { OutsideText.escaped(json: text) + "\n" }
}
