import Base
import Provisioning
import SCIM

/// Whether calls may leave, as far as TeamViewer decides that: pauses that it asks for, the circuit breaker, quarantine.
///
/// What it finds out comes back as an event for the log; what the log says it is told as the target's condition.
struct TargetGate: Equatable {
  /// Whether calls may leave.
  enum State: Equatable {
    /// As many as the concurrency allows.
    case open
    /// None before a moment: a pause that TeamViewer asked for, or the circuit breaker.
    case closed(DeliveryBlock.Reason, until: Timestamp)
    /// One, to see whether it goes well.
    case halfOpen
    /// None: credentials are refused. Only the probe of a start leaves it.
    case quarantined
  }

  var state = State.open
  /// Faults in a row, whoever they concern.
  private(set) var faultsInARow = 0
  /// When the present pause began: refusals of calls sent before it do not make it longer.
  private var pauseBegan: Timestamp?
  /// Refusals for pace in a row.
  private var refusals = 0
  /// The calls that were refused lately: what a quarantine names as its causes, oldest first.
  private var causes: [QuarantineCause] = []
  /// True when a probe is to leave.
  private(set) var wantsProbe = false
  /// No probe before this moment.
  private(set) var probeNotBefore: Timestamp?

  // MARK: What the log says

  /// The process has started: pauses are kept, a quarantine is probed.
  mutating func start(_ condition: TargetCondition, breakerThreshold: Int, at now: Timestamp) {
    refusals = condition.pause?.refusals ?? 0
    reopen(condition, at: now)
    if condition.circuit != nil { faultsInARow = breakerThreshold }
    guard condition.quarantine != nil else { return }
    state = .quarantined
    wantsProbe = true
    if let pause = condition.pause, pause.until > now { probeNotBefore = pause.until }
  }

  /// Opens as far as the log says that it may be open.
  mutating func reopen(_ condition: TargetCondition, at now: Timestamp) {
    if let pause = condition.pause, pause.until > now {
      state = .closed(.targetPause, until: pause.until)
    } else {
      state = condition.circuit == nil ? .open : .halfOpen
    }
  }

  /// Opens what time opens.
  mutating func ring(_ condition: TargetCondition, at now: Timestamp) {
    if case .closed(_, let until) = state, until <= now { state = .halfOpen }
    // The clock was set back: the pause is not over by it, as a restart would see it too.
    if state == .open || state == .halfOpen, let pause = condition.pause, pause.until > now {
      state = .closed(.targetPause, until: pause.until)
    }
    if let moment = probeNotBefore, moment <= now { probeNotBefore = nil }
  }

  /// How many calls may be on their way at once.
  func width(of pace: Pace) -> Int {
    switch state {
    case .open: pace.width
    case .halfOpen: 1
    case .closed, .quarantined: 0
    }
  }

  // MARK: Probes

  /// True when a probe is to leave now.
  var isProbeDue: Bool { wantsProbe && probeNotBefore == nil }

  /// The probe was handed out.
  mutating func probeLeft() { wantsProbe = false }

  /// A probe is wanted again, while there is a quarantine; not before a moment.
  mutating func probeAgain(_ condition: TargetCondition, notBefore moment: Timestamp? = nil) {
    wantsProbe = condition.quarantine != nil
    if let moment { probeNotBefore = moment }
  }

  // MARK: What answers say

  /// Credentials are refused, or the target is no SCIM endpoint.
  mutating func quarantine(
    _ reason: QuarantineEntered.Reason, status: Int, call: Call, _ condition: TargetCondition, at now: Timestamp
  ) -> EventPayload? {
    blame(call, status: status, at: now)
    state = .quarantined
    if condition.quarantine?.reason == reason { return nil }
    return .quarantineEntered(
      QuarantineEntered(reason, status: status, operation: call.operation, causes: causes))
  }

  /// Keeps a refused call in mind, for the causes of a quarantine.
  mutating func blame(_ call: Call, status: Int, at now: Timestamp) {
    causes.append(
      QuarantineCause(operation: call.operation, status: status, person: call.person, answered: now))
    if causes.count > QuarantineCause.most { causes.removeFirst() }
  }

  /// Anything that TeamViewer answers as itself shows that it is there.
  mutating func succeeded(_ condition: TargetCondition) -> EventPayload? {
    faultsInARow = 0
    causes = []
    guard state == .halfOpen else { return nil }
    state = .open
    refusals = 0
    pauseBegan = nil
    return condition.circuit == nil ? nil : .circuitClosed(CircuitClosed())
  }

  /// TeamViewer asks for a slower pace. Its word makes a pause longer, within a bound, and never shorter than ours. Calls
  /// that left before the pause began do not make it longer, unless their answer asks for more. A pause that the log has
  /// already is not recorded again.
  mutating func slowDown(
    _ retryAfter: RetryAfter?, status: Int, call: Call, _ condition: TargetCondition, _ settings: DeliverySettings,
    at now: Timestamp
  ) -> EventPayload? {
    let isLate = pauseBegan.map { call.sent < $0 } ?? false
    let own = isLate ? now : now + min(settings.pause(refusals: refusals + 1), settings.longestPause)
    let asked = retryAfter.map { Self.moment($0, now) } ?? own
    let until = max(own, min(asked, now + settings.longestPause))
    if isLate, until <= now { return nil }
    if case .closed(_, let present) = state, isLate, present >= until { return nil }
    if !isLate { refusals += 1 }
    pauseBegan = now
    if state == .quarantined {
      probeNotBefore = max(probeNotBefore ?? until, until)
    } else {
      state = .closed(.targetPause, until: until)
    }
    if let pause = condition.pause, pause.until >= until { return nil }
    return .targetPaused(TargetPaused(until: until, refusals: refusals, status: status))
  }

  /// The moment that an answer names; seconds beyond any pause are as good as many.
  private static func moment(_ retryAfter: RetryAfter, _ now: Timestamp) -> Timestamp {
    switch retryAfter {
    case .seconds(let seconds): now + .seconds(min(max(0, seconds), 366 * 86_400))
    case .date(let milliseconds): Timestamp(milliseconds: milliseconds)
    }
  }

  /// A fault, whoever it concerned: after some in a row the circuit opens, and each probe that fails keeps it open.
  /// `backoff` is the wait after a number of faults.
  mutating func broke(
    _ fault: (label: String, status: Int?), call: Call, _ condition: TargetCondition, threshold: Int,
    at now: Timestamp, backoff: (Int) -> Duration
  ) -> EventPayload? {
    faultsInARow += 1
    let isOutage = faultsInARow >= threshold
    guard state == .halfOpen || state == .open && isOutage else { return nil }
    state = .closed(.circuit, until: now + backoff(faultsInARow - threshold + 1))
    guard isOutage, condition.circuit == nil else { return nil }
    return .circuitOpened(
      CircuitOpened(faults: faultsInARow, operation: call.operation, error: fault.label, status: fault.status))
  }
}
