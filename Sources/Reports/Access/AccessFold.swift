import Provisioning

/// Folds the events of one person into changes of their access.
struct AccessFold {
  private let alias: String
  private let isErased: Bool
  private var observed: AccessChange.Point?
  private var user: (DirectoryUser, seen: Int64)?
  /// Where that begins which the safeguard holds; and the reason where a reviewer or a plan decided it, nil for a cycle.
  private var held: (first: AccessChange.Point, order: Decision.Reason?)?
  /// The decision that the newest write carries.
  private var carried: Int64?
  private(set) var changes: [AccessChange] = []

  init(_ alias: String, isErased: Bool) {
    self.alias = alias
    self.isErased = isErased
  }

  mutating func take(_ logged: LoggedEvent) {
    let point = AccessChange.Point(position: logged.position, time: logged.time)
    switch logged.payload {
    case .userObserved(let observed):
      self.observed = point
      if !observed.user.id.isEmpty { user = (observed.user, logged.position) }
    case .decided(let decision): decide(decision, point)
    case .callStarted(let started):
      carried = started.decision
      change(started.decision) { if $0.sent == nil { $0.sent = point } }
    case .callFinished(let finished) where finished.outcome == .done && finished.purpose.isWrite:
      confirm(point)
    case .accountVerified: verify(point)
    case .deliveryCompleted(let completed): complete(completed, point)
    case .deliveryParked(let parked): change(parked.decision) { $0.status = .parked }
    case .deliveryAbandoned(let abandoned): change(abandoned.decision) { $0.status = .abandoned }
    case .deliverySkipped(let skipped): change(skipped.decision) { $0.status = .stopped }
    case .deliveryHeld: changeOpen { $0.status = .stopped }
    case .deliveryRetried: changeOpen { $0.status = .pending }
    default: break
    }
  }

  /// A decision begins a change where it wants something else at TeamViewer; any decision ends what is still open.
  private mutating func decide(_ decision: Decision, _ point: AccessChange.Point) {
    let begun = begin(decision, point)
    guard let kind = AccessChange.Kind(decision.action) else { return }
    changeOpen { $0.status = .superseded }
    changes.append(
      AccessChange(
        kind: kind, alias: alias, userPrincipalName: user?.0[.userPrincipalName], displayName: user?.0[.displayName],
        action: decision.action, reason: decision.reason,
        observed: begun, decided: point, isErased: isErased, named: user?.seen))
  }

  /// Where that begins which a decision carries out: with the newest observation. The directory showed nothing that a
  /// reviewer's decision, or the return to a former state, could be late for: such a one begins with itself. What the
  /// safeguard holds begins where it was held first, whatever the directory shows meanwhile.
  private mutating func begin(_ decision: Decision, _ point: AccessChange.Point) -> AccessChange.Point {
    let isOrdered = [.accessReviewed, .restored].contains(decision.reason)
    let order: Decision.Reason? = isOrdered ? decision.reason : nil
    var first = isOrdered ? point : observed ?? point
    if let held, held.order == order, [.held, .disable, .create].contains(decision.action) { first = held.first }
    held = decision.action == .held ? (first, order) : nil
    return first
  }

  /// The answer to a write confirms what that carried: of a decision that came after it it says nothing. A read-back
  /// confirms nothing by itself: the completion that it leads to names its decision.
  private mutating func confirm(_ point: AccessChange.Point) {
    guard let carried else { return }
    change(carried) { if $0.isOpen, $0.confirmed == nil { $0.confirmed = point } }
  }

  private mutating func verify(_ point: AccessChange.Point) {
    guard let last = changes.last, last.kind == .leaver, last.verified == nil, last.status != .superseded else {
      return
    }
    changes[changes.count - 1].verified = point
    if last.status == .confirmed { changes[changes.count - 1].status = .done }
  }

  private mutating func complete(_ completed: DeliveryCompleted, _ point: AccessChange.Point) {
    change(completed.decision) { change in
      if change.confirmed == nil { change.confirmed = point }
      if completed.how == .noAccount || completed.how == .moved {
        change.verified = change.verified ?? point
        change.status = .noAccount
      } else {
        change.status = change.kind == .leaver && change.verified == nil ? .confirmed : .done
      }
    }
  }

  /// Changes the newest change, if it is that of a decision, or of one that it covers: each carries the whole desired state.
  private mutating func change(_ decision: Int64, _ body: (inout AccessChange) -> Void) {
    guard let last = changes.last, last.decided.position <= decision else { return }
    body(&changes[changes.count - 1])
  }

  /// Changes the newest change while it has not ended.
  private mutating func changeOpen(_ body: (inout AccessChange) -> Void) {
    guard let last = changes.last, last.isOpen else { return }
    body(&changes[changes.count - 1])
  }
}

extension AccessChange {
  /// Whether TeamViewer may still come to have it, as far as anybody knows.
  fileprivate var isOpen: Bool { [.pending, .parked, .abandoned, .stopped].contains(status) }
}

extension AccessChange.Kind {
  /// What a decision is to the person; nil for one that changes nothing.
  fileprivate init?(_ action: Decision.Action) {
    switch action {
    case .create, .enable: self = .joiner
    case .update: self = .mover
    case .disable: self = .leaver
    case .skip, .held, .none: return nil
    }
  }
}
