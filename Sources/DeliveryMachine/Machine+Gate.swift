import Base
import Provisioning
import SCIM

/// What answers do to the gate, and what of it the log is to have.
extension Machine {
  mutating func reopen() { gate.reopen(condition, at: now) }

  mutating func quarantine(_ reason: QuarantineEntered.Reason, _ status: Int, _ call: Call) {
    note(gate.quarantine(reason, status: status, call: call, condition, at: now))
  }

  mutating func probed(_ call: Call, _ status: Int) {
    if !isOutage || condition.quarantine != nil { finished(call, .done, status: status) }
    if case .closed(.targetPause, _) = gate.state, condition.quarantine == nil {
      record(.targetResumed(TargetResumed(.probe)))
      gate.endPause()
    }
    guard condition.quarantine != nil else { return }
    record(.quarantineLeft(QuarantineLeft(.probe)))
    reopen()
  }

  mutating func succeeded(_ call: Call) {
    let closed = gate.succeeded(call, condition, isOwed: unsettled > 0)
    if closed != nil || !isOutage, let faults = faults.end(at: now) { record(.targetUnreachable(faults)) }
    note(closed)
  }

  mutating func slowDown(_ retryAfter: RetryAfter?, _ status: Int, _ call: Call) {
    note(gate.slowDown(retryAfter, status: status, call: call, condition, settings, at: now))
  }

  mutating func broke(_ label: String, _ status: Int?, _ call: Call) {
    let threshold = settings.breakerThreshold
    note(
      gate.broke((label, status), call: call, condition, threshold: threshold, at: now) {
        settings.backoff(faults: $0, &random)
      })
  }

  // MARK: Outages

  /// True while TeamViewer as a whole is known to fail or to refuse: then the log needs no event for each time.
  var isOutage: Bool {
    condition.circuit != nil || condition.quarantine != nil || gate.isStorm
      || listing.shortfalls >= settings.breakerThreshold
  }

  /// True when somebody is to be made inactive, and only a pause stands in the way.
  var isLeaverWaiting: Bool { lanes.count(.leavers) > 0 }

  /// True when the log has a fault of the kind already, and only its number is to be told.
  mutating func isCounted(_ call: Call, _ error: String, _ status: Int?) -> Bool {
    // How often the pace was refused is told by the pauses.
    if error == Self.rateLimit { return isOutage }
    let kind = FaultTally.Kind(operation: call.operation, error: error, status: status)
    return faults.counts(kind, isOutage: isOutage, at: now)
  }

  /// Tells how many faults were counted, when it is time to.
  mutating func tellFaults() {
    let isEnding = isStopping || gate.state == .quarantined
    if let faults = faults.summary(isEnding: isEnding, at: now) { record(.targetUnreachable(faults)) }
  }

  /// Whoever is tried while the circuit lets a single call leave: mostly one whose call failed before, so that an outage
  /// costs no start of a write for each who is pending; others now and then, since it may be those people.
  mutating func suspect() -> PersonIndex? {
    guard gate.isTrying(condition) else { return nil }
    tries += 1
    if tries.isMultiple(of: 8) { return nil }
    suspects.removeAll { !people[$0].known.isPending || people[$0].isSetAside }
    let leaver = suspects.firstIndex { lane(of: $0) == .leavers }
    guard let place = leaver ?? (isLeaverWaiting ? nil : suspects.indices.first) else { return nil }
    let person = suspects.remove(at: place)
    suspects.append(person)
    let attempt = people[person].attempt
    guard !attempt.isCalling, !attempt.isWaiting else { return nil }
    people[person].attempt.notBefore = nil
    return person
  }

  /// Keeps in mind whose call failed.
  mutating func suspect(_ person: PersonIndex) {
    if suspects.contains(person) { return }
    suspects.append(person)
    if suspects.count > settings.breakerThreshold { suspects.removeFirst() }
  }

  private mutating func note(_ payload: EventPayload?) {
    if let payload { record(payload) }
  }
}
