public import Base
import HeapModule
public import Provisioning
public import SCIM

/// The worker as a pure state machine: inputs in, effects out; no clock, no network, no log.
///
/// The caller appends `Effects.events` durably, in order, and sends each of `Effects.calls` once the log has as many of
/// the machine's events as the call names; so a write is in the log before its bytes leave. It hands back what came of
/// each call, what others appended, and the time when `nextWake` comes. Everything that must survive is in the events: a new machine made from the people and the target's condition
/// that the same events give goes on where this one was.
public struct Machine: Sendable {
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
  /// The time of the present step.
  var now = Timestamp(milliseconds: 0)
  var people: Recipients
  /// Which person's link leads to an account.
  var holders: [String: PersonIndex] = [:]
  var remote = RemoteDirectory()
  /// Accounts that somebody holds and the newest full import lacks, by the address that they are believed to show: a list
  /// may leave out accounts that are not active.
  var unlisted: [String: RemoteAccount] = [:]
  var listing = Listing()
  var reconciliation = Reconciliation()
  var gate = TargetGate()
  var faults = FaultTally()
  /// The people whose calls failed lately, the next to try first.
  var suspects: [PersonIndex] = []
  /// How often a single call was let go while the circuit is open.
  var tries = 0
  var condition: TargetCondition
  /// How accounts are changed: PUT once TeamViewer refused PATCH.
  var update: UpdateMethod
  var pace: Pace
  var quotas: Quotas
  /// Who waits for each quota.
  var waiting: [QuotaIndex: Lanes] = [:]
  /// The quota that holds back a call about the target as a whole.
  var targetQuota: QuotaIndex?
  /// An operator's pause or a maintenance, as of the last input.
  var planned: DeliveryBlock?
  var lanes = Lanes()
  /// Whose parked delivery is due by its time, and waits for the ration.
  var overdue = Lanes()
  var retries = RetryRation()
  var timers = Heap<Timer>()
  var calls: [Int: Call] = [:]
  var lastCall = 0
  var ahead = WriteAhead()
  var isStopping = false
  /// People with something to deliver that is not set aside.
  public internal(set) var unsettled = 0
  /// People who are parked.
  public internal(set) var parked = 0
  var effects = Effects()

  /// Cycles that have not finished; nothing of theirs is delivered.
  var unfinished: Set<String>

  /// A machine that goes on from what the log says. `unfinished` names the cycles that have not finished, whether they
  /// still may or were cut off; `due` names who was parked before the last cycle finished, and is tried again; `seed` feeds
  /// the jitter of the backoff.
  public init(
    people: [Person], condition: TargetCondition, unfinished: Set<String> = [], due: Set<String> = [],
    settings: DeliverySettings, seed: UInt64
  ) {
    self.people = Recipients(people)
    self.unfinished = unfinished
    self.condition = condition
    self.settings = settings
    random = SeededGenerator(seed: seed)
    update = settings.update
    pace = Pace(limit: settings.concurrency)
    quotas = Quotas(settings.quotas, reservations: condition.reservations)
    for person in self.people.indices {
      self.people[person].awaitsCycle = isUnfinished(self.people[person].known)
      self.people[person].attempt.isDue = due.contains(self.people[person].known.alias)
      guard let account = self.people[person].known.account.believed else { continue }
      if let other = holders[account.id], !hasBetterClaim(person, than: other) { continue }
      holders[account.id] = person
      remote.show(account)
    }
  }

  /// Whose an account is of which a log says that two people have it: whose address it shows, else who came first.
  private func hasBetterClaim(_ person: PersonIndex, than other: PersonIndex) -> Bool {
    func isOwn(_ person: PersonIndex) -> Bool {
      let (account, desired) = (people[person].known.account.believed, people[person].known.desired)
      return account.map { Address.folded($0.userName) } == desired.map { Address.folded($0.userName) }
    }
    return isOwn(person) && !isOwn(other)
  }

  // MARK: Inputs

  /// The process has started: pauses are kept, a quarantine is probed, everything pending is queued.
  public mutating func start(at now: Timestamp) -> Effects {
    self.now = now
    gate.start(condition, breakerThreshold: settings.breakerThreshold, at: now)
    faults.start(condition)
    retries = RetryRation(tried: people.known.compactMap(\.account.parked).flatMap(settings.retries))
    for person in people.indices {
      if people[person].known.account.unanswered != nil { suspect(person) }
      settle(person)
      planReread(person)
      verifyLater(person)
      if let parked = people[person].known.account.parked { timers.insert(Timer(due: parked.retry, person: person)) }
      schedule(person)
    }
    planReconcile()
    return finish()
  }

