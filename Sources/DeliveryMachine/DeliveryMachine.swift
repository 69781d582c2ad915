import DequeModule
import HeapModule
public import Provisioning
public import SCIM

/// The worker as a pure state machine: inputs in, effects out; no clock, no network, no log.
///
/// The caller appends `Effects.events` durably, in order, and only then sends `Effects.calls`; so a write is in the log
/// before its bytes leave. It hands back what came of each call, what others appended, and the time when `nextWake`
/// comes. Everything that must survive is in the events: a new machine made from the people and the target's condition
/// that the same events give goes on where this one was.
public struct DeliveryMachine: Sendable {
  /// What the caller is to do: append, then send.
  public struct Effects: Equatable, Sendable {
    /// The events to append, in order, in one append.
    public var events: [Event] = []
    /// The calls to send once the events are durable.
    public var calls: [Call] = []

    /// Nothing to do.
    public init() {}
  }

  /// Whether calls may leave.
  enum Gate: Equatable {
    /// As many as the concurrency allows.
    case open
    /// None before a moment: a pause that TeamViewer asked for, or the circuit breaker.
    case closed(until: Timestamp)
    /// One, to see whether it goes well.
    case halfOpen
    /// None: credentials are refused. Only the probe of a start leaves it.
    case quarantined
  }

  /// The passing side of one person's delivery: what a restart may forget.
  struct Errand: Equatable {
    /// True while the person stands in a lane.
    var isQueued = false
    /// True while a call of this person is on its way.
    var isCalling = false
    /// True when a parked delivery may be tried although its time has not come.
    var isDue = false
    /// No attempt before this moment, after a fault.
    var notBefore: Timestamp?
    /// Faults since the last completed delivery.
    var faults = 0
    /// The number of the full read that this person's matching needs.
    var list = 0
    /// True when TeamViewer said that the address is taken, and the full read since then has not been looked at.
    var isContested = false
    /// The refusal that a probe is to explain.
    var forbidden: String?
    /// The attributes that TeamViewer acknowledged for the present desired state.
    var acknowledged: Set<String> = []
    /// How often a read showed that an acknowledged disable had no effect.
    var ineffective = 0
    /// How the delivery will have come about, once it is complete.
    var how = DeliveryCompleted.How.alreadySo
    /// The people who wait until this one's account has another address.
    var waiters: [Int] = []
    /// True when the answer at hand is to a call that carried the present desired state, not an older one.
    var isAnswerPresent = true
    /// True when this person stands among another's waiters.
    var isWaiting = false
    /// True when this person is counted as unsettled.
    var isUnsettled = false
  }

  struct Timer: Comparable {
    var due: Timestamp
    var person: Int
    static func < (left: Timer, right: Timer) -> Bool { (left.due, left.person) < (right.due, right.person) }
  }

  let settings: DeliverySettings
  var random: SeededGenerator
  var people: [Person]
  var index: [String: Int] = [:]
  var errands: [Errand]
  /// Which person's link leads to an account.
  var holders: [String: Int] = [:]
  var remote = RemoteDirectory()
  var listing = Listing()
  var gate = Gate.open
  var condition: TargetCondition
  /// When the present pause began: refusals of calls sent before it do not make it longer.
  var pauseBegan: Timestamp?
  var refusals: Int
  var faultsInARow = 0
  var lanes: [Deque<Int>] = [[], [], []]
  var timers = Heap<Timer>()
  var calls: [Int: Call] = [:]
  var lastCall = 0
  var isStopping = false
  var wantsProbe = false
  /// No probe before this moment, after a fault.
  var probeNotBefore: Timestamp?
  /// People with something to deliver that is not set aside.
  public private(set) var unsettled = 0
  var effects = Effects()

  /// A machine that goes on from what the log says. `seed` feeds the jitter of the backoff.
  public init(people: [Person], condition: TargetCondition, settings: DeliverySettings, seed: UInt64) {
    self.people = people
    self.condition = condition
    self.settings = settings
    random = SeededGenerator(seed: seed)
    errands = Array(repeating: Errand(), count: people.count)
    refusals = condition.pause?.refusals ?? 0
    for (place, person) in people.enumerated() {
      index[person.alias] = place
      if let account = person.account.believed {
        holders[account.id] = place
        remote.show(account)
      }
    }
  }

  // MARK: Inputs

