import DeliveryMachine
import Provisioning
import SCIM

/// The worker's process, as `Worker` runs the machine: it takes what has arrived in one go, appends, then sends.
extension World {
  mutating func start() throws {
    process += 1
    inbox = []
    unheard = []
    busyUntil = now
    isTurnPlanned = false
    wakeAt = nil
    watch.restart()
    let everybody = people.values.sorted { $0.alias < $1.alias }
    var machine = SpoiltMachine(
      people: everybody, condition: condition, settings: settings, seed: random.next(), mutation: mutation)
    let effects = machine.start(at: clock)
    self.machine = machine
    try carryOut(effects)
  }

  mutating func crash() {
    stop()
    plan(.start, at: now + sometime(random.chance(0.5) ? 5 : 600))
  }

  mutating func stop() {
    process += 1
    machine = nil
  }

  /// Hands the machine what has arrived, unless the worker still waits for its last append.
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
      case .answer(let call, let exchange): try watch.answered(call, exchange, now)
      case .event: unheard.removeFirst()
      case .wake: wakeAt = nil
      }
    }
    let moment = clock
    let effects = machine?.take(inputs, at: moment)
    try carryOut(effects ?? DeliveryMachine.Effects())
  }

  private mutating func mayCrash() -> Bool { !isCalm && random.chance(life.crashes) }

  private mutating func carryOut(_ effects: DeliveryMachine.Effects) throws {
    if !effects.events.isEmpty || !effects.calls.isEmpty {
      if mayCrash() { return crash() }
      for event in effects.events { append(event) }
      for call in effects.calls {
        if mayCrash() { return crash() }
        try send(call)
      }
      busyUntil = now + .milliseconds(random.number(in: 0...15))
    }
    guard let machine else { return }
    if machine.isQuarantined { return quarantined() }
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
    for place in quotas.indices { try quotas[place].sends(call.operation, at: now) }
    let (exchange, latency) = exchange(call)
    plan(.input(.answer(call, exchange), process: process), at: now + .milliseconds(latency))
  }
}
