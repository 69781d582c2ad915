import Base
import CoreSupport
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import Testing

@Suite("Operators")
struct OperatorTests {
  /// Some people, linked, whose names are to change.
  private func play(_ count: Int = 1, settings: DeliverySettings = .init()) -> Play {
    let people = (1...count).map { Person.number($0, isLinked: true) }
    var play = Play(people, settings: settings)
    play.target.accounts = people.compactMap(\.account.believed)
    return play
  }

  private static let held = Event(.user("p1"), .deliveryHeld(DeliveryHeld(reason: "audit")))
  private static let skipped = Event(.user("p1"), .deliverySkipped(DeliverySkipped(decision: 3, reason: "no")))
  private static let retried = Event(.user("p1"), .deliveryRetried(DeliveryRetried()))

  @Test("no call leaves for somebody who is held or skipped; a retry lets them go on", arguments: [held, skipped])
  func setAside(event: Event) {
    var play = play(2)
    play.meddle = { _, call in call.person == "p1" ? .failed(.refused) : nil }
    play.start()
    play.step()
    play.observe(event)
    play.meddle = { _, _ in nil }
    play.run()
    let sent = play.sent.filter { $0.person == "p1" }.count
    #expect(play.machine.isIdle && play.people["p2"]?.isPending == false)
    play.pass(.seconds(86_400))
    play.observe(Event(.cycle("c"), .cycleFinished(CycleFinished(counts: CycleCounts(), deltaLink: nil))))
    play.pass(.seconds(86_400))
    play.start()
    #expect(play.sent.filter { $0.person == "p1" }.count == sent && play.machine.isIdle)
    play.observe(Self.retried)
    play.run()
    #expect(play.target.accounts.first?.displayName == "New 1")
    #expect(play.people["p1"]?.isPending == false)
  }

  @Test("a parked one who is held is not tried when the time comes, and afresh when retried")
  func parkedAndHeld() {
    var play = play()
    play.meddle = { _, _ in .status(400, SCIMErrorResponse(status: 400).json) }
    play.start()
    play.run()
    #expect(play.people["p1"]?.account.parked != nil && play.machine.parked == 1)
    play.observe(Self.held)
    #expect(play.machine.parked == 0)
    play.pass(.seconds(7 * 3600))
    #expect(play.sent.count == 1)
    play.observe(Self.retried)
    play.run()
    #expect(play.sent.count == 2)
    #expect(play.people["p1"]?.account.parked?.attempt == 1 && play.machine.parked == 1)
  }

  @Test("who is parked again and again is one of the parked, after a restart too, and none once it is delivered")
  func parkedAgain() {
    var play = play()
    play.meddle = { _, _ in .status(400, SCIMErrorResponse(status: 400).json) }
    play.start()
    play.run()
    play.observe(Event(.cycle("c"), .cycleFinished(CycleFinished(counts: CycleCounts(), deltaLink: nil))))
    play.run()
    #expect(play.people["p1"]?.account.parked?.attempt == 2 && play.machine.parked == 1)
    play.start()
    #expect(play.machine.parked == 1)
    play.meddle = { _, _ in nil }
    play.observe(Self.retried)
    play.run()
    #expect(play.people["p1"]?.isPending == false && play.machine.parked == 0)
  }

  @Test("an answer on its way is still taken when its person is held")
  func onItsWay() {
    var play = Play([.number(1)])
    play.start()
    while play.sent.last?.purpose != .create { play.step() }
    play.observe(Self.held)
    play.step()
    #expect(play.people["p1"]?.account.believed?.id == "c1")
    #expect(play.people["p1"]?.isPending == true && play.machine.isIdle)
    play.observe(Self.retried)
    #expect(play.people["p1"]?.isPending == false)
    #expect(play.target.creates == 1)
  }

  @Test("a changed decision ends a skip, but not a hold", arguments: [held, skipped])
  func changedDecision(event: Event) {
    var play = play()
    play.observe(event)
    play.start()
    play.observe(.leaves(1))
    play.run()
    #expect(play.target.accounts.first?.active == (event == Self.held))
  }

  @Test("during an operator's pause no call leaves, over a restart too; it ends at its time, or when resumed")
  func paused() {
    var play = play(20)
    play.start()
    let sent = play.sent.count
    let end = play.now + .seconds(3600)
    play.observe(Event(.target, .deliveryPaused(DeliveryPaused(until: end, reason: "change"))))
    play.pass(.seconds(1800))
    play.start()
    #expect(play.sent.count == sent && play.machine.callsUnderWay == 0)
    #expect(play.machine.closed == DeliveryBlock(.operatorPause, until: end))
    #expect(play.machine.operatorPause?.reason == "change" && play.machine.nextWake == end)
    play.pass(.seconds(1801))
    #expect(play.machine.closed == nil && play.sent.count > sent)
    play.observe(Event(.target, .deliveryPaused(DeliveryPaused(reason: "again"))))
    while play.machine.callsUnderWay > 0 { play.step() }
    #expect(play.machine.nextWake == nil && play.machine.closed == DeliveryBlock(.operatorPause, until: nil))
    play.observe(Event(.target, .deliveryResumed(DeliveryResumed())))
    play.run()
    #expect(play.people.values.allSatisfy { !$0.isPending })
    #expect(!play.sent.contains { $0.sent > play.now })
  }

  @Test("a pause whose time is over is none, and not even a probe leaves during one")
  func past() {
    var condition = TargetCondition()
    condition.operatorPause = DeliveryPaused(until: Timestamp(milliseconds: 1), reason: nil)
    var play = Play([.number(1)], condition: condition)
    play.start()
    #expect(play.sent.count == 1 && play.machine.operatorPause == nil)
    condition.operatorPause = DeliveryPaused(reason: nil)
    condition.quarantine = QuarantineEntered(.credentials, status: 401, operation: "GET /Users")
    play = Play([.number(1)], condition: condition)
    play.start()
    play.pass(.seconds(7200))
    #expect(play.sent.isEmpty && !play.machine.isQuarantined)
    play.observe(Event(.target, .deliveryResumed(DeliveryResumed())))
    play.run()
    #expect(play.sent.first?.purpose == .probe && play.target.creates == 1)
  }
}