  /// The process has started: pauses are kept, a quarantine is probed, everything pending is queued.
  public mutating func start(at now: Timestamp) -> Effects {
    if let pause = condition.pause, pause.until > now {
      gate = .closed(until: pause.until)
      probeNotBefore = pause.until
    }
    if condition.quarantine != nil {
      gate = .quarantined
      wantsProbe = true
    }
    for person in people.indices {
      settle(person)
      if let parked = people[person].account.parked { timers.insert(Timer(due: parked.retry, person: person)) }
      schedule(person, now)
    }
    return finish(at: now)
  }

  /// Somebody else appended an event: a cycle, or an operator.
  public mutating func observe(_ event: Event, at position: Int64, now: Timestamp) -> Effects {
    switch (event.stream, event.payload) {
    case (.user(let alias), .subjectErased): drop(alias, event.payload, at: position)
    case (.user(let alias), let payload):
      let person = place(of: alias)
      let before = people[person].desired
      people[person].evolve(payload, at: position)
      if people[person].desired != before { forget(person) }
      settle(person)
      release(person)
      schedule(person, now)
    case (.target, .quarantineLeft(let left)) where left.how == .released && condition.quarantine != nil:
      condition.evolve(event.payload)
      gate = .open
    case (.cycle, .cycleFinished):
      listing.isStale = true
      for person in people.indices where people[person].account.parked != nil { retry(person) }
    default: break
    }
    return finish(at: now)
  }

  /// Takes back calls that were handed out and will not be sent, since the person was erased meanwhile.
  public mutating func takeBack(_ unsent: [Call], at now: Timestamp) -> Effects {
    for call in unsent { calls[call.id] = nil }
    return finish(at: now)
  }

  /// What came of a call.
  public mutating func receive(_ exchange: Exchange, for id: Int, at now: Timestamp) -> Effects {
    guard let call = calls.removeValue(forKey: id) else { return finish(at: now) }
    let answer = Answer(exchange, to: call)
    if let alias = call.person, let person = index[alias] {
      errands[person].isCalling = false
      let account = people[person].account
      errands[person].isAnswerPresent = account.unanswered.map { $0.decision >= account.wanted } ?? true
      if people[person].erasure == nil {
        answered(answer, call, person, now)
      } else {
        answeredTooLate(answer, call, person, now)
      }
      settle(person)
      release(person)
      if !errands[person].isCalling { schedule(person, now) }
    } else {
      answeredForTarget(answer, call, now)
    }
    return finish(at: now)
  }

  /// Time has passed.
  public mutating func wake(at now: Timestamp) -> Effects { finish(at: now) }

  /// No new call; those on their way may still be answered.
  public mutating func stop(at now: Timestamp) -> Effects {
    isStopping = true
    return finish(at: now)
  }

  // MARK: Condition

  /// When the machine wants to be woken; nil when only an answer or an event can change anything.
  public var nextWake: Timestamp? {
    var moments = [timers.min?.due, listing.notBefore, probeNotBefore].compactMap { $0 }
    if case .closed(let until) = gate { moments.append(until) }
    return isStopping ? nil : moments.min()
  }

  /// The number of calls on their way.
  public var callsUnderWay: Int { calls.count }
  /// True while credentials are refused and no probe is on its way.
  public var isQuarantined: Bool { gate == .quarantined && !wantsProbe && calls.isEmpty }
  /// Why no call leaves; nil when there is no quarantine.
  public var quarantine: QuarantineEntered? { condition.quarantine }
  /// True when nothing is pending but what is parked or abandoned, and no call is on its way.
  public var isIdle: Bool { unsettled == 0 && calls.isEmpty && !wantsProbe }
  /// The pause or open breaker that holds everything back, if one does.
  public var closedUntil: Timestamp? { if case .closed(let until) = gate { until } else { nil } }

  /// The people as the events so far leave them.
  public var allPeople: [Person] { people }

  // MARK: Common steps

  /// Records an event of a person and takes it over.
  mutating func record(_ person: Int, _ payload: EventPayload) {
    effects.events.append(Event(.account(people[person].alias), payload))
    people[person].evolve(payload, at: 0)
  }

  /// Records an event of the target as a whole and takes it over.
  mutating func record(_ payload: EventPayload) {
    effects.events.append(Event(.target, payload))
    condition.evolve(payload)
  }

