import Base
import CoreSupport
import DeliveryMachine
import HeapModule
import Provisioning
import SCIM
import TeamViewerModel

/// A company, its ledger, its operators and TeamViewer in one process and in virtual time; one seed decides everything
/// that happens.
///
/// What may fail, and where: every exchange with TeamViewer (all faults of `FaultPlan.Profile.passing`, 401 rarely,
/// disables that are answered and not carried out), TeamViewer's process, the worker's process at every step (before an
/// append, between the append and the sends, after any number of the sends, while calls are on their way), and the
/// worker's clock, which jumps both ways. The worker learns of what others append some time later, and takes what arrives
/// while it is busy in one go. The log itself is durable.
struct World {
  /// What the worker hears of.
  enum Input {
    case answer(Call, Exchange)
    case event(Event, position: Int64)
    case wake
  }

  enum Happening {
    /// Something for a process of the worker; what was meant for an earlier one is lost.
    case input(Input, process: Int)
    /// The worker is no longer busy.
    case turn(process: Int)
    /// The log has what the worker gave it.
    case appended(process: Int)
    case start
    case kill
    case day(Int)
    case act(Act)
    case restartOfTeamViewer
    /// The rest of a cycle that is appended in pieces.
    case piece([Event], cycle: String)
    case jump(skew: Int64)
  }

  private struct Entry: Comparable {
    var due: Timestamp
    var order: Int
    var happening: Happening
    static func < (left: Entry, right: Entry) -> Bool { (left.due, left.order) < (right.due, right.order) }
    static func == (left: Entry, right: Entry) -> Bool { left.order == right.order }
  }

  static let beginning = Timestamp(milliseconds: 1_767_225_600_000)
  static let day = Duration.seconds(86_400)

  let life: Life
  let settings: DeliverySettings
  let mutation: Mutation?
  var random: SeededGenerator
  /// The directory that the world's own cycles read; nil where somebody else runs them.
  var directory: SimulatedDirectory?
  var target: SimulatedTeamViewer
  var lastPreloaded = "u1000000"

  /// True time.
  var now = World.beginning
  /// How far the worker's clock is off, in milliseconds.
  var skew: Int64 = 0
  /// What the worker's clock shows.
  var clock: Timestamp { now + .milliseconds(skew) }
  /// True once faults, crashes and operators have come to an end.
  var isCalm = false
  private var agenda = Heap<Entry>()
  private var order = 0

  // The log, and what follows from it.
  var log: [Event] = []
  var people: [String: Person] = [:]
  var condition = TargetCondition()
  var cycles = 0
  /// The cycles that have not finished: the last may still be under way, the others were cut off.
  var unfinished: Set<String> = []

  // The worker.
  var machine: SpoiltMachine?
  var process = 0
  var inbox: [Input] = []
  var busyUntil = World.beginning
  var outbox = Outbox()
  /// The events of the append under way.
  var appending: [Event] = []
  var isTurnPlanned = false
  var wakeAt: Timestamp?
  /// What others have appended and the worker has not been told yet.
  var unheard: [Event] = []
  /// When it is told of the last of that; the log is followed in order.
  private var heardAt = World.beginning
  var watch = CallWatch()
  var quotas: [QuotaWatch] = []
  /// When the newest address of each account was confirmed, and when the worker heard last of each person's account.
  var confirmed: [String: Timestamp] = [:]
  var heardOf: [String: Timestamp] = [:]
  /// When the worker was told of each person's newest decision, and when it gave each call.
  var toldOf: [String: Timestamp] = [:]
  var given: [Int: Timestamp] = [:]
  /// When the worker's clock showed the newest pause, and its newest probe.
  var pausedAt = World.beginning
  var probedAt = World.beginning
  /// True once the worker has found that the pause is over before its time; the log may not have it yet.
  var isResumed = false
  /// The accounts that TeamViewer says it has disabled, and has not.
  var lied: Set<String> = []
  /// The accounts that are nobody's any more since another account with the address is active.
  var left: Set<String> = []
  /// The accounts that were anybody's at any time.
  var linkedEver: Set<String> = []
  /// The accounts that somebody made in TeamViewer's console.
  var remade: Set<String> = []
  /// The accounts that somebody changed in TeamViewer's console.
  var edited: Set<String> = []

  /// A life of so many days in a company of at most so many people; `change` gives it a certain turn.
  init(
    seed: UInt64, days: Int = 60, most: Int = 500, mutation: Mutation? = nil, change: (inout Life) -> Void = { _ in }
  ) {
    var random = SeededGenerator(seed: seed)
    var life = Life(&random, from: World.beginning, days: days, most: most)
    change(&life)
    let directory = SimulatedDirectory(people: life.people, seed: random.next())
    let old = directory.people.prefix(life.people / 20).map { (address: $0.address, name: $0.name) }
    self.init(life: life, old: old, random: random, mutation: mutation)
    self.directory = directory
  }

