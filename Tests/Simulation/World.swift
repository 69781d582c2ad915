import DeliveryMachine
import HeapModule
import JSON
import Provisioning
import SCIM
import TeamViewerModel

/// A company, its ledger and TeamViewer in one process and in virtual time; one seed decides everything that happens.
///
/// What may fail, and where: every exchange with TeamViewer (all faults of `FaultPlan.Profile.passing`, 401 and 403
/// rarely), outages of hours, and the worker's process at every step: before an append, between the append and the
/// sends, after any number of the sends, and while calls are on their way. The log itself is durable.
struct World {
  struct Problem: Error, CustomStringConvertible {
    var description: String
  }

  private enum Happening {
    case answer(call: Int, exchange: Exchange)
    case wake
    case restart
    case day(Int)
  }

  private struct Entry: Comparable {
    var due: Timestamp
    var order: Int
    var happening: Happening
    /// The process that this is for; what was meant for an earlier one is lost.
    var process: Int?
    static func < (left: Entry, right: Entry) -> Bool { (left.due, left.order) < (right.due, right.order) }
    static func == (left: Entry, right: Entry) -> Bool { left.order == right.order }
  }

  static let days = 30
  private static let day = Duration.seconds(86_400)

  var random: SeededGenerator
  var directory: SimulatedDirectory
  var target: SimulatedTeamViewer
  var log: [Event] = []
  var people: [String: Person] = [:]
  var condition = TargetCondition()
  var machine: DeliveryMachine?
  var now = Timestamp(milliseconds: 1_767_225_600_000)
  private let settings: DeliverySettings
  private let policy = CyclePolicy(safeguard: SafeguardLimits(minimum: 1_000))
  private var agenda = Heap<Entry>()
  private var order = 0
  private var process = 0
  private var cycles = 0
  private let crashes: Double
  private var isCalm = false
  private var wakeAt: Timestamp?
  private var lastPreloaded = "u1000000"

  init(seed: UInt64, people count: Int, settings: DeliverySettings = DeliverySettings()) {
    random = SeededGenerator(seed: seed)
    self.settings = settings
    directory = SimulatedDirectory(people: count, seed: random.next())
    var model = TeamViewerModel(settings: TeamViewerModel.Settings(tokens: [TeamViewerModel.Token("t")]))
    model.settings.draw(&random)
    for person in directory.people.prefix(count / 20) {
      let id = model.addAccount(person.address.uppercased(), name: "Old \(person.name)", active: random.chance(0.7))
      lastPreloaded = id ?? lastPreloaded
    }
    var profile = FaultPlan.Profile.passing(probability: Double(random.number(in: 0...30)) / 100)
    profile.weights[.unauthorized] = random.chance(0.2) ? 1 : 0
    profile.delays = 50...90_000
    var plan = FaultPlan(seed: random.next(), profile: profile)
    for _ in 0..<random.number(in: 0...3) {
      let start = now + .seconds(random.number(in: 0...(Int64(Self.days) * 86_400)))
      plan.outages.append(FaultPlan.Outage(from: start, to: start + .seconds(random.number(in: 60...30_000))))
    }
    target = SimulatedTeamViewer(model: model, plan: plan, latency: 5...400)
    crashes = Double(random.number(in: 0...20)) / 1000
  }

  // MARK: The course of a life

  mutating func run() throws {
    for day in 0..<Self.days { plan(.day(day), at: now + Self.day * day) }
    start()
    try live(until: now + Self.day * Self.days)
    try settle()
    try check()
  }

  private mutating func live(until end: Timestamp) throws {
    while let next = agenda.min, next.due <= end {
      agenda.removeMin()
      now = max(now, next.due)
      if let process = next.process, process != self.process { continue }
      switch next.happening {
      case .day(let number): try liveDay(number)
      case .restart: start()
      case .wake:
        wakeAt = nil
        try step { machine, now in machine.wake(at: now) }
      case .answer(let call, let exchange):
        try step { machine, now in machine.receive(exchange, for: call, at: now) }
      }
    }
    now = end
  }

