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
  /// True while writes are refused for pace: a read that goes well does not end that.
  private var isWriteRefused = false
  /// The people whose writes have failed since one went well, at most as many as open the circuit.
  private var failedWriters: Set<String> = []
  /// How often in a row the circuit's one call failed.
  private var failedProbes = 0
  /// True when a plain read went well since the circuit's last call failed.
  private var isReadable = false
  /// When TeamViewer is asked before the end of a long pause, for the sake of leavers.
  var earlyProbe: Timestamp?
  /// True when that helped before, and the pace was refused again before a write went well.
  private var isEarlyInVain = false
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
    isWriteRefused = refusals > 0
    reopen(condition, at: now)
    if condition.circuit != nil { faultsInARow = breakerThreshold }
    guard condition.quarantine != nil else { return }
    state = .quarantined
    wantsProbe = true
    if let pause = condition.pause, pause.until > now { probeNotBefore = pause.until }
  }

  /// Opens as far as the log says that it may be open: there is no quarantine, so none is probed any more, also where
  /// another call than its probe has ended it.
  mutating func reopen(_ condition: TargetCondition, at now: Timestamp) {
    (wantsProbe, probeNotBefore) = (false, nil)
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

  /// True while TeamViewer has refused so often that a further refusal says nothing new.
  var isStorm: Bool { refusals >= Self.storm }

  /// From how many refusals in a row on they are a storm.
  static let storm = 3

  /// True while the circuit's one call is to leave.
  func isTrying(_ condition: TargetCondition) -> Bool { state == .halfOpen && condition.circuit != nil }

  /// True when a plain read is to show first whether TeamViewer is there at all.
  func wantsPlainRead(_ condition: TargetCondition) -> Bool {
    isTrying(condition) && condition.circuit?.scope == .everything && !isReadable
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

  /// Anything that TeamViewer answers as itself shows that it is there. While writes fail, only one that goes well shows
  /// that they do again; `isOwed` says that there are some to send.
  mutating func succeeded(_ call: Call, _ condition: TargetCondition, isOwed: Bool) -> EventPayload? {
    faultsInARow = 0
    causes = []
    let isWrite = call.purpose.isWrite
    if isWrite { (failedWriters, isEarlyInVain) = ([], false) }
    guard state == .halfOpen else { return nil }
    isReadable = true
    if isOwed, !isWrite, isWriteRefused || condition.circuit?.scope == .writes { return nil }
    if isOwed, call.purpose == .probe, condition.circuit != nil { return nil }
    state = .open
    refusals = 0
    isWriteRefused = false
    failedProbes = 0
    pauseBegan = nil
    return condition.circuit == nil ? nil : .circuitClosed(CircuitClosed())
  }

  /// TeamViewer serves again before the end of its pause, or an operator wants it tried.
  mutating func endPause() {
    earlyProbe = nil
    isEarlyInVain = true
    if case .closed(.targetPause, _) = state { state = .halfOpen }
  }

  /// The probe before the end of a pause was handed out; the next is as far away again.
  mutating func earlyProbeLeft(_ settings: DeliverySettings, at now: Timestamp) {
    earlyProbe = now + settings.pauseCeiling
  }

  /// TeamViewer asks for a slower pace. Its word makes a pause longer, within a bound, and never shorter than ours. Calls
  /// that left before the pause began do not make it longer, unless their answer asks for more. A pause that the log has
  /// already is not recorded again.
  mutating func slowDown(
    _ retryAfter: RetryAfter?, status: Int, call: Call, _ condition: TargetCondition, _ settings: DeliverySettings,
    at now: Timestamp
  ) -> EventPayload? {
    let isLate = pauseBegan.map { call.sent < $0 } ?? false
    // One that was asked for before the end of the pause does not make it longer.
    if case .closed(.targetPause, let until) = state, call.purpose == .probe, !isLate, now < until { return nil }
    if call.purpose.isWrite { isWriteRefused = true }
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
    earlyProbe = until - now > settings.pauseCeiling && !isEarlyInVain ? now + settings.pauseCeiling : nil
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
    if call.purpose.isWrite, let person = call.person, failedWriters.count < threshold { failedWriters.insert(person) }
    let scope: CircuitOpened.Scope? =
      faultsInARow >= threshold ? .everything : failedWriters.count >= threshold ? .writes : nil
    guard state == .halfOpen || state == .open && scope != nil else { return nil }
    failedProbes += 1
    isReadable = false
    state = .closed(.circuit, until: now + backoff(failedProbes))
    guard let scope, condition.circuit == nil else { return nil }
    return .circuitOpened(
      CircuitOpened(
        faults: faultsInARow, operation: call.operation, error: fault.label, status: fault.status, scope: scope))
  }
}
