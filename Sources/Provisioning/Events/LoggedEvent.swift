public import Base

/// An event as the log holds it: what happened, where it stands, when, by whom and why.
public struct LoggedEvent: Equatable, Sendable {
  /// Its place in the whole log, from 1; 0 as long as it is not appended.
  public var position: Int64
  /// When it was recorded; for an event that is not appended yet, the present.
  public var time: Timestamp
  /// When it happened, which may be long before it was recorded.
  public var occurred: Timestamp
  /// Who or what did it.
  public var actor: Actor
  /// The event that led to it.
  public var causation: EventID?
  /// What happened, and to what.
  public var event: Event

  /// An event with its place.
  public init(
    _ event: Event, position: Int64, time: Timestamp, occurred: Timestamp? = nil, actor: Actor,
    causation: EventID? = nil
  ) {
    self.event = event
    self.position = position
    self.time = time
    self.occurred = occurred ?? time
    self.actor = actor
    self.causation = causation
  }

  /// The thing that it belongs to.
  public var stream: Stream { event.stream }
  /// What happened.
  public var payload: EventPayload { event.payload }
  /// The cycle, or other piece of work, that it belongs to.
  public var correlation: String? { event.correlation }
  /// The person that it is about, if it is about one.
  public var subject: String? { event.subject }

  /// The same, with nothing left of what is sealed. Throws `PayloadError` for a payload that cannot do without.
  public func erased() throws -> LoggedEvent {
    var erased = self
    let fields = Fields(clear: payload.value.fields.clear, isErased: true)
    if let payload = try EventPayload(type: payload.type, fields: fields) { erased.event.payload = payload }
    return erased
  }
}
