import Base
import CoreSupport
import Provisioning
import SCIM
import Testing

@testable import DeliveryMachine

/// How long a pause is: TeamViewer's word is not the only brake.
@Suite("Pauses that TeamViewer asks for")
struct PauseTests {
  private func refused(_ status: Int, _ retryAfter: String) -> Play {
    var play = Play([.number(1, active: false, isLinked: true)])
    play.target.accounts = [
      RemoteAccount(id: "u1", userName: "p1@contoso.com", displayName: "Old 1", active: true)
    ]
    play.meddle = { _, _ in .status(status, headers: ["retry-after": retryAfter]) }
    play.start()
    return play
  }

  @Test(
    "a storm of refusals that ask for no pause at all costs a few calls, not thousands",
    arguments: ["0", "Thu, 01 Jan 2015 00:00:00 GMT"])
  func noPause(retryAfter: String) {
    var play = refused(429, retryAfter)
    play.pass(.seconds(10))
    #expect(play.sent.count <= 5 && play.events.count <= 20)
    play.pass(.seconds(86_400))
    #expect(play.sent.count < 120)
  }

  @Test("a pause of centuries is an hour at most, and the leaver is disabled after it")
  func centuries() throws {
    var play = refused(429, "9999999999")
    play.pass(.seconds(60))
    let pause = try #require(play.all(TargetPaused.self).last)
    #expect(pause.until <= play.now + .seconds(3600))
    play.meddle = { _, _ in nil }
    play.pass(.seconds(3700))
    #expect(play.target.accounts[0].active == false)
  }

  /// Somebody who is to be changed, and a leaver, in an hour's pause; what the leaver's state is by then.
  private func earlyProbes(of leaver: Person, _ event: Event? = nil) -> Int {
    var play = Play([leaver, .number(2)])
    play.meddle = { _, _ in .status(429, headers: ["retry-after": "3600"]) }
    play.start()
    play.pass(.seconds(60))
    if let event { play.observe(event) }
    let before = play.sent.count
    play.pass(.seconds(3000))
    return play.sent.count - before
  }

  @Test("a pause of an hour is asked about before its end while somebody is to be made inactive, and for nobody else")
  func earlyProbe() {
    let leaver = Person.number(1, active: false, isLinked: true)
    #expect(earlyProbes(of: leaver) == 3)
    // Held by an operator, nobody waits.
    #expect(earlyProbes(of: leaver, Event(.user("p1"), .deliveryHeld(DeliveryHeld(reason: "audit")))) == 0)
    // What was made inactive is only to be read once more.
    var verified = leaver
    verified.evolve(.deliveryCompleted(DeliveryCompleted(.call, decision: 3)), at: 4)
    #expect(earlyProbes(of: verified) == 0)
  }

  @Test("a quarantine that ended before its probe was due is not probed later, in the midst of another pause")
  func probeOfAnEndedQuarantine() {
    let now = Timestamp(milliseconds: 1_767_225_600_000)
    let pause = TargetPaused(until: now + .seconds(1800), refusals: 3, status: 429)
    var condition = TargetCondition()
    condition.pause = pause
    condition.quarantine = QuarantineEntered(.credentials, status: 401, operation: "GET /Users")
    var gate = TargetGate()
    gate.start(condition, breakerThreshold: 5, at: now)
    #expect(gate.probeNotBefore == pause.until)
    // A leaver's early probe was answered.
    condition.quarantine = nil
    condition.pause = TargetPaused(until: now + .seconds(3600), refusals: 1, status: 429)
    gate.reopen(condition, at: now + .seconds(60))
    gate.ring(condition, at: pause.until)
    #expect(!gate.isProbeDue && gate.state == .closed(.targetPause, until: now + .seconds(3600)))
  }

  @Test("503 with a pause is a fault, and the pause is kept")
  func unavailable() throws {
    var play = refused(503, "1800")
    play.pass(.seconds(60))
    #expect(play.sent.count == 1 && play.all(CallFinished.self).first?.outcome == .unknown)
    #expect(play.all(TargetPaused.self).map(\.status) == [503])
  }

  @Test("who was parked before the last import is tried again by a worker that starts after it")
  func parkedBeforeImport() {
    var person = Person.number(1, isLinked: true)
    let moment = Timestamp(milliseconds: 1_767_225_600_000)
    person.evolve(
      .deliveryParked(
        DeliveryParked(.rejected, decision: 3, attempt: 1, since: moment, retry: moment + .seconds(21_600))), at: 4)
    for due in [Set<String>(), ["p1"]] {
      var machine = Machine(
        people: [person], condition: TargetCondition(), due: due, settings: .init(), seed: 1)
      #expect(machine.start(at: moment + .seconds(60)).calls.isEmpty == due.isEmpty)
    }
  }
}
