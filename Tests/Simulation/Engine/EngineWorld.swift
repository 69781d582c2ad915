import Base
import DeliveryMachine
import EventLog
import GraphModel
import Ledger
import Operations
import Provisioning
import Sealing
import TeamViewerModel
import Views

/// The engine in virtual time: a company that lives in its tenant, cycles that read it and decide into a real ledger, and
/// the world that delivers. One seed decides everything that happens.
///
/// What runs is what `serve` runs: reading Graph, the mark in the log, the decisions, the log in its file. In between stand
/// the other sides, time, and chance. What may fail: every call of Graph (throttled, late, cut off, refused, answered by
/// half), its links, which end; the process at every append of a cycle; all that the world lets fail.
final class EngineWorld {
  let seed: UInt64
  let life: EngineLife
  let mutation: EngineMutation?
  let side: GraphSide
  let place: EngineLedger
  var world: World
  var random: SeededGenerator
  /// The rules that count, and those that the ledger was given.
  var rules = Rules()
  var ledger: OpenLedger
  /// How many events of the world the ledger has.
  var appended = 0
  /// True once any cycle has finished.
  var hasFinished = false
  /// What a spoilt engine remembers and must not.
  let memory = SpoiltMemory()
  /// What happened to the cycles, for whoever looks into a seed.
  var story: [String] = []
  /// The cycles that ended with a fault, and that died.
  var (failures, deaths) = (0, 0)

  /// A life of so many days in a company of so many people, with what a mutation is seen by where one is favoured.
  init(
    seed: UInt64, days: Int, people: ClosedRange<Double>, mutation: EngineMutation? = nil,
    favouring favoured: EngineMutation? = nil, change: (inout EngineLife, inout Life) -> Void = { _, _ in }
  ) throws {
    var random = SeededGenerator(seed: seed ^ 0x65_6E67_696E_65)
    var life = EngineLife(&random, days: days, people: people)
    if random.chance(0.5) { rules = Rules(&random) }
    favoured?.favour(&life, &rules)
    var target = Life(&random, from: World.beginning, days: days, most: 500, people: life.people)
    // An operator's way through a clock that jumps is the worker's matter.
    target.jumps = []
    change(&life, &target)
    let company = CompanyLife(seed: random.next(), people: life.people)
    let old = company.company.people.prefix(life.people / 20).map {
      (address: Address.ofGuest($0.userPrincipalName), name: $0.displayName)
    }
    side = GraphSide(life, company: company, seed: random.next())
    world = World(life: target, old: old, random: SeededGenerator(seed: random.next()))
    let side = side
    place = try EngineLedger(mutation.text(of: rules), clock: { side.now })
    ledger = try place.open()
    (self.seed, self.life, self.mutation, self.random) = (seed, life, mutation, random)
  }

  // MARK: The course of a life

  /// Lives to the end, and checks what stands there.
  func run() async throws {
    try await RandomWords.$repeating.withValue(RandomWords(seed: seed)) {
      try mirror()
      try world.begin()
      try await live()
      try await settle()
      try checkEnd()
    }
  }

  private func live() async throws {
    let end = World.beginning + World.day * life.days
    var turns = life.turns[...]
    var cycle = World.beginning
    while true {
      let moment = min(cycle, turns.first?.moment ?? end)
      if moment >= end { break }
      try await reach(moment)
      if let turn = turns.first, turn.moment <= cycle {
        turns.removeFirst()
        try await take(turn.turn)
        continue
      }
      let isDone = try await self.cycle(.usual)
      // What fails is tried again sooner.
      let pause = isDone ? life.hours * 3600 : 3600
      cycle = max(moment, side.now) + .seconds(pause + random.number(in: 0...(pause / 20)))
      if isDone, random.chance(life.looks) {
        try await reach(side.now + .seconds(random.number(in: 300...(life.hours * 3000))))
        _ = try await self.cycle(.leavers)
      }
      if life.days > 100 { side.forget(before: side.now + World.day * -9) }
    }
    try await reach(end)
  }

  /// The worker, and the company, live until a moment.
  private func reach(_ moment: Timestamp) async throws {
    let moment = max(moment, side.now)
    if moment > world.now { try world.live(until: moment) }
    side.pass(to: moment)
  }

  /// The faults end, and everybody gets as long as they want; after lies an operator has everybody read.
  private func settle() async throws {
    side.calmDown()
    world.calmDown()
    for round in 0..<40 where round < 5 || world.machine?.isIdle != true || world.isConfirmationDue {
      world.confirmAddresses(probability: 1)
      world.letGo()
      if world.machine == nil || world.machine?.isQuarantined == true { try world.start() }
      guard try await cycle(round == 0 && life.hasLies ? .whole : .usual) else {
        throw Problem(.pending, "a cycle fails although nothing is wrong: \(story.last ?? "")")
      }
      try await reach(side.now + World.day)
    }
    try await reach(side.now + .seconds(60))
  }

  // MARK: The log

  /// The ledger gets what the worker and the operators said since the last time.
  func flush() async throws {
    let events = Array(world.log[appended...])
    for start in stride(from: 0, to: events.count, by: 2000) {
      try await ledger.append(Array(events[start..<min(start + 2000, events.count)]), actor: .worker)
    }
    appended = world.log.count
    guard try ledger.log.lastPosition() == Int64(appended) else {
      throw Problem(.log, "the ledger and the world have not the same number of events")
    }
  }

  /// The world gets what a cycle, or an operator, appended.
  func mirror() throws {
    var events: [Event] = []
    while true {
      let page = try ledger.log.read(from: Int64(appended + events.count + 1))
      if page.isEmpty { break }
      events += try ledger.codec.decode(page).map(\.event)
    }
    for event in events {
      guard case .cycle(let id) = event.stream else { continue }
      switch event.payload {
      case .cycleStarted: world.unfinished.insert(id)
      case .cycleFinished:
        world.unfinished.remove(id)
        hasFinished = true
      default: break
      }
    }
    world.announce(events)
    appended = world.log.count
  }
}
