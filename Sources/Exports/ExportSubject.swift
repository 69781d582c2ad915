import Base
import Provisioning
import Views

/// A person as the events so far leave them, and what is in hand for them.
struct ExportSubject {
  private(set) var person: Person
  private(set) var changes: [ModifiedProperty] = []
  private(set) var call: ExportedCall?
  private(set) var decided: Timestamp?

  init(alias: String) { person = Person(alias: alias) }

  mutating func take(_ logged: LoggedEvent) {
    switch logged.payload {
    case .decided(let decision):
      changes = ModifiedProperty.between(person.lastDesired, decision.desired)
      (call, decided) = (nil, logged.time)
    case .callStarted(let started): call = ExportedCall(started.operation)
    case .callFinished(let finished):
      call = ExportedCall(finished.operation, status: finished.status, milliseconds: finished.milliseconds)
    case .subjectErased: (changes, call) = ([], nil)
    default: break
    }
    person.evolve(logged)
  }

  /// Whether an event carries out, or takes, the decision whose changes are in hand.
  static func concernsDecision(_ payload: EventPayload) -> Bool {
    switch payload {
    case .decided, .callStarted, .callFinished, .deliveryCompleted, .deliveryParked, .deliveryAbandoned: true
    default: false
    }
  }
}
