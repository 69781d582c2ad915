import Base
import CoreSupport
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import Testing

/// When comparisons run, and what a restart makes of them.
extension ReconcileTests {
  @Test("a new name that was acknowledged, and behind which the old one shows, is a difference, and is brought back")
  func oldName() {
    var stage = Self.stage(Self.everybody)
    let desired = DesiredAccount(userName: "p1@contoso.com", displayName: "New Name", active: true)
    stage.observe(Event(.user("p1"), .decided(Decision(.update, .attributesChanged, desired: desired))))
    #expect(stage.answer(.status(200, Self.user("p1")))?.purpose == .change)
    #expect(stage.last(DeliveryCompleted.self)?.how == .call)
    Self.compare(&stage, Self.all)
    #expect(drift(stage).mapValues(\.kind) == ["p1": .changed])
    Self.ask(&stage, "r2", repair: true)
    Self.read(&stage, Self.all)
    #expect(stage.answer(.status(200, Self.user("p1", shown: "New Name")))?.purpose == .change)
    _ = stage.told()
    Self.compare(&stage, [Self.user("p1", shown: "New Name")] + Self.all.dropFirst(), id: "r3")
    #expect(drift(stage).isEmpty && stage.calls.isEmpty)
  }

  @Test("by schedule: one interval after the first start, then after each comparison; a restart keeps the time")
  func schedule() {
    let day = Duration.seconds(86_400)
    var stage = Self.stage(Self.everybody) { $0.reconcileEvery = day }
    #expect(stage.calls.isEmpty && stage.machine.nextWake == stage.now + day)
    stage.pass(day)
    stage.answer(Self.page(Self.all))
    let finished = stage.last(ReconcileFinished.self)
    #expect(finished?.request == nil && finished?.finished == stage.now)
    var condition = TargetCondition()
    if let finished { condition.evolve(.reconcileFinished(finished)) }
    var settings = DeliverySettings()
    settings.reconcileEvery = day
    var next = Machine(people: Self.everybody, condition: condition, settings: settings, seed: 1)
    let later = stage.now + .seconds(3600)
    #expect(next.start(at: later).calls.isEmpty && next.nextWake == stage.now + day)
    #expect(next.wake(at: stage.now + day).calls.map(\.purpose) == [.list])
  }

  @Test("a request that no worker answered is answered after a restart; two requests are answered by one read")
  func restart() {
    var condition = TargetCondition()
    condition.evolve(.reconcileRequested(ReconcileRequested(id: "r1")))
    condition.evolve(.reconcileRequested(ReconcileRequested(id: "r2", repair: true)))
    var stage = Stage(people, condition: condition)
    #expect(!stage.machine.isIdle)
    Self.read(&stage, differing)
    let finished = stage.events.compactMap { $0.payload.value as? ReconcileFinished }
    #expect(finished.map(\.request) == ["r1", "r2"] && finished.map(\.repairs) == [0, 5])
  }

  @Test("a crash after the drift is recorded loses no repair")
  func crash() {
    var stage = Self.stage(people, repairs: true)
    Self.compare(&stage, differing)
    var folded = people
    for event in stage.events {
      guard let place = folded.firstIndex(where: { $0.alias == event.subject }) else { continue }
      if case .driftDetected = event.payload { folded[place].evolve(event.payload, at: 50) }
    }
    let next = Self.stage(folded, repairs: true)
    #expect(next.machine.unsettled == 5)
  }

  @Test("a machine that only compares delivers nothing, and is idle after it")
  func only() {
    var condition = TargetCondition()
    condition.evolve(.reconcileRequested(ReconcileRequested(id: "r1", repair: true)))
    var settings = DeliverySettings()
    settings.reconcilesOnly = true
    var stage = Stage(people + [.ada()], condition: condition, settings: settings)
    #expect(stage.calls.map(\.purpose) == [.list])
    Self.read(&stage, differing)
    #expect(stage.calls.isEmpty && stage.machine.isIdle && stage.machine.unsettled == 6)
  }

  @Test("what an operator wants left alone is compared with what it was, and not repaired")
  func leftAlone() {
    var person = Self.delivered("p1")
    person.evolve(
      .decided(
        Decision(
          .update, .attributesChanged,
          desired: DesiredAccount(userName: "p1@contoso.com", displayName: "Another", active: true))), at: 6)
    person.evolve(.deliverySkipped(DeliverySkipped(decision: 6, reason: "no")), at: 7)
    var stage = Self.stage([person], repairs: true)
    Self.compare(&stage, [Self.user("p1")])
    #expect(drift(stage).isEmpty)
    Self.compare(&stage, [Self.user("p1", active: false)], id: "r2")
    #expect(drift(stage)["p1"]?.kind == .disabled && drift(stage)["p1"]?.isRepaired == false && stage.calls.isEmpty)
  }
}
