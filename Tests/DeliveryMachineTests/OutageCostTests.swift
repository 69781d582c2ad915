import Base
import CoreSupport
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import Testing

/// How much an outage costs: the log grows by how long it lasts, not by how often TeamViewer fails.
@Suite("The cost of outages")
struct OutageCostTests {
  /// What TeamViewer answers to every call, or nil for its ordinary answer.
  typealias Meddle = (inout SmallTeamViewer, Call) -> Exchange?

  private static let people = 200
  /// An entry has some 450 bytes besides its payload; with its place in the index and the tree it takes some 700.
  private static let overhead = 700

  /// So many people of whom each has something to be done, the first a leaver.
  private static func play(_ meddle: @escaping Meddle) -> Play {
    var play = Play((1...people).map { .number($0, active: $0 > 1, isLinked: $0 <= people / 2) }, seed: 7)
    play.target.accounts = (1...people / 2).map {
      RemoteAccount(id: "u\($0)", userName: "p\($0)@contoso.com", displayName: "Old \($0)", active: true)
    }
    play.meddle = meddle
    return play
  }

  private static func bytes(_ events: some Sequence<Event>) -> Int {
    events.map { event in
      let fields = event.payload.value.fields
      return overhead + JSONValue.object(fields.clear).text.utf8.count + JSONValue.object(fields.sealed).text.utf8.count
    }.reduce(0, +)
  }

  enum Outage: String, CaseIterable {
    case unavailable, refusedConnection, page, writesFail, createsFail, everyStatus, pace, paceForWrites, paceForHours
    case token, tokenForWrites, empty, shortList, now503AndThen
  }

  private static func meddle(_ outage: Outage) -> Meddle {
    var count = 0
    return { _, call in
      count += 1
      let isWrite = call.purpose.isWrite
      switch outage {
      case .unavailable: return .status(503)
      case .refusedConnection: return .failed(.refused)
      case .page: return .html
      case .writesFail: return isWrite ? .status(500) : nil
      case .createsFail: return call.purpose == .create ? .status(502) : nil
      case .everyStatus: return .status(500 + count % 100)
      case .pace: return .status(429, headers: ["retry-after": "0"])
      case .paceForWrites: return isWrite ? .status(429, headers: ["retry-after": "1"]) : nil
      case .paceForHours: return .status(429, headers: ["retry-after": "900"])
      case .token: return .status(401)
      case .tokenForWrites: return isWrite ? .status(401) : nil
      case .empty: return .status(200)
      case .shortList:
        return call.purpose == .list ? .status(200, ListResponse(totalResults: 999, resources: []).json) : nil
      case .now503AndThen: return isWrite || count % 4 != 0 ? .status(503) : nil
      }
    }
  }

  /// What comes at the beginning, once for each person, is not counted; and who is parked is given up after 28 days.
  @Test("an outage of whatever kind costs at most 12 MB a year", arguments: Outage.allCases)
  func bound(outage: Outage) {
    var play = Self.play(Self.meddle(outage))
    play.start()
    play.pass(.seconds(2 * 86_400))
    let (before, days) = (play.events.count, 2)
    for hour in 1...(24 * days) {
      // Who is in quarantine ends, and is started again by a timer: each hour, or once a day if reads go well.
      if play.machine.isQuarantined, outage != .tokenForWrites || hour.isMultiple(of: 24) { play.start() }
      play.pass(.seconds(3600))
    }
    let events = play.events[before...]
    let parked = events.filter { if case .deliveryParked = $0.payload { true } else { false } }
    let others = Self.bytes(events) - Self.bytes(parked)
    let year = others * 365 / days + Self.bytes(parked) * 28 / days
    let kinds = Dictionary(events.map { ($0.payload.type, 1) }, uniquingKeysWith: +)
    #expect(year <= 12_000_000, "\(year) bytes: \(kinds)")
  }

  enum Refusal: String, CaseIterable {
    case rejected, forbidden, conflict, gone, unfit, withoutEffect, anyStatus
  }

  private static func meddle(_ refusal: Refusal) -> Meddle {
    var count = 0
    return { target, call in
      guard call.purpose.isWrite else { return nil }
      count += 1
      switch refusal {
      case .rejected: return .status(400)
      case .forbidden: return .status(403)
      case .conflict: return .status(409)
      case .gone: return .status(404)
      case .unfit: return .status(200, SmallTeamViewer.user(target.accounts[count % 50]))
      case .withoutEffect: return call.purpose == .create ? nil : .status(204)
      case .anyStatus: return .status(410 + count % 18)
      }
    }
  }

