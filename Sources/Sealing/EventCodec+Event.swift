import Base
public import EventLog
public import JSON
public import Provisioning

extension EventCodec {
  /// Decodes an entry with no key and no ledger: what was disclosed of it, by the members' names, is all that it says of a
  /// person. Throws as `decode` does, but for the faults of the keys.
  public static func decode(_ recorded: RecordedEvent, disclosed: JSONObject) throws -> LoggedEvent {
    try event(recorded, .standard) { data in
      let clear = try JSONParser.parse(data).object ?? JSONObject()
      guard clear["sealed"] != nil else { return Fields(clear: clear) }
      return Fields(clear: clear, sealed: disclosed, isErased: disclosed.isEmpty)
    }
  }

  /// The event, with its payload read by `open`.
  static func event(
    _ recorded: RecordedEvent, _ upcasters: Upcasters, open: (ArraySlice<UInt8>) throws -> Fields
  ) throws -> LoggedEvent {
    guard let stream = Stream(recorded.stream) else { throw newer(recorded, "its stream") }
    let envelope = try recorded.envelope()
    do {
      let fields = try upcasters.upcast(open(envelope.data), of: recorded.type, from: envelope.schema ?? 0)
      guard let payload = try EventPayload(type: recorded.type, fields: fields) else {
        throw newer(recorded, "its type")
      }
      return LoggedEvent(
        Event(stream, payload, correlation: envelope.correlation), position: recorded.position, time: recorded.time,
        occurred: envelope.occurred, actor: Actor(envelope.actor), causation: envelope.causation)
    } catch SchemaError.newer(_, let schema, let newest) {
      throw newer(recorded, "its schema \(schema), but schemas up to \(newest)")
    } catch let error as Fault {
      throw error
    } catch {
      throw Fault(
        .eventUnreadable,
        "Event \(recorded.position) of stream \(recorded.stream) cannot be read as \(recorded.type); run `provledger verify`."
      )
    }
  }

  private static func newer(_ recorded: RecordedEvent, _ what: String) -> Fault {
    Fault(
      .eventNewer,
      """
      Event \(recorded.position) of stream \(recorded.stream), a \(recorded.type), was made by a newer program: this one \
      does not know \(what). Use that version or a later one; nothing was changed.
      """)
  }
}
