import Base
import EventLog
import JSON
import Provisioning

/// An entry of the log with what is sealed in it left out, as a line of canonical JSON (RFC 8785).
enum ClearEntry {
  /// The lines of some events. Throws `FaultCode.entryUnreadable` and `FaultCode.eventUnreadable`.
  static func lines(_ events: some Collection<RecordedEvent>, isWithSubject: Bool) throws -> [UInt8] {
    var writer = JSONWriter(reserving: events.count * 700)
    for recorded in events {
      writer.value(try object(recorded, isWithSubject: isWithSubject), canonical: true)
      writer.raw("\n")
    }
    return writer.bytes
  }

  /// What stands in clear in the log; without the subject also without the members, which may name others.
  private static func object(_ recorded: RecordedEvent, isWithSubject: Bool) throws -> JSONValue {
    let envelope = try recorded.envelope()
    var data = isWithSubject ? try clear(recorded, envelope) : JSONObject()
    data["sealed"] = nil
    let stream = isWithSubject ? recorded.stream : String(recorded.stream.prefix { $0 != "/" })
    return .object(
      JSONObject(present: [
        ("actor", .string(Actor(envelope.actor).withoutName.description)),
        ("causation", (envelope.causation?.description).map(JSONValue.string)),
        ("correlation", envelope.correlation.map(JSONValue.string)),
        ("data", isWithSubject ? .object(data) : nil), ("id", .string(recorded.id.description)),
        ("occurred", (envelope.occurred?.description).map(JSONValue.string)),
        ("position", .string(String(recorded.position))), ("source", .string(envelope.source)),
        ("stream", .string(stream)), ("subject", isWithSubject ? envelope.subject.map(JSONValue.string) : nil),
        ("time", .string(recorded.time.description)), ("type", .string(recorded.type)),
        ("version", .string(String(recorded.version))),
      ]))
  }

  private static func clear(_ recorded: RecordedEvent, _ envelope: Envelope) throws -> JSONObject {
    guard let data = try? JSONParser.parse(envelope.data).object else {
      throw Fault(
        .eventUnreadable,
        "Event \(recorded.position) of stream \(recorded.stream) cannot be read; run `provledger verify`.")
    }
    return withoutNames(.object(data)).object ?? JSONObject()
  }

  /// Whoever acted, or is asked to, by the kind alone, wherever it stands.
  private static func withoutNames(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text):
      let isNamed = ["operator:", "sign-in:", "token:"].contains { text.hasPrefix($0) }
      return isNamed ? .string(Actor(text).withoutName.description) : value
    case .array(let values): return .array(values.map(withoutNames))
    case .object(let object):
      return .object(JSONObject(present: object.members.map { ($0.name, withoutNames($0.value)) }))
    default: return value
    }
  }
}