  private mutating func liveDay(_ number: Int) throws {
    if number > 0 { directory.live() }
    if random.chance(0.3) {
      for user in target.model.users where user.pendingEmail != nil { _ = target.model.confirmEmail(user.id, now: now) }
    }
    try cycle()
  }

  /// The faults end, addresses are confirmed, and the worker gets as long as it wants.
  private mutating func settle() throws {
    isCalm = true
    target.plan.profile = .none
    target.model.settings.rateLimit = nil
    target.plan.outages = []
    for _ in 0..<6 {
      for user in target.model.users where user.pendingEmail != nil { _ = target.model.confirmEmail(user.id, now: now) }
      if machine == nil || machine?.isQuarantined == true { start() }
      try cycle()
      try live(until: now + Self.day)
    }
  }

  private mutating func cycle() throws {
    cycles += 1
    let everybody = people.values.sorted { $0.alias < $1.alias }
    var cycle = Cycle(id: "c\(cycles)", policy: policy, people: everybody)
    let outcome = cycle.run(directory.reading(), safeguard: "s\(cycles)") { "p-\($0)" }
    for event in outcome.events {
      append(event)
      let position = Int64(log.count)
      try step { machine, now in machine.observe(event, at: position, now: now) }
    }
  }

  // MARK: The worker's process

  private mutating func start() {
    process += 1
    wakeAt = nil
    let everybody = people.values.sorted { $0.alias < $1.alias }
    var machine = DeliveryMachine(people: everybody, condition: condition, settings: settings, seed: random.next())
    let effects = machine.start(at: now)
    self.machine = machine
    try? carryOut(effects)
  }

  private mutating func crash() {
    process += 1
    machine = nil
    plan(.restart, at: now + .milliseconds(random.number(in: 0...600_000)))
  }

  private mutating func step(_ body: (inout DeliveryMachine, Timestamp) -> DeliveryMachine.Effects) throws {
    guard machine != nil, var running = machine else { return }
    machine = nil
    let effects = body(&running, now)
    machine = running
    try carryOut(effects)
  }

  private mutating func mayCrash() -> Bool { !isCalm && random.chance(crashes) }

  private mutating func carryOut(_ effects: DeliveryMachine.Effects) throws {
    if !effects.events.isEmpty || !effects.calls.isEmpty {
      if mayCrash() { return crash() }
      for event in effects.events { append(event) }
      for call in effects.calls {
        if mayCrash() { return crash() }
        try send(call)
      }
    }
    guard let machine else { return }
    if machine.isQuarantined {
      self.machine = nil
      process += 1
      return plan(.restart, at: now + .seconds(3600))
    }
    if let moment = machine.nextWake, wakeAt.map({ moment < $0 }) ?? true {
      wakeAt = moment
      plan(.wake, at: max(moment, now), process: process)
    }
  }

  private mutating func send(_ call: Call) throws {
    if let pause = condition.pause, pause.until > now {
      throw Problem(description: "a call leaves during a pause: \(call.operation)")
    }
    try checkUse(of: call)
    let (exchange, latency) = target.exchange(call.request, token: "t", now: now)
    plan(.answer(call: call.id, exchange: exchange), at: now + .milliseconds(latency), process: process)
  }

  private mutating func plan(_ happening: Happening, at due: Timestamp, process: Int? = nil) {
    order += 1
    agenda.insert(Entry(due: due, order: order, happening: happening, process: process))
  }

  private mutating func append(_ event: Event) {
    log.append(event)
    if let subject = event.subject {
      people[subject, default: Person(alias: subject)].evolve(event.payload, at: Int64(log.count))
    } else if event.stream == .target {
      condition.evolve(event.payload)
    }
  }

  // MARK: What must hold

