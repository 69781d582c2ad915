public import Base
public import EventLog
import JSON
public import Provisioning

/// Turns events of the core into events of the log and back: payload to canonical JSON, the personal half sealed under
/// the subject's key.
public struct EventCodec: Sendable {
  /// The name of the key that seals what belongs to the ledger rather than to a person.
  private static let ledgerKey = "configuration"

  let keys: SubjectKeys
  private let ids: EventIDGenerator
  private let clock: @Sendable () -> Timestamp
  private let upcasters: Upcasters

  /// A codec over the ledger's keys; `upcasters` bring older payloads to the present shape.
  public init(
    keys: SubjectKeys, ids: EventIDGenerator = EventIDGenerator(), upcasters: Upcasters = .standard,
    clock: @escaping @Sendable () -> Timestamp
  ) {
    self.keys = keys
    self.upcasters = upcasters
    self.ids = ids
    self.clock = clock
  }

  /// A new identifier, for a cycle or a safeguard.
  public func newID() -> String { ids.next(at: clock()).description }

  /// Encodes an event with a new id; `actor` did it. Throws `FaultCode.keyMissing` when the subject has no key, and the
  /// faults of the keys.
  public func encode(_ event: Event, actor: Actor, causation: EventID? = nil) throws -> StreamAppend {
    let now = clock()
    let id = ids.next(at: now)
    let stream = event.stream.description
    let payload = event.payload.value
    let fields = payload.fields
    let new = NewEvent(
      id: id, type: Swift.type(of: payload).type, schema: Swift.type(of: payload).schema, subject: event.subject,
      occurred: now,
      correlation: event.correlation, causation: causation, actor: actor.description,
      data: try data(fields, subject: event.subject ?? event.sealedFor, stream: stream, id: id))
    return StreamAppend(stream: stream, events: [new])
  }

  /// Encodes events in order, each by `actor`; a decision that follows the observation of its person is caused by it.
  /// Throws as for one event.
  public func encode(_ events: some Collection<Event>, actor: Actor) throws -> [StreamAppend] {
    try prepare(events)
    var observation: (stream: Provisioning.Stream, id: EventID)?
    return try events.map { event in
      let cause = observation?.stream == event.stream ? observation?.id : nil
      let encoded = try encode(event, actor: actor, causation: cause)
      observation = nil
      if case .userObserved = event.payload { observation = encoded.events.first.map { (event.stream, $0.id) } }
      return encoded
    }
  }

  /// Takes the keys of all whom the events are about into memory at once. Throws the faults of the keys.
  public func prepare(_ events: some Collection<Event>) throws {
    if events.count > 1 { try keys.prepare(events.lazy.compactMap(\.subject)) }
  }

  /// Takes the keys of all whom the events are about into memory at once. Throws the faults of the keys.
  public func prepare(_ events: some Collection<RecordedEvent>) throws {
    var (aliases, last): ([String], String) = ([], "")
    // Most events follow one of the same stream.
    for recorded in events where recorded.stream != last {
      last = recorded.stream
      switch Stream(last) {
      case .user(let alias), .account(let alias), .operator(let alias): aliases.append(alias)
      default: break
      }
    }
    try keys.prepare(aliases)
  }

  /// The payload: the members in clear, and `sealed` in its place among them.
  private func data(_ fields: Fields, subject: String?, stream: String, id: EventID) throws -> [UInt8] {
    guard !fields.sealed.isEmpty else { return JSONValue.object(fields.clear).canonicalBytes }
    let box = try Sealer.seal(fields.sealed, for: owner(of: subject), stream: stream, event: id)
    var writer = JSONWriter(reserving: box.count + 256)
    var isSealedWritten = false
    writer.raw("{")
    for (index, member) in fields.clear.canonicalMembers.enumerated() {
      if !isSealedWritten, member.name > "sealed" {
        writer.raw("\"sealed\":")
        writer.raw(box)
        writer.raw(",")
        isSealedWritten = true
      }
      writer.string(member.name)
      writer.raw(":")
      writer.value(member.value, canonical: true)
      if index < fields.clear.members.count - 1 { writer.raw(",") }
    }
    if !isSealedWritten {
      if !fields.clear.isEmpty { writer.raw(",") }
      writer.raw("\"sealed\":")
      writer.raw(box)
    }
    writer.raw("}")
    return writer.bytes
  }

  private func owner(of subject: String?) throws -> Subject {
    guard let subject else { return try keys.named(Self.ledgerKey) }
    guard let key = try keys.key(of: subject) else {
      throw Fault(
        .keyMissing,
        "There is no key for subject \(subject), so that nothing more can be recorded about that person. Was keys.sqlite replaced?"
      )
    }
    return Subject(alias: subject, key: key)
  }

  /// Decodes an event of the log, of any schema version up to this program's own.
  ///
  /// `asErased` leaves the sealed half closed, as if the key were gone already. Whoever decodes `subject.erased` lets go
  /// of that person's key from then on.
  /// Throws `FaultCode.eventNewer` for a stream, a type or a schema version that this program does not know: to pass
  /// over it would be to act on half of what happened. Throws `FaultCode.eventUnreadable` when the payload is not of its
  /// type's shape, and the faults of unsealing.
  public func decode(_ recorded: RecordedEvent, asErased: Bool = false) throws -> LoggedEvent {
    let event = try Self.event(recorded, upcasters) { try open($0, recorded, asErased) }
    switch (event.payload, event.stream) {
    case (.subjectErased, .user(let alias)), (.subjectErased, .operator(let alias)): keys.forget(alias)
    default: break
    }
    return event
  }

  /// Decodes events in order, with the keys of all their people fetched at once. Throws as for one event.
  public func decode(_ events: some Collection<RecordedEvent>) throws -> [LoggedEvent] {
    try prepare(events)
    return try events.map { try decode($0) }
  }

  /// Lets go of the keys of everybody whom the log says is erased since the last call, so that a process that runs for
  /// long shows no more than a new one. Throws the faults of the log.
  public func forgetErased(in log: Log) throws { try keys.forgetErased(in: log) }

  /// True when the event holds something that is sealed. Throws `FaultCode.entryUnreadable`.
  public func isSealed(_ recorded: RecordedEvent) throws -> Bool {
    (try? JSONParser.parse(recorded.envelope().data))?["sealed"] != nil
  }

  /// Reads a payload. What is sealed is opened where it stands, since to make a value of it first costs as much as to read
  /// the rest.
  private func open(_ data: ArraySlice<UInt8>, _ recorded: RecordedEvent, _ asErased: Bool) throws -> Fields {
    try data.withUnsafeBufferPointer { bytes in
      var sealed: Range<Int>?
      let clear = try JSONParser.read(bytes) { parser in
        let members = try parser.object(leaving: "sealed") { sealed = try $0.skip() }
        try parser.end()
        return members
      }
      guard let sealed else { return Fields(clear: clear) }
      if asErased { return Fields(clear: clear, isErased: true) }
      let value = UnsafeBufferPointer(rebasing: bytes[sealed])
      switch try keys.open(value, stream: recorded.stream, event: recorded.id) {
      case .erased: return Fields(clear: clear, isErased: true)
      case .open(let members): return Fields(clear: clear, sealed: members)
      }
    }
  }
}
