public import Base
import DequeModule
import Provisioning
import SCIM

/// Writes whose start is recorded ahead: one leaves the moment that a call is answered, and need not wait for the log.
extension DeliveryMachine {
  /// True when no call at all may leave now: whoever has not sent yet what was handed out holds it back.
  public var isClosed: Bool {
    if isStopping || planned != nil { return true }
    return switch gate {
    case .open, .halfOpen: false
    case .closed, .quarantined: true
    }
  }

  /// Takes back calls that were handed out and are not sent: of people who were erased a moment ago.
  public mutating func takeBack(_ unsent: [Call], at now: Timestamp) -> Effects {
    self.now = now
    for call in unsent { calls[call.id] = nil }
    return finish()
  }

  /// Takes back calls that were handed out and are not sent, since no call may leave any more: they come again.
  public mutating func holdBack(_ unsent: [Call], at now: Timestamp) -> Effects {
    self.now = now
    for call in unsent.reversed() where calls.removeValue(forKey: call.id) != nil {
      guard let alias = call.person, let person = people.index(of: alias) else {
        if call.purpose == .probe { wantsProbe = condition.quarantine != nil } else { listing.isUnderWay = false }
        continue
      }
      if call.purpose.isWrite {
        ahead.prepend(call)
      } else {
        people[person].attempt.isCalling = false
        schedule(person)
      }
    }
    return finish()
  }

  // MARK: Preparing

  /// Records the start of the next writes, as many as may be on their way; while leavers wait, they are next.
  mutating func prepare() {
    if isStopping || planned != nil || gate == .quarantined { return withdrawAll() }
    guard gate == .open, quotas.isEmpty, !settings.reconcilesOnly else { return }
    isPreparing = true
    while isPreparing, ahead.count < min(settings.ahead, pace.width), lanes.count(.leavers) == 0,
      let person = lanes.next()
    {
      if people[person].known.account.unanswered == nil {
        step(person)
      } else {
        // That is a read, which needs no start.
        lanes.put(person, in: lane(of: person), inFront: true)
        isPreparing = false
      }
    }
    isPreparing = false
  }

  /// Keeps a write for later; a read goes back to its lane.
  mutating func prepare(_ call: Call, _ started: CallStarted?) -> Bool {
    guard let person = call.person.flatMap({ people.index(of: $0) }) else { return false }
    guard let started else {
      lanes.put(person, in: lane(of: person), inFront: true)
      isPreparing = false
      return false
    }
    record(person, .callStarted(started))
    var call = call
    call.after = recorded
    lastCall = call.id
    people[person].attempt.isCalling = true
    ahead.append(call)
    return true
  }

  /// Hands out the next prepared write; true when there was one. One that is no longer right is given up.
  mutating func sendPrepared() -> Bool {
    guard var call = ahead.popFirst() else { return false }
    guard let person = call.person.flatMap({ people.index(of: $0) }) else { return true }
    if isRight(call, person) {
      call.sent = now
      calls[call.id] = call
      effects.calls.append(call)
    } else {
      giveUp(call, person)
      schedule(person)
    }
    return true
  }

  /// True when the write is still what the person needs, as far as others have not taken the address meanwhile.
  private func isRight(_ call: Call, _ person: PersonIndex) -> Bool {
    guard let desired = people[person].known.desired else { return false }
    let other = remote[address: desired.userName]
    if call.purpose == .create { return !listing.isStale && other == nil }
    if (call.request.method == .put) != (update == .put) { return false }
    guard SentAttributes(call.request.body).userName != nil, let other else { return true }
    return other.id == people[person].known.account.believed?.id
  }

  // MARK: Giving up

  /// Something about the person has changed: what was prepared no longer counts.
  mutating func withdraw(_ person: PersonIndex) {
    guard let place = position(of: person) else { return }
    giveUp(ahead.remove(at: place), person)
  }

  /// The person was erased: nothing more is recorded.
  mutating func discard(_ person: PersonIndex) {
    guard let place = position(of: person) else { return }
    ahead.remove(at: place)
    people[person].attempt.isCalling = false
  }

  private func position(of person: PersonIndex) -> Int? {
    ahead.isEmpty ? nil : ahead.firstIndex { $0.person == people[person].known.alias }
  }

  private mutating func withdrawAll() {
    while let call = ahead.popFirst() {
      guard let person = call.person.flatMap({ people.index(of: $0) }) else { continue }
      giveUp(call, person)
      lanes.put(person, in: lane(of: person), inFront: true)
    }
  }

  private mutating func giveUp(_ call: Call, _ person: PersonIndex) {
    people[person].attempt.isCalling = false
    record(
      person,
      .callFinished(
        CallFinished(
          call: people[person].known.account.calls, purpose: call.purpose, operation: call.operation, outcome: .failed,
          status: nil, error: CallFinished.notSent, milliseconds: 0)))
  }
}