  /// No write for what TeamViewer has already, and none that carries an older decision than one before it.
  private func checkUse(of call: Call) throws {
    guard call.purpose.isWrite, let alias = call.person, let person = people[alias] else { return }
    guard let started = person.account.unanswered else {
      throw Problem(description: "a write leaves before its start is in the log: \(call.operation) for \(alias)")
    }
    if started.decision != person.decisionPosition {
      throw Problem(description: "a write carries an older decision: \(call.operation) for \(alias)")
    }
    guard call.purpose == .change, let id = call.request.path.split(separator: "/").last.map(String.init),
      let user = target.model.user(id: id)
    else { return }
    let sent = SentAttributes(call.request.body)
    let isIdle =
      sent.active.map { $0 == user.active } ?? true && sent.displayName.map { $0 == user.name } ?? true
      && sent.userName.map { $0 == user.email && user.pendingEmail == nil } ?? true
    if isIdle { throw Problem(description: "a write changes nothing: \(sent) for \(alias)") }
  }

  /// Directory and TeamViewer agree, nobody has two accounts, and nothing is left to do.
  private func check() throws {
    var wanted: [String: SimulatedDirectory.Person] = [:]
    for person in directory.people where person.isActive { wanted[person.address] = person }
    for (address, person) in wanted where !isOccupied(address, person) {
      guard let user = target.model.user(email: address) else {
        throw Problem(description: "\(address) has no account; \(story(of: person))")
      }
      guard user.active, user.name == person.name else {
        throw Problem(description: "\(address) has active \(user.active), name \(user.name); \(story(of: person))")
      }
    }
    // Whoever waits for an occupied address keeps the old one.
    let waiting = people.values.filter {
      $0.isActiveInSource && ($0.account.isAbandoned || $0.account.parked?.reason == .entryConflict)
    }
    let kept = Set(waiting.compactMap { $0.account.believed?.id })
    for user in target.model.users
    where user.active && wanted[user.email.lowercased()] == nil && !kept.contains(user.id) {
      throw Problem(description: "\(user.email) (\(user.id)) is active, and nobody in the directory has that address")
    }
    let linked = Set(people.values.compactMap { $0.account.believed?.id })
    for user in target.model.users where user.id > lastPreloaded && !linked.contains(user.id) {
      throw Problem(description: "\(user.email) (\(user.id)) was created, and belongs to nobody: one create too many")
    }
    if let problem = target.model.check().first { throw Problem(description: problem) }
    guard let machine, machine.isIdle else { throw Problem(description: "the worker is not idle at the end") }
    for person in people.values.sorted(by: { $0.alias < $1.alias }) {
      if person.isPending, person.account.parked?.reason != .entryConflict, !person.account.isAbandoned {
        throw Problem(description: "\(person.alias) is pending at the end: \(person.account)")
      }
      if let desired = person.desired, !desired.active, !person.account.isVerified, person.account.believed != nil {
        throw Problem(description: "\(person.alias) left and is not verified")
      }
      if machine.allPeople.first(where: { $0.alias == person.alias })?.account != person.account {
        throw Problem(description: "the machine's view of \(person.alias) is not what the log says")
      }
    }
  }

  /// An address that an account shows which is nobody's, or of somebody who is no longer active, is not taken from it:
  /// whoever has an account of their own and needs it is parked until somebody frees it (design: who owns an account).
  private func isOccupied(_ address: String, _ person: SimulatedDirectory.Person) -> Bool {
    guard let account = people["p-\(person.id)"]?.account,
      account.parked?.reason == .entryConflict || account.isAbandoned, let user = target.model.user(email: address)
    else { return false }
    return !people.values.contains { $0.isActiveInSource && $0.account.believed?.id == user.id }
  }

  private func story(of person: SimulatedDirectory.Person) -> String {
    let alias = "p-\(person.id)"
    let events = log.filter { $0.subject == alias }.map { "\($0.payload)" }
    let holders = people.values.filter {
      $0.alias != alias && $0.account.userName.map(Address.folded) == person.address
    }
    return (events.suffix(8) + holders.map { "held by \($0)" }).joined(separator: "\n    ")
  }
}
