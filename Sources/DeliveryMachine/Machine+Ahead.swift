public import Base
import DequeModule
import Provisioning
import SCIM

/// Writes whose start is recorded ahead: one leaves the moment that a call is answered, and need not wait for the log.
extension Machine {
  /// True when no call at all may leave now: whoever has not sent yet what was handed out holds it back.
  public var isClosed: Bool { isStopping || planned != nil || gate.width(of: pace) == 0 }

  /// Recalls what was handed out and is not sent: calls of people who were erased a moment ago.
  public mutating func recall(_ unsent: [Call], at now: Timestamp) -> Effects {
    self.now = now
    for call in unsent { calls[call.id] = nil }
    return finish()
  }

  /// Takes back calls that were handed out and are not sent, since no call may leave any more: they come again.
  public mutating func holdBack(_ unsent: [Call], at now: Timestamp) -> Effects {
    self.now = now
    for call in unsent.reversed() where calls.removeValue(forKey: call.id) != nil {
      guard let person = person(of: call) else {
        if call.purpose == .probe { gate.probeAgain(condition) } else { listing.isUnderWay = false }
        continue
      }
      if call.purpose.isWrite, quotas.isEmpty {
        ahead.putBack(call)
      } else if call.purpose.isWrite {
        // What was taken from a quota for it counts from then, and may be over when it leaves.
        giveUp(call, person)
        lanes.put(person, in: lane(of: person), inFront: true)
      } else {
        people[person].attempt.isCalling = false
        if people[person].attempt.isSought { reconciliation.missing.prepend(person) }
        people[person].attempt.isSought = false
        schedule(person)
      }
    }
    return finish()
  }

  func person(of call: Call) -> PersonIndex? { call.person.flatMap { people.index(of: $0) } }

  // MARK: Preparing

  /// Records the start of the next writes, as many as may be on their way; while leavers wait, they are next.
  mutating func prepare() {
    if isStopping || planned != nil || gate.state == .quarantined { return withdrawAll() }
    guard gate.state == .open, quotas.isEmpty, !settings.reconcilesOnly else { return }
    while ahead.count < min(settings.ahead, pace.width), lanes.count(.leavers) == 0, let person = lanes.next() {
      // What is no write is a read, which needs no start: the person's turn has come, and nobody goes before them.
      guard prepare(person) else { return lanes.put(person, in: lane(of: person), inFront: true) }
    }
  }

  /// Keeps the next write of a person for later, if there is one; false when the next call is a read.
  private mutating func prepare(_ person: PersonIndex) -> Bool {
    if people[person].known.account.unanswered != nil { return false }
    guard let next = step(person) else { return true }
    guard let started = next.started else { return false }
    record(person, .callStarted(started))
    ahead.append(number(next, of: person))
    people[person].attempt.isCalling = true
    return true
  }

  /// Hands out the next prepared write; true when there was one. One that is no longer right is given up.
  mutating func sendPrepared() -> Bool {
    guard var call = ahead.next() else { return false }
    guard let person = person(of: call) else { return true }
    if isRight(call, person) {
      call.sent = now
      give(call)
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
    guard call.carried.contains(.userName), let other else { return true }
    return other.id == people[person].known.account.believed?.id
  }

  // MARK: Giving up

  /// Something about the person has changed: what was prepared no longer counts.
  mutating func withdraw(_ person: PersonIndex) {
    if let call = ahead.remove(of: people[person].known.alias) { giveUp(call, person) }
  }

  /// The person was erased: nothing more is recorded.
  mutating func discard(_ person: PersonIndex) {
    if ahead.remove(of: people[person].known.alias) != nil { people[person].attempt.isCalling = false }
  }

  private mutating func withdrawAll() {
    while let call = ahead.next() {
      guard let person = person(of: call) else { continue }
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
          call: people[person].known.account.calls, purpose: call.purpose, operation: call.operation,
          outcome: .failed, status: nil, error: CallFinished.notSent, milliseconds: 0)))
  }
}
