import Base
import CoreSupport
import DeliveryMachine
import Provisioning
import SCIM
import Testing

@Suite("Delivery machine: nothing of a cycle is sent before it has finished")
struct UnfinishedCycleTests {
  private static let desired = DesiredAccount(userName: "ada@example.com", displayName: "Ada", active: true)

  private func decided(_ cycle: String) -> Event {
    Event(.user("ada"), .decided(Decision(.create, .newInScope, desired: Self.desired)), correlation: cycle)
  }

  private func started(_ cycle: String) -> Event {
    Event(.cycle(cycle), .cycleStarted(CycleStarted(source: .snapshot, isInitial: false)))
  }

  private func finished(_ cycle: String) -> Event {
    Event(.cycle(cycle), .cycleFinished(CycleFinished(counts: CycleCounts(), deltaLink: nil)))
  }

  @Test("a decision waits for the end of its cycle, and is not counted as work until then")
  func waits() {
    var stage = Stage()
    stage.observe(started("c1"))
    stage.observe(decided("c1"))
    #expect(stage.calls.isEmpty && stage.machine.unsettled == 0)
    stage.observe(finished("c1"))
    #expect(stage.calls.map(\.purpose) == [.list] && stage.machine.unsettled == 1)
  }

  @Test("a machine that starts while a cycle is appended waits for it too; one that was cut off is never delivered")
  func restart() {
    var ada = Person(alias: "ada")
    ada.evolve(.told(decided("c1"), at: 2))
    let now = Timestamp(milliseconds: 1_767_312_000_000)
    var machine = Machine(
      people: [ada], condition: TargetCondition(), unfinished: ["c1"], settings: DeliverySettings(), seed: 1)
    #expect(machine.start(at: now).calls.isEmpty && machine.isIdle)
    _ = machine.observe(Event(.cycle("c1"), .cycleInterrupted(CycleInterrupted(position: 2))), at: 3, now: now)
    #expect(machine.isIdle)
    // The next cycle decides anew, and that counts.
    _ = machine.observe(started("c2"), at: 4, now: now)
    _ = machine.observe(decided("c2"), at: 5, now: now)
    #expect(machine.observe(finished("c2"), at: 6, now: now).calls.map(\.purpose) == [.list])
  }
}
