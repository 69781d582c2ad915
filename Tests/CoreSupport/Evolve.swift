public import Base
public import DeliveryMachine
public import Provisioning

extension LoggedEvent {
  /// An event as a test tells it: where it stands, and nothing else that matters.
  public static func told(_ event: Event, at position: Int64, time: Timestamp = Timestamp(milliseconds: 0))
    -> LoggedEvent
  {
    LoggedEvent(event, position: position, time: time, actor: .other("test"))
  }
}

extension Person {
  /// Takes over what an event of this person says.
  public mutating func evolve(
    _ payload: EventPayload, at position: Int64, recorded time: Timestamp = Timestamp(milliseconds: 0)
  ) {
    evolve(.told(Event(.user(alias), payload), at: position, time: time))
  }
}

extension TargetCondition {
  /// Takes over what an event of the target says.
  public mutating func evolve(_ payload: EventPayload) { evolve(.told(Event(.target, payload), at: 0)) }
}

extension Machine {
  /// Somebody else appended an event.
  public mutating func observe(_ event: Event, at position: Int64, now: Timestamp) -> Effects {
    observe(.told(event, at: position, time: now), now: now)
  }
}
