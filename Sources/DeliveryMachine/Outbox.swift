public import Provisioning

/// What the machine has given out and is not done yet: events on their way to the log, one append at a time, and calls
/// that wait for them.
public struct Outbox {
  private var events: [Event] = []
  private var calls: [Call] = []
  private var appending = 0
  private var durable = 0

  /// Nothing given out yet.
  public init() {}

  /// True when the log has everything, and no call waits.
  public var isEmpty: Bool { events.isEmpty && appending == 0 && calls.isEmpty }

  /// True when there is a call that has not left.
  public var hasCalls: Bool { !calls.isEmpty }

  /// Takes over what the machine gives out.
  public mutating func put(_ effects: Machine.Effects) {
    events += effects.events
    calls += effects.calls
  }

  /// The events to append next; nil while others are being appended, and when there are none.
  public mutating func nextAppend() -> [Event]? {
    guard appending == 0, !events.isEmpty else { return nil }
    defer { events = [] }
    appending = events.count
    return events
  }

  /// The append under way is durable.
  public mutating func appended() {
    durable += appending
    appending = 0
  }

  /// The calls that may leave, out of here.
  public mutating func ready() -> [Call] {
    let durable = durable
    return remove { $0.after <= durable }
  }

  /// The calls that still wait, out of here; a probe is let go also while nothing else may leave.
  public mutating func waiting() -> [Call] { remove { $0.purpose != .probe } }

  /// The calls of some people, out of here.
  public mutating func calls(of people: Set<String>) -> [Call] {
    people.isEmpty ? [] : remove { $0.person.map(people.contains) == true }
  }

  private mutating func remove(_ isWanted: (Call) -> Bool) -> [Call] {
    let wanted = calls.filter(isWanted)
    if !wanted.isEmpty { calls.removeAll(where: isWanted) }
    return wanted
  }
}
