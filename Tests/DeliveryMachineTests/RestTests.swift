import Base
import CoreSupport
import DeliveryMachine
import Provisioning
import SCIM
import Testing

@Suite("Maintenance and circuit")
struct RestTests {
  private static func moment(_ text: String) throws -> Timestamp { try #require(Timestamp("\(text).000Z")) }

  // MARK: Maintenance

  // 2026-01-02 is a Friday.
  static let windows: [(MaintenanceWindow, String, String?)] = [
    (.weekly(days: [.friday], from: 1320, to: 120), "2026-01-02T21:59:59", nil),
    (.weekly(days: [.friday], from: 1320, to: 120), "2026-01-02T22:00:00", "2026-01-03T02:00:00"),
    (.weekly(days: [.friday], from: 1320, to: 120), "2026-01-03T01:59:59", "2026-01-03T02:00:00"),
    (.weekly(days: [.friday], from: 1320, to: 120), "2026-01-03T02:00:00", nil),
    (.weekly(days: [.friday], from: 1320, to: 120), "2026-01-03T22:30:00", nil),
    (.weekly(days: [.sunday], from: 0, to: 1440), "2026-01-04T12:00:00", "2026-01-05T00:00:00"),
    (.weekly(days: [.sunday, .monday], from: 600, to: 600), "2026-01-06T09:00:00", "2026-01-06T10:00:00"),
    (.weekly(days: [.thursday], from: 0, to: 60), "1970-01-01T00:30:00", "1970-01-01T01:00:00"),
    (.weekly(days: [.wednesday], from: 0, to: 60), "1969-12-31T00:30:00", "1969-12-31T01:00:00"),
  ]

  @Test("a weekly window begins on its day, and may pass midnight", arguments: windows)
  func weekly(window: MaintenanceWindow, at: String, end: String?) throws {
    #expect(window.end(at: try Self.moment(at)) == (try end.map { try Self.moment($0) }))
  }

  @Test("windows that follow each other are one rest; a rest without end is looked at again")
  func adjoining() throws {
    let from = try Self.moment("2026-01-02T10:00:00")
    let windows: [MaintenanceWindow] = [
      .once(from: from, to: from + .seconds(60)), .once(from: from + .seconds(60), to: from + .seconds(90)),
    ]
    #expect(windows.end(at: from) == from + .seconds(90))
    #expect(windows.end(at: from + .seconds(90)) == nil)
    let always: [MaintenanceWindow] = [.weekly(days: Set(Weekday.allCases), from: 0, to: 1440)]
    #expect(try #require(always.end(at: from)) > from)
  }

  @Test("in a maintenance no call leaves; the machine says why, and wakes at its end")
  func maintenance() throws {
    var settings = DeliverySettings()
    let people = (1...30).map { Person.number($0, isLinked: true) }
    // The stage's time is 2026-01-01T00:00:00Z.
    let start = try Self.moment("2026-01-01T00:00:10")
    let end = try Self.moment("2026-01-01T06:00:00")
    settings.maintenance = [.once(from: start, to: end)]
    var play = Play(people, settings: settings)
    play.target.accounts = people.compactMap(\.account.believed)
    play.latency = 5_000...5_000
    play.start()
    play.pass(.seconds(60))
    let sent = play.sent.count
    #expect(sent > 0 && sent < 30 && play.sent.allSatisfy { $0.sent < start })
    #expect(play.machine.closed == DeliveryBlock(.maintenance, until: end) && play.machine.nextWake == end)
    play.observe(.leaves(30))
    play.start()
    play.pass(.seconds(3600))
    #expect(play.sent.count == sent)
    play.run()
    #expect(play.people.values.allSatisfy { !$0.isPending })
    #expect(play.sent.dropFirst(sent).allSatisfy { $0.sent >= end })
  }

  // MARK: The circuit

  @Test("an outage opens the circuit once, one probe at a time leaves, and a good answer closes it")
  func circuit() {
    let people = (1...30).map { Person.number($0, isLinked: true) }
    var play = Play(people)
    play.target.accounts = people.compactMap(\.account.believed)
    play.meddle = { _, _ in .status(503) }
    play.start()
    while play.condition.circuit == nil { play.step() }
    while play.machine.callsUnderWay > 0 { play.step() }
    #expect(play.machine.closed?.reason == .circuit)
    for _ in 0..<200 {
      play.step()
      #expect(play.machine.callsUnderWay <= 1)
    }
    #expect(play.all(CircuitOpened.self).count == 1 && play.all(CircuitClosed.self).isEmpty)
    let opened = play.condition.circuit
    #expect(opened?.faults == 5 && opened?.error == "http-503" && opened?.status == 503)
    // A restart during the outage begins with a probe, and does not open the circuit again.
    play.start()
    #expect(play.machine.callsUnderWay == 1)
    for _ in 0..<20 { play.step() }
    #expect(play.all(CircuitOpened.self).count == 1)
    play.meddle = { _, _ in nil }
    play.run()
    #expect(play.all(CircuitClosed.self).count == 1 && play.condition.circuit == nil)
    #expect(play.people.values.allSatisfy { !$0.isPending })
  }

  @Test("a quarantine names the calls that led to it")
  func causes() {
    let people = (1...4).map { Person.number($0, isLinked: true) }
    var play = Play(people)
    play.target.accounts = people.compactMap(\.account.believed)
    play.meddle = { _, _ in .status(403) }
    play.start()
    while !play.machine.isQuarantined, play.step() {}
    let causes = play.condition.quarantine?.causes ?? []
    #expect(play.condition.quarantine?.reason == .insufficientRights)
    #expect((2...QuarantineCause.most).contains(causes.count))
    #expect(causes.first?.operation == "PATCH /Users/{id}" && causes.first?.person == "p1")
    #expect(causes.last?.operation == "GET /Users" && causes.allSatisfy { $0.status == 403 })
  }
}
