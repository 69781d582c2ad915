import Base
import CoreSupport
import Provisioning
import SCIM
import Testing

@testable import DeliveryMachine

@Suite("Quotas")
struct QuotaTests {
  private static let day = Duration.seconds(86_400)

  /// A life with quotas drawn from a seed: calls, crashes at any point, people who come and leave; all calls that left.
  private func life(_ seed: UInt64) -> (play: Play, settings: DeliverySettings) {
    var random = SeededGenerator(seed: seed)
    var settings = DeliverySettings()
    settings.concurrency = Int(random.number(in: 1...16))
    settings.quotas = (0..<Int(random.number(in: 1...3))).map { place in
      let operation = random.chance(0.4) ? nil : Quota.operations[Int(random.number(in: 0...4))]
      let window = Duration.milliseconds(random.number(in: 500...7_200_000))
      return Quota(name: "q\(place)", operation: operation, limit: Int(random.number(in: 1...150)), window: window)
    }
    let people = (1...60).map { Person.number($0, isLinked: $0 % 3 == 0) }
    var play = Play(people, settings: settings, seed: seed)
    play.target.accounts = people.compactMap(\.account.believed)
    play.latency = 5...3_000
    var fate = SeededGenerator(seed: seed &+ 1)
    play.meddle = { target, call in
      guard fate.chance(0.05) else { return nil }
      if fate.chance(0.5) { _ = target.answer(call.request) }
      return .failed(.timeout)
    }
    play.start()
    let crashes = Double(random.number(in: 0...10)) / 100
    for _ in 0..<40_000 where !play.machine.isIdle {
      if random.chance(crashes) { play.start() } else { play.step() }
      if random.chance(0.01) { play.observe(.leaves(Int(random.number(in: 1...60)))) }
    }
    return (play, settings)
  }

  @Test("no window of time ever holds more calls than its quota, whenever the process dies", arguments: 1...24)
  func neverExceeded(seed: Int) {
    let (play, settings) = life(UInt64(seed))
    for quota in settings.quotas {
      let times = play.sent.filter { quota.covers($0.operation) }.map(\.sent)
      for (place, time) in times.enumerated().dropFirst(quota.limit) {
        let before = times[place - quota.limit]
        #expect(time - before >= quota.window, "\(quota): call \(place) at \(time)")
      }
    }
    #expect(play.machine.isIdle)
    #expect(play.people.values.allSatisfy { !$0.isPending })
    #expect(play.target.idleWrites == 0)
  }

  @Test(
    "the blocks that the log's condition keeps are all that count",
    arguments: [1, 40, 399, 400, 401, 5_000, 100_000])
  func reservations(limit: Int) {
    let quota = Quota(name: "q", limit: limit, window: Self.day)
    var random = SeededGenerator(seed: UInt64(limit))
    var condition = TargetCondition()
    var blocks: [QuotaReserved] = []
    var quotas = Quotas([quota], reservations: [])
    var now = Timestamp(milliseconds: 1_767_225_600_000)
    let end = now + Self.day * 2
    while now < end {
      if random.chance(0.001) { quotas = Quotas([quota], reservations: condition.reservations) }
      let demand = random.chance(0.5) ? 1 : Int(random.number(in: 1...Int64(limit)))
      switch quotas.take("GET /Users", demand: demand, now: now) {
      case .taken(let taken):
        for block in taken {
          blocks.append(block)
          condition.evolve(.quotaReserved(block))
          let counting = blocks.filter { $0.expires + quota.window > now }
          #expect(counting.map(\.count).reduce(0, +) <= limit)
          #expect(counting.allSatisfy(condition.reservations.contains))
          blocks = counting
        }
        now = now + .milliseconds(random.number(in: 0...400_000))
      case .blocked(_, let until):
        #expect(until > now)
        now = until
      }
    }
  }

  @Test("a quota of one kind of call holds back only that kind")
  func oneKind() {
    var settings = DeliverySettings()
    settings.quotas = [Quota(name: "creates", operation: "POST /Users", limit: 10, window: Self.day)]
    let people = (1...100).map { Person.number($0, isLinked: $0 > 50) }
    var play = Play(people, settings: settings)
    play.target.accounts = people.compactMap(\.account.believed)
    play.start()
    while play.machine.callsUnderWay > 0 { play.step() }
    #expect(play.target.creates == 10)
    #expect(play.people.values.filter { !$0.isPending }.count == 60)
    #expect(play.machine.closed?.reason == .quota && play.machine.closed?.quota == "creates")
    #expect(play.machine.closed?.until == play.machine.nextWake)
    // Somebody who has yet to be created is not created any more; the quota does not hold that back.
    play.observe(.leaves(50))
    #expect(play.people["p50"]?.isPending == false)
    play.pass(Self.day * 5)
    #expect(play.target.creates == 49)
    #expect(play.machine.isIdle)
  }

  @Test("when a quota has room again, leavers come first")
  func leaversFirst() {
    var settings = DeliverySettings()
    settings.quotas = [Quota(name: "all", limit: 5, window: .seconds(60))]
    let people = (1...40).map { Person.number($0, isLinked: $0 == 40) }
    var play = Play(people, settings: settings)
    play.target.accounts = people.compactMap(\.account.believed)
    play.start()
    while play.machine.callsUnderWay > 0 { play.step() }
    let sent = play.sent.count
    #expect(sent == 5)
    play.observe(.leaves(40))
    while play.sent.count == sent { play.step() }
    #expect(play.sent[sent].person == "p40")
  }

  @Test("reads count too, and a full read waits for its quota")
  func reads() {
    var settings = DeliverySettings()
    settings.quotas = [Quota(name: "reads", operation: "GET /Users", limit: 1, window: .seconds(600))]
    var play = Play([.number(1)], settings: settings)
    play.start()
    play.start()
    #expect(play.sent.count == 1 && play.machine.callsUnderWay == 0)
    #expect(play.machine.closed?.quota == "reads")
    #expect(play.machine.nextWake == play.now + .seconds(612))
    play.run()
    #expect(play.target.creates == 1)
  }

  @Test("with a probe held back by a quota, a refused write is not tried again before the probe")
  func probeWaits() {
    var settings = DeliverySettings()
    settings.quotas = [Quota(name: "reads", operation: "GET /Users", limit: 1, window: .seconds(600))]
    var play = Play([.number(1, isLinked: true), .number(2)], settings: settings)
    play.target.accounts = [Person.number(1, isLinked: true)].compactMap(\.account.believed)
    play.meddle = { _, call in call.purpose == .change ? .status(403) : nil }
    play.start()
    while play.machine.callsUnderWay > 0 { play.step() }
    #expect(play.sent.filter { $0.purpose == .change }.count == 1)
    play.run()
    #expect(play.sent.filter { $0.purpose == .change }.count == 1)
    #expect(play.people["p1"]?.account.parked?.reason == .insufficientRights)
  }
}