  /// All that has arrived, in order. No call is handed out before the last of it is taken in: so none leaves after a
  /// pause, a hold or a newer decision that stands behind it.
  public mutating func take(_ inputs: [Input], at now: Timestamp) -> Effects {
    self.now = now
    for input in inputs {
      switch input {
      case .answer(let exchange, let call): answer(exchange, to: call)
      case .event(let logged): hear(logged)
      case .wake: break
      case .stop: isStopping = true
      }
    }
    return finish()
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

  private mutating func hear(_ logged: LoggedEvent) {
    switch (logged.stream, logged.payload) {
    case (.user(let alias), .subjectErased): drop(alias, logged)
    case (.user(let alias), let payload):
      let person = people.add(alias)
      let before = people[person].known.desired
      withdraw(person)
      people[person].known.evolve(logged)
      people[person].awaitsCycle = isUnfinished(people[person].known)
      if people[person].known.desired != before {
        forget(person)
        people[person].attempt.listsBefore = listing.sent
      }
      if case .deliveryRetried = payload { forget(person) }
      settle(person)
      release(person)
      planReread(person)
      schedule(person)
    case (.target, .quarantineLeft(let left)) where left.how == .released && condition.quarantine != nil:
      condition.evolve(logged)
      reopen()
    case (.target, .deliveryPaused), (.target, .deliveryResumed): condition.evolve(logged)
    case (.target, .targetResumed):
      condition.evolve(logged)
      gate.endPause()
    case (.target, .reconcileRequested(let request)): requested(request, logged)
    // A cycle's decisions are matched against a full import that is newer than they are.
    case (.cycle(let id), .cycleStarted):
      unfinished.insert(id)
      listing.isStale = true
      listing.short = nil
    case (.cycle(let id), .cycleFinished):
      finishCycle(id)
      if logged.actor == .cycles { break }
      for person in people.indices where people[person].known.account.parked != nil { retry(person) }
    default: break
    }
  }

  private func isUnfinished(_ person: Person) -> Bool { person.decisionCycle.map(unfinished.contains) == true }

  /// What a cycle decided counts from here on.
  private mutating func finishCycle(_ id: String) {
    unfinished.remove(id)
    for person in people.indices where people[person].awaitsCycle && !isUnfinished(people[person].known) {
      people[person].awaitsCycle = false
      settle(person)
      schedule(person)
    }
  }

  private mutating func answer(_ exchange: Exchange, to id: Int) {
    guard let call = calls.removeValue(forKey: id) else { return }
    let answer = Answer(exchange, to: call)
    pace(answer, call)
    if let person = person(of: call) {
      people[person].attempt.isCalling = false
      if call.purpose.isWrite { people[person].attempt.untoldRead = nil }
      let account = people[person].known.account
      people[person].attempt.answersCurrentDecision = account.unanswered.map { $0.decision >= account.wanted } ?? true
      if people[person].known.erasure == nil {
        answered(answer, call, person)
      } else {
        answeredTooLate(answer, call, person)
      }
      settle(person)
      release(person)
      readDisputedLater(person)
      if !people[person].attempt.isCalling { schedule(person) }
    } else {
      answeredForTarget(answer, call)
    }
    if case .response(let response) = exchange, response.status == 503, let wait = response.retryAfter {
      slowDown(wait, 503, call)
    }
  }

  // MARK: Common steps

  /// Records an event of a person and takes it over.
  mutating func record(_ person: PersonIndex, _ payload: EventPayload) {
    people[person].known.evolve(record(Event(.account(people[person].known.alias), payload)))
  }

  /// Records an event of the target as a whole and takes it over.
  mutating func record(_ payload: EventPayload) {
    condition.evolve(record(Event(.target, payload)))
  }

  private mutating func record(_ event: Event) -> LoggedEvent {
    effects.events.append(event)
    ahead.noteEvent()
    return LoggedEvent(event, position: 0, time: now, actor: .worker)
  }

  /// The person was erased: no call for them leaves any more, and whoever waits for them goes on.
  private mutating func drop(_ alias: String, _ erased: LoggedEvent) {
    guard let person = people.index(of: alias) else { return }
    discard(person)
    if let account = people[person].known.account.believed, holders[account.id] == person { holders[account.id] = nil }
    people[person].known.evolve(erased)
    forget(person)
    settle(person)
    release(person)
  }
}