  /// The person was erased: no call for them leaves any more, and whoever waits for them goes on.
  private mutating func drop(_ alias: String, _ erased: EventPayload, at position: Int64) {
    guard let person = index[alias] else { return }
    if let account = people[person].account.believed, holders[account.id] == person { holders[account.id] = nil }
    people[person].evolve(erased, at: position)
    forget(person)
    errands[person].forbidden = nil
    settle(person)
    release(person)
  }

  private mutating func place(of alias: String) -> Int {
    if let known = index[alias] { return known }
    people.append(Person(alias: alias))
    errands.append(Errand())
    index[alias] = people.count - 1
    return people.count - 1
  }

  /// True when the person's delivery waits for a retry that is not due.
  func isSetAside(_ person: Int) -> Bool { people[person].isSetAside && !errands[person].isDue }

  /// Keeps the number of unsettled people right after anything about one has changed.
  mutating func settle(_ person: Int) {
    let isUnsettled = people[person].isPending && !isSetAside(person)
    guard isUnsettled != errands[person].isUnsettled else { return }
    errands[person].isUnsettled = isUnsettled
    unsettled += isUnsettled ? 1 : -1
  }

  /// A new desired state: what was learnt about the old one no longer counts.
  private mutating func forget(_ person: Int) {
    let old = errands[person]
    errands[person] = Errand()
    errands[person].isQueued = old.isQueued
    errands[person].isCalling = old.isCalling
    errands[person].isUnsettled = old.isUnsettled
    errands[person].isWaiting = old.isWaiting
    errands[person].waiters = old.waiters
    errands[person].forbidden = old.forbidden
  }

  /// Lets a parked delivery be tried now.
  mutating func retry(_ person: Int) {
    errands[person].isDue = true
    errands[person].faults = 0
    settle(person)
    queue(person)
  }

  /// Puts a person into a lane, or a timer where the time has not come.
  mutating func schedule(_ person: Int, _ now: Timestamp) {
    guard people[person].isPending, !errands[person].isCalling, !isSetAside(person) else { return }
    if let moment = errands[person].notBefore, moment > now {
      timers.insert(Timer(due: moment, person: person))
    } else {
      queue(person)
    }
  }

  /// Leavers first, then changes, then first-time creates.
  private mutating func queue(_ person: Int) {
    guard !errands[person].isQueued else { return }
    errands[person].isQueued = true
    let account = people[person].account
    let lane =
      people[person].desired?.active == false ? 0 : account.believed != nil || account.unanswered != nil ? 1 : 2
    lanes[lane].append(person)
  }

  /// Lets those who waited for this person look again.
  mutating func release(_ person: Int) {
    guard !errands[person].waiters.isEmpty else { return }
    for waiter in errands[person].waiters {
      errands[waiter].isWaiting = false
      queue(waiter)
    }
    errands[person].waiters = []
  }

  mutating func wait(_ person: Int, for holder: Int) {
    errands[person].isWaiting = true
    errands[holder].waiters.append(person)
  }

  // MARK: Sending

  private mutating func finish(at now: Timestamp) -> Effects {
    ring(now)
    sendForTarget(now)
    while mayCall, let person = next() { step(person, now) }
    sendForTarget(now)
    defer { effects = Effects() }
    return effects
  }

  /// Opens what time opens.
  private mutating func ring(_ now: Timestamp) {
    if case .closed(let until) = gate, until <= now { gate = .halfOpen }
    while let timer = timers.min, timer.due <= now {
      timers.removeMin()
      let person = timer.person
      if let parked = people[person].account.parked, parked.retry <= now { errands[person].isDue = true }
      settle(person)
      schedule(person, now)
    }
  }

  var mayCall: Bool {
    guard !isStopping else { return false }
    switch gate {
    case .open: return calls.count < settings.concurrency
    case .halfOpen: return calls.isEmpty
    case .closed, .quarantined: return false
    }
  }

  private mutating func next() -> Int? {
    for lane in lanes.indices {
      if let person = lanes[lane].popFirst() {
        errands[person].isQueued = false
        return person
      }
    }
    return nil
  }

  /// Hands a call out.
  mutating func send(_ purpose: CallPurpose, _ request: SCIMRequest, person: Int? = nil, _ now: Timestamp) {
    lastCall += 1
    let call = Call(
      id: lastCall, purpose: purpose, person: person.map { people[$0].alias }, request: request, sent: now)
    if let person { errands[person].isCalling = true }
    calls[call.id] = call
    effects.calls.append(call)
  }
}
