import Base
import EventLog
import JSON
import Provisioning
import Sealing

/// An entry of the log with what is sealed in it opened, as a line of canonical JSON (RFC 8785).
enum OpenedEntry {
  /// The line. In clear it is the entry itself, in which the members stand in the place of the sealed value. Throws the faults
  /// of unsealing.
  static func line(_ recorded: RecordedEvent, _ privacy: ExportPrivacy, _ codec: EventCodec) throws -> [UInt8] {
    switch privacy {
    case .clear: try codec.opened(recorded) + [UInt8(ascii: "\n")]
    case .pseudonym: try object(recorded, isWithSubject: true)
    case .none: try object(recorded, isWithSubject: false)
    }
  }

  /// What stands in clear in the log; without the subject also without the members, which may name others.
  private static func object(_ recorded: RecordedEvent, isWithSubject: Bool) throws -> [UInt8] {
    let envelope = try recorded.envelope()
    var data = isWithSubject ? try clear(recorded, envelope) : JSONObject()
    data["sealed"] = nil
    let stream = isWithSubject ? recorded.stream : String(recorded.stream.prefix { $0 != "/" })
    let object = JSONObject(present: [
      ("actor", .string(Actor(envelope.actor).withoutName.description)),
      ("causation", (envelope.causation?.description).map(JSONValue.string)),
      ("correlation", envelope.correlation.map(JSONValue.string)),
      ("data", isWithSubject ? .object(data) : nil), ("id", .string(recorded.id.description)),
      ("occurred", (envelope.occurred?.description).map(JSONValue.string)),
      ("position", .string(String(recorded.position))), ("source", .string(envelope.source)),
      ("stream", .string(stream)), ("subject", isWithSubject ? envelope.subject.map(JSONValue.string) : nil),
      ("time", .string(recorded.time.description)), ("type", .string(recorded.type)),
      ("version", .string(String(recorded.version))),
    ])
    return JSONValue.object(object).canonicalBytes + [UInt8(ascii: "\n")]
  }

  private static func clear(_ recorded: RecordedEvent, _ envelope: Envelope) throws -> JSONObject {
    guard let data = try? JSONParser.parse(envelope.data).object else {
      throw Fault(
        .eventUnreadable,
        "Event \(recorded.position) of stream \(recorded.stream) cannot be read; run `provledger verify`.")
    }
    return data
  }
}