  /// A life whose cycles somebody else runs; a few of those who are to have accounts had one before.
  init(life: Life, old: [(address: String, name: String)], random: SeededGenerator, mutation: Mutation? = nil) {
    self.random = random
    self.life = life
    settings = life.settings
    quotas = life.settings.quotas.map { QuotaWatch($0) }
    self.mutation = mutation
    var random = random
    var model = TeamViewerService(settings: TeamViewerService.Settings(tokens: [TeamViewerService.Token("t")]))
    model.settings.draw(&random)
    for person in old {
      // Nobody could find an inactive one that lists leave out.
      let isActive = random.chance(0.7) || model.settings.hidesInactive
      let id = model.addAccount(person.address.uppercased(), name: "Old \(person.name)", active: isActive)
      lastPreloaded = id ?? lastPreloaded
    }
    var plan = FaultPlan(seed: random.next(), profile: life.faults)
    // An account that lists leave out, and that is not known by its id either, is gone for everybody.
    if model.settings.hidesInactive { plan.profile.weights[.notFound] = nil }
    plan.outages = life.outages.map { FaultPlan.Outage(from: $0.start, to: $0.end) }
    target = SimulatedTeamViewer(model: model, plan: plan, latency: 5...400)
    self.random = random
  }

  // MARK: The course of a life

  mutating func run() throws {
    try begin()
    try live(until: now + Self.day * life.days)
    try settle()
    // What became due with the last moment is still on its way to the log.
    try live(until: now + .seconds(60))
    try checkEnd(present())
  }

  /// Plans what is known beforehand, and starts the worker.
  mutating func begin() throws {
    for day in 0..<life.days { plan(.day(day), at: now + Self.day * day) }
    for outage in life.outages { plan(.restartOfTeamViewer, at: outage.end) }
    for jump in life.jumps { plan(.jump(skew: jump.skew), at: jump.moment) }
    try start()
  }

  mutating func live(until end: Timestamp) throws {
    while let next = agenda.min, next.due <= end {
      agenda.removeMin()
      now = max(now, next.due)
      switch next.happening {
      case .input(let input, let process) where process == self.process:
        inbox.append(input)
        try turn()
      case .turn(let process) where process == self.process:
        isTurnPlanned = false
        try turn()
      case .appended(let process) where process == self.process: try appended()
      case .input, .turn, .appended: break
      case .start: if machine == nil { try start() }
      case .kill: if machine != nil, !isCalm { crash() }
      case .day(let number): try liveDay(number)
      case .act(let act): try carryOut(act)
      case .restartOfTeamViewer: try restartTeamViewer()
      case .piece(let events, let cycle): finishCycle(events, cycle)
      case .jump(let skew): self.skew = isCalm ? 0 : skew
      }
    }
    now = end
  }

  private mutating func liveDay(_ number: Int) throws {
    if number > 0 { directory?.live() }
    confirmAddresses(probability: life.confirmation)
    for _ in 0..<(life.operatorActs > 0 ? random.number(in: 0...life.operatorActs) : 0) {
      plan(.act(Act.ofOperators.randomElement(using: &random) ?? .retry), at: now + sometime(86_400))
    }
    if life.crashes > 0.005 {
      for _ in 0..<random.number(in: 0...2) { plan(.kill, at: now + sometime(random.chance(0.5) ? 60 : 86_400)) }
    }
    for _ in 0..<(life.edits > 0 ? random.number(in: 0...life.edits) : 0) {
      plan(.act(.edit), at: now + sometime(86_400))
    }
    for _ in 0..<(life.remakes > 0 ? random.number(in: 0...life.remakes) : 0) {
      plan(.act(.remake), at: now + sometime(86_400))
    }
    cycle()
  }

  /// The faults end.
  mutating func calmDown() {
    isCalm = true
    skew = 0
    target.plan.profile = .none
    target.plan.outages = []
    target.model.settings.rateLimit = nil
  }

  /// Addresses are confirmed, operators let go, and the worker gets as long as it wants.
  private mutating func settle() throws {
    calmDown()
    for round in 0..<40 where round < 6 || machine?.isIdle != true || isConfirmationDue {
      confirmAddresses(probability: 1)
      letGo()
      if machine == nil || machine?.isQuarantined == true { try start() }
      cycle()
      try live(until: now + Self.day)
    }
  }

  var isConfirmationDue: Bool { target.model.users.contains { $0.pendingEmail != nil } }

  // MARK: Time and the log

  mutating func plan(_ happening: Happening, at due: Timestamp) {
    order += 1
    agenda.insert(Entry(due: due, order: order, happening: happening))
  }

  /// A span of up to a number of seconds.
  mutating func sometime(_ seconds: Int64) -> Duration { .milliseconds(random.number(in: 0...(seconds * 1000))) }

  mutating func append(_ event: Event) {
    log.append(event)
    if case .targetPaused = event.payload { (pausedAt, isResumed) = (clock, false) }
    if case .unlinked(let unlinked) = event.payload, unlinked.reason == .otherIsActive, let id = unlinked.id {
      left.insert(id)
    }
    if case .linked(let linked) = event.payload, let id = linked.account?.id { linkedEver.insert(id) }
    if let subject = event.subject {
      people[subject, default: Person(alias: subject)].evolve(.told(event, at: Int64(log.count)))
    } else if event.stream == .target {
      condition.evolve(.told(event, at: Int64(log.count)))
    }
  }

  /// Somebody other than the worker appends events, all at once; the worker hears of them a little later.
  mutating func announce(_ events: [Event]) {
    let due = max(heardAt, now + (random.chance(0.5) ? .zero : sometime(3)))
    heardAt = due
    for event in events {
      append(event)
      guard machine != nil else { continue }
      unheard.append(event)
      plan(.input(.event(event, position: Int64(log.count)), process: process), at: due)
    }
  }
}
