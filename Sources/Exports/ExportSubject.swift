import Base
import Provisioning
import Views

/// A person as the events so far leave them, and what is in hand for them.
struct ExportSubject {
  private(set) var person: Person
  private(set) var changes: [ModifiedProperty] = []
  private(set) var call: ExportedCall?
  private(set) var decided: Timestamp?
  private(set) var source: ExportedSource?
  /// Whether the last write was to make an account, and whether the account was inactive before it.
  private var (makesAccount, wasInactive) = (false, false)

  init(alias: String) { person = Person(alias: alias) }

  mutating func take(_ logged: LoggedEvent) {
    switch logged.payload {
    case .decided(let decision):
      changes = ModifiedProperty.between(person.lastDesired, decision.desired)
      (call, decided) = (nil, logged.time)
      source?.isGround = ![.accessReviewed, .restored].contains(decision.reason)
    case .userObserved(let observed):
      let received: ExportedSource.Change =
        observed.state != .present ? .delete : person.isPresent ? .update : .add
      source = ExportedSource(isActive: false, isAssigned: nil, received: received, isGround: true)
    case .callStarted(let started):
      call = ExportedCall(started.operation)
      makesAccount = started.purpose == .create
      wasInactive = person.account.believed?.active == false
    case .callFinished(let finished):
      call = ExportedCall(finished.operation, status: finished.status, milliseconds: finished.milliseconds)
    case .subjectErased: (changes, call, source) = ([], nil, nil)
    default: break
    }
    person.evolve(logged)
    source?.isActive = person.isActiveInSource
    source?.isAssigned = person.user?.isAssigned
  }

  /// What an event says was done to the account, or was to be: nil where none was changed. An account that was there already
  /// was not created by what carries out the decision to create one.
  func accountAction(_ payload: EventPayload, _ word: String) -> Decision.Action? {
    let action = Decision.Action(rawValue: word)
    switch payload {
    case .deliveryParked, .deliveryAbandoned: return action
    case .deliveryCompleted(let completed):
      switch completed.how {
      case .alreadySo, .moved, .noAccount: return nil
      case .call, .readBack: return action != .create || makesAccount ? action : wasInactive ? .enable : .update
      }
    default: return nil
    }
  }

  /// Whether an event carries out, or takes, the decision whose changes are in hand.
  static func concernsDecision(_ payload: EventPayload) -> Bool {
    switch payload {
    case .decided, .callStarted, .callFinished, .deliveryCompleted, .deliveryParked, .deliveryAbandoned: true
    default: false
    }
  }
}

extension DirectoryUser {
  /// Whether the application is assigned to them; nil where nobody looks at that.
  fileprivate var isAssigned: Bool? {
    switch attributes[.appRoleAssignments] {
    case nil: nil
    case .cleared: false
    default: true
    }
  }
}
