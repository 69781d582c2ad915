public import Base
import DequeModule
import HeapModule
public import Provisioning
public import SCIM

/// The worker as a pure state machine: inputs in, effects out; no clock, no network, no log.
///
/// The caller appends `Effects.events` durably, in order, and sends each of `Effects.calls` once the log has as many of
/// the machine's events as the call names; so a write is in the log before its bytes leave. It hands back what came of
/// each call, what others appended, and the time when `nextWake` comes. Everything that must survive is in the events: a new machine made from the people and the target's condition
/// that the same events give goes on where this one was.
public struct DeliveryMachine: Sendable {
  /// What the caller is to do.
  public struct Effects: Equatable, Sendable {
    /// The events to append, in order.
    public var events: [Event] = []
    /// The calls to send, each once `Call.after` of the machine's events are durable.
    public var calls: [Call] = []

    /// Nothing to do.
    public init() {}
  }

  /// What the machine is told after its start.
  public enum Input: Sendable {
    /// What came of a call, by its number.
    case answer(Exchange, call: Int)
    /// Somebody else appended an event: a cycle, or an operator.
    case event(LoggedEvent)
    /// Time has passed.
    case wake
    /// No new call is to leave; those on their way may still be answered.
    case stop
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
  var reconciliation = Reconciliation()
  var gate = Gate.open
  var condition: TargetCondition
  /// The calls that were refused lately: what a quarantine names as its causes, oldest first.
  var causes: [QuarantineCause] = []
  /// How accounts are changed: PUT once TeamViewer refused PATCH.
  var update: UpdateMethod
  var pace: Pace
  var quotas: Quotas
  /// Who waits for each quota.
  var waiting: [Lanes]
  /// The quota that holds back a call about the target as a whole.
  var targetQuota: Int?
  /// An operator's pause or a maintenance, as of the last input.
  var planned: Closed?
  /// When the present pause began: refusals of calls sent before it do not make it longer.
  var pauseBegan: Timestamp?
  var refusals: Int
  var faultsInARow = 0
  var lanes = Lanes()
  var timers = Heap<Timer>()
  var calls: [Int: Call] = [:]
  var lastCall = 0
  /// How many events were given out so far.
  var recorded = 0
  /// How many were when the newest block of a quota was taken.
  var reserved = 0
  /// Writes whose start is recorded, and which wait for their turn; first come, first served.
  var ahead = Deque<Call>()
  /// True while writes are prepared, not sent.
  var isPreparing = false
  var isStopping = false
  var wantsProbe = false
  /// No probe before this moment, after a fault.
  var probeNotBefore: Timestamp?
  /// People with something to deliver that is not set aside.
  public internal(set) var unsettled = 0
  var effects = Effects()
  /// The present, as of the last input.
  var now = Timestamp(milliseconds: 0)

  /// A machine that goes on from what the log says. `seed` feeds the jitter of the backoff.
  public init(people: [Person], condition: TargetCondition, settings: DeliverySettings, seed: UInt64) {
    self.people = people
    self.condition = condition
    self.settings = settings
    random = SeededGenerator(seed: seed)
    update = settings.update
    pace = Pace(limit: settings.concurrency)
    quotas = Quotas(settings.quotas, reservations: condition.reservations)
    waiting = Array(repeating: Lanes(), count: settings.quotas.count)
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
    self.now = now
    reopen(now)
    if condition.circuit != nil { faultsInARow = settings.breakerThreshold }
    if condition.quarantine != nil {
      gate = .quarantined
      wantsProbe = true
      if let pause = condition.pause, pause.until > now { probeNotBefore = pause.until }
    }
    for person in people.indices {
      settle(person)
      planReread(person, now)
      if let parked = people[person].account.parked { timers.insert(Timer(due: parked.retry, person: person)) }
      schedule(person, now)
    }
    planReconcile(now)
    return finish(at: now)
  }

  /// All that has arrived, in order. No call is handed out before the last of it is taken in: so none leaves after a
  /// pause, a hold or a newer decision that stands behind it.
  public mutating func take(_ inputs: [Input], at now: Timestamp) -> Effects {
    self.now = now
    for input in inputs {
      switch input {
      case .answer(let exchange, let call): answer(exchange, to: call, now)
      case .event(let logged): hear(logged, now)
      case .wake: break
      case .stop: isStopping = true
      }
    }
    return finish(at: now)
  }

  /// Somebody else appended an event: a cycle, or an operator.
  public mutating func observe(_ logged: LoggedEvent, now: Timestamp) -> Effects {
    take([.event(logged)], at: now)
  }

  /// What came of a call.
  public mutating func receive(_ exchange: Exchange, for call: Int, at now: Timestamp) -> Effects {
    take([.answer(exchange, call: call)], at: now)
  }

  /// Time has passed.
  public mutating func wake(at now: Timestamp) -> Effects { take([.wake], at: now) }

  /// No new call; those on their way may still be answered.
  public mutating func stop(at now: Timestamp) -> Effects { take([.stop], at: now) }

  // MARK: What each comes to

  private mutating func hear(_ logged: LoggedEvent, _ now: Timestamp) {
    switch (logged.stream, logged.payload) {
    case (.user(let alias), .subjectErased): drop(alias, logged)
    case (.user(let alias), let payload):
      let person = place(of: alias)
      let before = people[person].desired
      withdraw(person)
      people[person].evolve(logged)
      if people[person].desired != before { forget(person) }
      if case .deliveryRetried = payload { forget(person) }
      settle(person)
      release(person)
      planReread(person, now)
      schedule(person, now)
    case (.target, .quarantineLeft(let left)) where left.how == .released && condition.quarantine != nil:
      condition.evolve(logged)
      reopen(now)
    case (.target, .deliveryPaused), (.target, .deliveryResumed): condition.evolve(logged)
    case (.target, .reconcileRequested(let request)): requested(request, logged)
    // A cycle's decisions are matched against a full read that is newer than they are.
    case (.cycle, .cycleStarted): listing.isStale = true
    case (.cycle, .cycleFinished):
      for person in people.indices where people[person].account.parked != nil { retry(person) }
    default: break
    }
  }

  private mutating func answer(_ exchange: Exchange, to id: Int, _ now: Timestamp) {
    guard let call = calls.removeValue(forKey: id) else { return }
    let answer = Answer(exchange, to: call)
    pace(answer, call, now)
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
  }

  // MARK: Common steps

  /// Records an event of a person and takes it over.
  mutating func record(_ person: Int, _ payload: EventPayload) {
    people[person].evolve(record(Event(.account(people[person].alias), payload)))
  }

  /// Records an event of the target as a whole and takes it over.
  mutating func record(_ payload: EventPayload) {
    condition.evolve(record(Event(.target, payload)))
  }

  private mutating func record(_ event: Event) -> LoggedEvent {
    effects.events.append(event)
    recorded += 1
    return LoggedEvent(event, position: 0, time: now, actor: .worker)
  }

  /// The person was erased: no call for them leaves any more, and whoever waits for them goes on.
  private mutating func drop(_ alias: String, _ erased: LoggedEvent) {
    guard let person = index[alias] else { return }
    discard(person)
    if let account = people[person].account.believed, holders[account.id] == person { holders[account.id] = nil }
    people[person].evolve(erased)
    forget(person)
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
}
