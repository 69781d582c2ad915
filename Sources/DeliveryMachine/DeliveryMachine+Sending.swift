import Base
import Provisioning
import SCIM

/// What leaves, and when.
extension DeliveryMachine {
  /// Ends every input: rings what time has come for, and hands out the calls that may leave.
  mutating func finish() -> Effects {
    planned = Closed.planned(condition.operatorPause, settings.maintenance, at: now)
    ring()
    refill()
    sendForTarget()
    while !settings.reconcilesOnly, mayCall {
      // Leavers go before whoever is prepared.
      if lanes.count(.leavers) == 0, sendPrepared() { continue }
      guard let person = next() else {
        if sendPrepared() { continue }
        break
      }
      step(person)
    }
    sendForTarget()
    prepare()
    defer { effects = Effects() }
    return effects
  }

  private mutating func next() -> PersonIndex? {
    if lanes.isEmpty { refill() }
    return lanes.next()
  }

  /// True when one more call may leave, as far as pace and pauses go.
  var mayCall: Bool {
    guard !isStopping, planned == nil else { return false }
    switch gate {
    case .open: return calls.count < pace.width
    case .halfOpen: return calls.isEmpty
    case .closed, .quarantined: return false
    }
  }

  /// What an answer says about the pace that TeamViewer bears. A full import takes its time however unhurried TeamViewer is.
  mutating func pace(_ answer: Answer, _ call: Call) {
    switch answer {
    case .tooFast, .fault: pace.wentBadly(sent: call.sent, now: now)
    case .unauthorized, .forbidden: break
    default: if call.purpose != .list { pace.wentWell(after: call.duration(until: now)) }
    }
  }

  /// Hands a call out, and records the start of a write; unless a quota keeps it back, then the person waits for that
  /// one. True when it was handed out.
  @discardableResult
  mutating func send(
    _ purpose: CallPurpose, _ request: SCIMRequest, person: PersonIndex? = nil, started: CallStarted? = nil
  ) -> Bool {
    var call = Call(
      id: lastCall + 1, purpose: purpose, person: person.map { people[$0].known.alias }, request: request, sent: now)
    if isPreparing { return prepare(call, started) }
    switch quotas.take(call.operation, demand: unsettled + 1, now: now) {
    case .blocked(let quota, _):
      if let person { waiting[quota, default: Lanes()].put(person, in: lane(of: person)) } else { targetQuota = quota }
      return false
    case .taken(let blocks):
      for block in blocks {
        record(.quotaReserved(block))
        reserved = recorded
      }
    }
    call.after = reserved
    if let person {
      if let started {
        record(person, .callStarted(started))
        call.after = recorded
      }
      people[person].attempt.isCalling = true
    }
    lastCall = call.id
    calls[call.id] = call
    effects.calls.append(call)
    return true
  }
}
