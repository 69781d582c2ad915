import Base
import DequeModule
import Provisioning
import SCIM

/// The call that a person needs next.
struct NextCall {
  var purpose: CallPurpose
  var request: SCIMRequest
  /// The start that the log must have before it leaves; nil for a read.
  var started: CallStarted?
  /// The attributes that a write carries.
  var carried: [AccountAttribute] = []

  static func read(_ purpose: CallPurpose, _ request: SCIMRequest) -> NextCall {
    NextCall(purpose: purpose, request: request)
  }
}

/// What leaves, and when.
extension Machine {
  /// Ends every input: rings what time has come for, and hands out the calls that may leave.
  mutating func finish() -> Effects {
    planned = DeliveryBlock.planned(condition.operatorPause, settings.maintenance, at: now)
    ring()
    refill()
    targetQuota = nil
    endReconcile()
    sendForTarget()
    while mayCall {
      if let person = reconciliation.next(while: mayReadForReconcile) {
        guard readForReconcile(person) else { break }
        continue
      }
      endReconcile()
      if settings.reconcilesOnly { break }
      // Leavers go before whoever is prepared.
      if lanes.count(.leavers) == 0, sendPrepared() { continue }
      guard let person = nextPerson() else {
        if sendPrepared() { continue }
        break
      }
      if let next = step(person) { handOut(next, of: person) }
    }
    sendForTarget()
    prepare()
    tellFaults()
    defer { effects = Effects() }
    return effects
  }

  private mutating func nextPerson() -> PersonIndex? {
    if let person = suspect() { return person }
    if lanes.isEmpty { refill() }
    return lanes.next()
  }

  /// True when one more call may leave, as far as pace and pauses go.
  var mayCall: Bool { !isStopping && planned == nil && calls.count < gate.width(of: pace) }

  /// What an answer says about the pace that TeamViewer bears. A full import takes its time however unhurried TeamViewer
  /// is.
  mutating func pace(_ answer: Answer, _ call: Call) {
    switch answer {
    case .tooFast, .fault: pace.wentBadly(sent: call.sent, now: now)
    case .unauthorized, .forbidden: break
    default: if call.purpose != .list { pace.wentWell(after: call.duration(until: now)) }
    }
  }

  // MARK: Handing out

  /// Hands out a person's call, and records the start of a write; unless a quota keeps it back, then the person waits
  /// for that one.
  private mutating func handOut(_ next: NextCall, of person: PersonIndex) {
    if let quota = takeFromQuotas(next.request.operation) {
      return waiting[quota, default: Lanes()].put(person, in: lane(of: person))
    }
    var call = number(next, of: person)
    call.after = ahead.reserved
    if let started = next.started {
      record(person, .callStarted(started))
      call.after = ahead.recorded
    }
    people[person].attempt.isCalling = true
    // Where nothing is pending it is the reading again of an unconfirmed address.
    if !people[person].known.isPending { people[person].attempt.reread = nil }
    give(call)
  }

  /// Reads the account of somebody whom a full import lacks; false when a quota keeps the call back.
  private mutating func readForReconcile(_ person: PersonIndex) -> Bool {
    guard isComparable(person), let account = people[person].known.account.believed else { return true }
    if people[person].known.isSetAsideByOperator {
      reconciliation.unknown.insert(person)
      return true
    }
    let next = NextCall.read(.verify, .getUser(account.id))
    targetQuota = takeFromQuotas(next.request.operation)
    if targetQuota != nil {
      reconciliation.missing.prepend(person)
      return false
    }
    var call = number(next, of: person)
    call.after = ahead.reserved
    people[person].attempt.isCalling = true
    people[person].attempt.isSought = true
    give(call)
    return true
  }

  /// Hands out a call about the target as a whole; false when a quota keeps it back.
  mutating func handOut(_ purpose: CallPurpose, _ request: SCIMRequest) -> Bool {
    targetQuota = takeFromQuotas(request.operation)
    if targetQuota != nil { return false }
    var call = number(.read(purpose, request))
    call.after = ahead.reserved
    give(call)
    return true
  }

  /// A call with the next number.
  mutating func number(_ next: NextCall, of person: PersonIndex? = nil) -> Call {
    lastCall += 1
    var call = Call(
      id: lastCall, purpose: next.purpose, person: person.map { people[$0].known.alias }, request: next.request,
      sent: now)
    call.carried = next.carried
    return call
  }

  mutating func give(_ call: Call) {
    calls[call.id] = call
    effects.calls.append(call)
  }

  /// Takes a call from every quota that covers it; the quota of which none is left, if there is one.
  private mutating func takeFromQuotas(_ operation: String) -> QuotaIndex? {
    switch quotas.take(operation, demand: unsettled + 1, now: now) {
    case .blocked(let quota, _): return quota
    case .taken(let blocks):
      for block in blocks {
        record(.quotaReserved(block))
        ahead.noteReservation()
      }
      return nil
    }
  }
}