  /// The first two days, in which everybody is tried for the first times, are not counted; nor is the end after 28 days,
  /// which comes once for each person.
  @Test("a TeamViewer that refuses everybody costs at most 12 MB a year", arguments: Refusal.allCases)
  func refusals(refusal: Refusal) {
    var play = Self.play(Self.meddle(refusal))
    play.start()
    play.pass(.seconds(2 * 86_400))
    let (before, days) = (play.events.count, 24)
    for day in 1...days {
      if day.isMultiple(of: 3) { play.start() }
      play.pass(.seconds(86_400))
    }
    let events = play.events[before...]
    let year = Self.bytes(events) * 365 / days
    let kinds = Dictionary(events.map { ($0.payload.type, 1) }, uniquingKeysWith: +)
    #expect(year <= 12_000_000, "\(year) bytes: \(kinds)")
    play.meddle = { _, _ in nil }
    play.pass(.seconds(11 * 86_400))
    #expect(play.people.values.allSatisfy { $0.account.completed == $0.account.wanted })
  }

  @Test("leavers are tried every 15 s all the same", arguments: [Outage.unavailable, .refusedConnection, .writesFail])
  func leavers(outage: Outage) {
    var play = Self.play(Self.meddle(outage))
    play.start()
    play.pass(.seconds(86_400))
    let before = play.sent.count
    play.pass(.seconds(3600))
    #expect(play.sent.count - before >= 200)
    play.meddle = { _, _ in nil }
    play.pass(.seconds(60))
    #expect(play.target.accounts[0].active == false)
    #expect(play.condition.circuit == nil && play.condition.unreachable == nil)
  }

  @Test("a circuit that writes opened is told with its scope, and every fault after it with the hour's count")
  func told() throws {
    var play = Self.play(Self.meddle(.writesFail))
    play.start()
    play.pass(.seconds(2 * 3600 + 120))
    #expect(play.all(CircuitOpened.self).map(\.scope) == [.everything, .writes])
    let told = play.all(TargetUnreachable.self).suffix(2)
    #expect(told.count == 2 && told.allSatisfy { $0.count > 200 && $0.status == 500 })
    play.meddle = { _, _ in nil }
    play.run()
    #expect(play.machine.isIdle && play.all(CircuitClosed.self).count == 2)
    #expect(play.people.values.allSatisfy { $0.account.completed == $0.account.wanted })
  }

  @Test("five people whose writes fail hold nobody else up")
  func poisoned() {
    var play = Self.play { _, call in
      let poisoned = ["p1", "p2", "p3", "p4", "p5", "p6", "p7"]
      return call.purpose.isWrite && poisoned.contains(call.person ?? "") ? .status(500) : nil
    }
    play.start()
    play.pass(.seconds(3600))
    #expect(play.people.values.count { $0.account.completed == $0.account.wanted } == Self.people - 7)
  }

  @Test("a process that dies in an outage finds every write again that has no answer", arguments: 1...10)
  func restarts(seed: Int) {
    var play = Self.play(Self.meddle(.writesFail))
    play.start()
    for _ in 0..<seed { play.pass(.seconds(Int64(37 * seed))) }
    play.start()
    play.pass(.seconds(60))
    play.meddle = { _, _ in nil }
    play.start()
    play.run()
    #expect(play.target.creates == Self.people / 2)
    #expect(play.people.values.allSatisfy { $0.account.completed == $0.account.wanted })
  }

  @Test("in a pause of an hour TeamViewer is asked once in a quarter while somebody is to be disabled")
  func earlyProbe() throws {
    var play = Self.play { _, _ in .status(429, headers: ["retry-after": "3600"]) }
    play.start()
    play.pass(.seconds(600))
    let before = play.sent.count
    play.pass(.seconds(1200))
    #expect(play.sent.dropFirst(before).map(\.purpose) == [.probe])
    play.meddle = { _, _ in nil }
    play.pass(.seconds(920))
    #expect(play.target.accounts[0].active == false && play.all(TargetResumed.self).map(\.how) == [.probe])
  }

  @Test("an operator ends a pause that TeamViewer asked for")
  func released() throws {
    var play = Play([.number(2)])
    play.meddle = { _, _ in .status(429, headers: ["retry-after": "3600"]) }
    play.start()
    play.pass(.seconds(600))
    let before = play.sent.count
    let resumed = try play.condition.resumed(reason: "support says so", at: play.now)
    play.meddle = { _, _ in nil }
    play.observe(Event(.target, resumed))
    play.pass(.seconds(30))
    #expect(play.sent.count > before && play.target.creates == 1)
    #expect(play.condition.pause == nil)
  }
}
