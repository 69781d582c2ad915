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
  /// Whether an active account is wanted, by what decisions say in clear.
  private var isWanted = false
  /// Whether an operator lets no call leave, whatever is decided meanwhile.
  private var isFrozen = false
  /// The leaving that the safeguard holds now.
  private var heldLeaver: AccessChange?
  /// What was decided, and may be delivered.
  private var decided: [AccessChange] = []

  /// Every change, the one that the safeguard holds behind those that were decided.
  var changes: [AccessChange] { decided + [heldLeaver].compactMap(\.self) }

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
    case .deliveryParked(let parked): stand(.parked, parked.decision)
    case .deliveryAbandoned(let abandoned): stand(.abandoned, abandoned.decision)
    case .deliverySkipped(let skipped): stand(.stopped, skipped.decision)
    case .deliveryHeld: freeze(true)
    case .deliveryRetried: freeze(false)
    default: break
    }
  }

  /// A decision begins a change where it wants something else at TeamViewer; any decision ends what is still open.
  private mutating func decide(_ decision: Decision, _ point: AccessChange.Point) {
    let begun = begin(decision, point)
    hold(decision, point, since: begun)
    guard let kind = AccessChange.Kind(decision.action) else { return }
    changeOpen { $0.status = .superseded }
    decided.append(made(kind, by: decision, point, since: begun, isFrozen ? .stopped : .pending))
  }

  private func made(
    _ kind: AccessChange.Kind, by decision: Decision, _ point: AccessChange.Point, since begun: AccessChange.Point,
    _ status: AccessChange.Status
  ) -> AccessChange {
    AccessChange(
      kind: kind, alias: alias, userPrincipalName: user?.0[.userPrincipalName], displayName: user?.0[.displayName],
      action: decision.action, reason: decision.reason, observed: begun, decided: point, status: status,
      isErased: isErased, named: user?.seen)
  }

  /// Who is held and has, or is to have, an active account is a leaver, from the first time on that the safeguard holds
  /// them until something else is decided; anybody else who is held is new.
  private mutating func hold(_ decision: Decision, _ point: AccessChange.Point, since begun: AccessChange.Point) {
    guard decision.action == .held, isWanted else {
      isWanted = decision.wantsAccount(before: isWanted)
      heldLeaver = nil
      return
    }
    if heldLeaver?.observed == begun { return }
    heldLeaver = made(.leaver, by: decision, point, since: begun, .held)
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
    guard let last = decided.last, last.kind == .leaver, last.verified == nil, last.status != .superseded else {
      return
    }
    decided[decided.count - 1].verified = point
    if last.status == .confirmed { decided[decided.count - 1].status = .done }
  }

  /// What becomes of a delivery while an operator holds the person is the operator's.
  private mutating func stand(_ status: AccessChange.Status, _ decision: Int64) {
    let status: AccessChange.Status = isFrozen ? .stopped : status
    change(decision) { $0.status = status }
  }

  /// An operator holds the person, or lets go.
  private mutating func freeze(_ isFrozen: Bool) {
    self.isFrozen = isFrozen
    changeOpen { $0.status = isFrozen ? .stopped : .pending }
  }

  /// What is done stays done, whatever becomes of the account later.
  private mutating func complete(_ completed: DeliveryCompleted, _ point: AccessChange.Point) {
    change(completed.decision) { change in
      if change.status == .done { return }
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
    guard let last = decided.last, last.decided.position <= decision else { return }
    body(&decided[decided.count - 1])
  }

  /// Changes the newest change while it has not ended.
  private mutating func changeOpen(_ body: (inout AccessChange) -> Void) {
    guard let last = decided.last, last.isOpen else { return }
    body(&decided[decided.count - 1])
  }
}

extension AccessChange {
  /// Whether TeamViewer may still come to have it, as far as anybody knows.
  fileprivate var isOpen: Bool { [.pending, .parked, .abandoned, .stopped].contains(status) }
}

extension Decision {
  /// Whether an active account is wanted, by what the decision says in clear. What is left as it was says nothing new; a
  /// skip that changes something wants none any more, and a return to a former state may change an inactive account.
  fileprivate func wantsAccount(before: Bool) -> Bool {
    switch action {
    case .create, .enable: true
    case .update: reason == .restored ? before : true
    case .disable: false
    case .skip: before && !isChange
    case .held, .none: before
    }
  }
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
