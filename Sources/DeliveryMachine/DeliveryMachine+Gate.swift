import Base
import Provisioning
import SCIM

/// What opens and closes the gate: pace, the circuit breaker, quarantine.
extension DeliveryMachine {
  /// Opens the gate as far as the log says that it may be.
  mutating func reopen() {
    if let pause = condition.pause, pause.until > now {
      gate = .closed(.targetPause, until: pause.until)
    } else {
      gate = condition.circuit == nil ? .open : .halfOpen
    }
  }

  // MARK: Quarantine

  mutating func quarantine(_ reason: QuarantineEntered.Reason, _ status: Int, _ call: Call) {
    blame(call, status)
    gate = .quarantined
    if condition.quarantine?.reason != reason {
      record(
        .quarantineEntered(
          QuarantineEntered(reason, status: status, operation: call.operation, causes: causes)))
    }
  }

  /// Keeps a refused call in mind, for the causes of a quarantine.
  mutating func blame(_ call: Call, _ status: Int) {
    causes.append(
      QuarantineCause(operation: call.operation, status: status, person: call.person, answered: now))
    if causes.count > QuarantineCause.most { causes.removeFirst() }
  }

  mutating func probed(_ call: Call, _ status: Int) {
    finished(call, .done, status: status)
    guard condition.quarantine != nil else { return }
    record(.quarantineLeft(QuarantineLeft(.probe)))
    reopen()
  }

  // MARK: Pace and faults

  /// Anything that TeamViewer answers as itself shows that it is there.
  mutating func succeeded() {
    faultsInARow = 0
    causes = []
    if gate == .halfOpen {
      gate = .open
      refusals = 0
      pauseBegan = nil
      if condition.circuit != nil { record(.circuitClosed(CircuitClosed())) }
    }
  }

  /// TeamViewer asks for a slower pace. Calls that left before the pause began do not make it longer, unless their
  /// answer asks for more.
  mutating func slowDown(_ retryAfter: RetryAfter?, _ status: Int, _ call: Call) {
    let isLate = pauseBegan.map { call.sent < $0 } ?? false
    let until: Timestamp
    switch retryAfter {
    case .seconds(let seconds): until = now + .seconds(min(seconds, 7 * 86_400))
    case .date(let milliseconds): until = min(Timestamp(milliseconds: milliseconds), now + .seconds(7 * 86_400))
    case nil where isLate: return
    case nil: until = now + settings.pause(refusals: refusals + 1)
    }
    if case .closed(_, let present) = gate, isLate, present >= until { return }
    if !isLate { refusals += 1 }
    pauseBegan = now
    record(.targetPaused(TargetPaused(until: until, refusals: refusals, status: status)))
    if gate != .quarantined { gate = .closed(.targetPause, until: until) }
  }

  /// A fault, whoever it concerned: after some in a row the circuit opens, and each probe that fails keeps it open.
  mutating func broke(_ label: String, _ status: Int?, _ call: Call) {
    faultsInARow += 1
    let isOutage = faultsInARow >= settings.breakerThreshold
    switch gate {
    case .halfOpen: break
    case .open where isOutage: break
    default: return
    }
    if isOutage, condition.circuit == nil {
      record(
        .circuitOpened(
          CircuitOpened(faults: faultsInARow, operation: call.operation, error: label, status: status)))
    }
    let wait = settings.backoff(faults: faultsInARow - settings.breakerThreshold + 1, &random)
    gate = .closed(.circuit, until: now + wait)
  }
}
