import Base
import Provisioning
import Testing

@testable import DeliveryMachine

@Suite("Pace")
struct PaceTests {
  private static let start = Timestamp(milliseconds: 1_767_225_600_000)

  @Test("it starts at 8 or the limit, grows by one an answer until the first refusal, then by one a round trip")
  func grows() {
    var pace = Pace(limit: 32)
    #expect(pace.width == 8)
    for _ in 0..<10 { pace.wentWell(after: .milliseconds(20)) }
    #expect(pace.width == 18)
    pace.wentBadly(sent: Self.start, now: Self.start + .milliseconds(20))
    #expect(pace.width == 9)
    for _ in 0..<9 { pace.wentWell(after: .milliseconds(20)) }
    #expect(pace.window > 9.9 && pace.window < 10)
    #expect(Pace(limit: 3).width == 3)
  }

  @Test("the limit is never exceeded, and one call may always leave")
  func bounds() {
    var pace = Pace(limit: 12)
    for _ in 0..<100 { pace.wentWell(after: .milliseconds(1)) }
    #expect(pace.width == 12)
    for second in 0..<20 {
      pace.wentBadly(sent: Self.start + .seconds(second), now: Self.start + .seconds(second))
    }
    #expect(pace.width == 1)
  }

  @Test("it halves once a round trip: what left before the last halving does not count again")
  func halvesOnce() {
    var pace = Pace(limit: 8)
    for call in 0..<8 {
      pace.wentBadly(sent: Self.start + .milliseconds(call), now: Self.start + .milliseconds(100 + call))
    }
    #expect(pace.width == 4)
    pace.wentBadly(sent: Self.start + .milliseconds(200), now: Self.start + .milliseconds(220))
    #expect(pace.width == 2)
  }

  @Test("it grows only while answers are about as quick as they ever were")
  func latency() {
    var pace = Pace(limit: 64)
    for _ in 0..<4 { pace.wentWell(after: .milliseconds(100)) }
    #expect(pace.width == 12)
    for _ in 0..<10 { pace.wentWell(after: .milliseconds(250)) }
    #expect(pace.width == 12)
    pace.wentWell(after: .milliseconds(200))
    #expect(pace.width == 13)
    // What stays slow is the new ordinary.
    for _ in 0..<200 { pace.wentWell(after: .milliseconds(250)) }
    #expect(pace.width > 20)
  }

  @Test("a machine sends as many as its pace allows, and fewer after a refusal")
  func machine() {
    var settings = DeliverySettings()
    settings.concurrency = 32
    let people = (1...200).map { Person.number($0, isLinked: true) }
    var play = Play(people, settings: settings)
    play.target.accounts = people.compactMap(\.account.believed)
    play.start()
    #expect(play.machine.callsUnderWay == 8)
    for _ in 0..<30 { play.step() }
    #expect(play.machine.concurrency == 32 && play.machine.callsUnderWay == 32)
    var isRefused = false
    play.meddle = { _, _ in
      defer { isRefused = true }
      return isRefused ? nil : .status(429)
    }
    while play.machine.concurrency == 32 { play.step() }
    #expect(play.machine.concurrency == 16)
    play.run()
    #expect(play.people.values.allSatisfy { !$0.isPending })
  }
}
