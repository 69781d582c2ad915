import Base
import DeliveryMachine
import Provisioning
import SCIM

/// The worker's process, as `Worker` runs the machine: it takes what has arrived in one go, sends what may leave, and goes
/// on while the log appends.
extension World {
  mutating func start() throws {
    process += 1
    inbox = []
    unheard = []
    busyUntil = now
    outbox = Outbox()
    isResumed = false
    given = [:]
    appending = []
    isTurnPlanned = false
    wakeAt = nil
    watch.restart()
    let everybody = people.values.sorted { $0.alias < $1.alias }
    var machine = SpoiltMachine(
      people: everybody, condition: condition, unfinished: unfinished, settings: settings, seed: random.next(),
      mutation: mutation)
    let effects = machine.start(at: clock)
    self.machine = machine
    outbox.put(effects)
    try carryOut()
  }

  mutating func crash() {
    stop()
    plan(.start, at: now + sometime(random.chance(0.5) ? 5 : 600))
  }

  mutating func stop() {
    process += 1
    machine = nil
  }

  /// The log has what it was given, unless the process dies first.
  mutating func appended() throws {
    guard machine != nil else { return }
    if mayCrash() { return crash() }
    for event in appending {
      try checkFinished(event)
      append(event)
      try checkLeaver(event)
    }
    appending = []
    outbox.appended()
    if mayCrash() { return crash() }
    try carryOut()
  }

  /// Hands the machine what has arrived, unless the worker is busy.
  mutating func turn() throws {
    guard machine != nil, !inbox.isEmpty else { return }
    guard now >= busyUntil else {
      if !isTurnPlanned { plan(.turn(process: process), at: busyUntil) }
      isTurnPlanned = true
      return
    }
    let inputs = inbox
    inbox = []
    for input in inputs {
      switch input {
      case .answer(let call, let exchange):
        try watch.answered(call, exchange, now)
        if let alias = call.person { heardOf[alias] = call.sent }
      case .event(let event, _):
        unheard.removeFirst()
        if case .decided = event.payload, let alias = event.subject { toldOf[alias] = now }
      case .wake: wakeAt = nil
      }
    }
    let moment = clock
    guard let effects = machine?.take(inputs, at: moment) else { return }
    for call in effects.calls { given[call.id] = now }
    if effects.events.contains(where: { $0.payload.type == TargetResumed.type }) { isResumed = true }
    busyUntil = now + .milliseconds(random.number(in: 0...3))
    // What was handed out before, and waits for the log, must not leave after a pause has begun.
    let held = machine?.isClosed == true ? outbox.waiting() : []
    outbox.put(effects)
    if !held.isEmpty, let effects = machine?.holdBack(held, at: moment) { outbox.put(effects) }
    if mayCrash() { return crash() }
    try carryOut()
  }

  private mutating func mayCrash() -> Bool { !isCalm && random.chance(life.crashes) }

  private mutating func carryOut() throws {
    for call in outbox.ready() {
      try send(call)
      if mayCrash() { return crash() }
    }
    if let events = outbox.nextAppend() {
      appending = events
      plan(.appended(process: process), at: now + .milliseconds(random.number(in: 0...15)))
    }
    guard let machine else { return }
    if machine.isQuarantined, outbox.isEmpty { return quarantined() }
    guard let moment = machine.nextWake else { return }
    let due = now + max(.zero, moment - clock)
    if wakeAt.map({ due < $0 }) ?? true {
      wakeAt = due
      plan(.input(.wake, process: process), at: due)
    }
  }

  /// The worker ends; the next start probes, or an operator releases the quarantine before.
  private mutating func quarantined() {
    stop()
    if random.chance(0.7) { return plan(.start, at: now + .seconds(3600)) }
    plan(.act(.release), at: now + sometime(20_000))
    plan(.start, at: now + .seconds(20_000))
  }

  private mutating func send(_ call: Call) throws {
    try checkTime(of: call)
    try checkUse(of: call)
    try watch.sends(call, now)
    if call.purpose == .probe { probedAt = clock }
    for place in quotas.indices { try quotas[place].sends(call.operation, at: now) }
    let (exchange, latency) = exchange(call)
    plan(.input(.answer(call, exchange), process: process), at: now + .milliseconds(latency))
  }
}
