import Base
import Provisioning
import SCIM

/// What answers do to the gate, and what of it the log is to have.
extension DeliveryMachine {
  mutating func reopen() { gate.reopen(condition, at: now) }

  mutating func quarantine(_ reason: QuarantineEntered.Reason, _ status: Int, _ call: Call) {
    note(gate.quarantine(reason, status: status, call: call, condition, at: now))
  }

  mutating func probed(_ call: Call, _ status: Int) {
    finished(call, .done, status: status)
    guard condition.quarantine != nil else { return }
    record(.quarantineLeft(QuarantineLeft(.probe)))
    reopen()
  }

  mutating func succeeded() { note(gate.succeeded(condition)) }

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

  private mutating func note(_ payload: EventPayload?) {
    if let payload { record(payload) }
  }
}
