import Base
import Crypto
import EventLog
import JSON
import Provisioning

/// Events of the Open Cybersecurity Schema Framework (schema.ocsf.io), a JSON object a line.
struct OCSFLines: RecordWriter {
  private let settings: ExportSettings
  /// What the next event names as the one before it.
  private var previous: JSONValue?

  init(_ settings: ExportSettings) { self.settings = settings }

  mutating func record(of event: ExportedEvent) -> String? {
    var object = Self.object(event, settings)
    if settings.ocsf == .v1_9 { attest(&object, event) }
    return JSONValue.object(object).line
  }

  /// The event without an attestation.
  static func object(_ event: ExportedEvent, _ settings: ExportSettings) -> JSONObject {
    let activity = OCSFActivity(event, settings.ocsf)
    return JSONObject(
      present: classified(event, activity) + [("metadata", metadata(event, settings))]
        + OCSFObjects(event: event, settings: settings, activity: activity).members
        + [
          (
            "unmapped",
            .object(
              JSONObject(present: [
                ("leaf_index", .string(String(event.position - 1))), ("leaf_hash", .string(event.leaf.description)),
                ("stream", .string(event.stream)), ("cycle", event.row.cycle.map(JSONValue.string)),
                (
                  "changes", event.row.changes.isEmpty ? nil : .array(event.row.changes.map(JSONValue.string))
                ),
              ]))
          )
        ])
  }

  private static func classified(_ event: ExportedEvent, _ activity: OCSFActivity) -> [(String, JSONValue?)] {
    let (category, severity, status) = (activity.type.category, Severity(event).ocsf, event.status.ocsf)
    return [
      ("activity_id", number(activity.id)), ("activity_name", .string(activity.name)),
      ("category_uid", number(category.id)), ("category_name", .string(category.caption)),
      ("class_uid", number(activity.type.rawValue)), ("class_name", .string(activity.type.caption)),
      ("type_uid", number(activity.uid)), ("type_name", .string(activity.caption)),
      ("time", .integer(event.row.occurred.milliseconds)), ("severity_id", number(severity.id)),
      ("severity", .string(severity.caption)), ("status_id", number(status.id)), ("status", .string(status.caption)),
      ("status_code", (event.call?.status.map { String($0) } ?? event.reason).map(JSONValue.string)),
      ("status_detail", event.row.text.map(JSONValue.string)), ("message", .string(event.sentence)),
    ]
  }

  static func number(_ number: Int) -> JSONValue { .integer(Int64(number)) }

  private static func metadata(_ event: ExportedEvent, _ settings: ExportSettings) -> JSONValue {
    .object(
      JSONObject(present: [
        ("version", .string(settings.ocsf.schema)),
        (
          "product",
          [
            "name": .string(ExportSettings.product), "vendor_name": .string(ExportSettings.vendor),
            "version": .string(settings.version),
          ]
        ),
        ("profiles", settings.ocsf == .v1_9 ? ["record_integrity"] : nil), ("uid", .string(event.id.description)),
        ("log_name", .string(settings.origin)), ("event_code", .string(event.type)),
        // A number of 32 bits there.
        ("sequence", event.position > Int64(Int32.max) ? nil : .integer(event.position)),
        ("logged_time", .integer(event.row.time.milliseconds)),
        ("correlation_uid", event.row.correlation.map(JSONValue.string)),
      ]))
  }

  /// Adds the fingerprint of the event's canonical form (RFC 8785), which covers that of the event before it.
  private mutating func attest(_ object: inout JSONObject, _ event: ExportedEvent) {
    var attestation = JSONObject(present: [
      ("uid", .string(event.id.description)), ("authority_uid", .string(settings.origin)),
      ("chain_uid", .string("\(settings.origin)/ocsf")), ("prev_event", previous),
    ])
    object["attestation_list"] = [.object(attestation)]
    let digest = Digest32(SHA256.hash(data: JSONValue.object(object).canonicalBytes))
    let fingerprint: JSONValue = [
      "algorithm_id": 3, "algorithm": "SHA-256", "encoding_id": 1, "serialization_id": 2,
      "value": .string(digest.description),
    ]
    attestation["fingerprint"] = fingerprint
    object["attestation_list"] = [.object(attestation)]
    previous = .object(
      JSONObject(present: [
        ("uid", .string(event.id.description)), ("type_uid", object["type_uid"]), ("fingerprint", fingerprint),
      ]))
  }
}
