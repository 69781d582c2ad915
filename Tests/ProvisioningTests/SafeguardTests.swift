import Base
import Provisioning
import Testing

@Suite("Safeguard")
struct SafeguardTests {
  static let limits = [
    (0, 1), (1, 1), (9, 3), (15, 5), (49, 5), (59, 5), (60, 6), (109, 10), (110, 11), (999, 99), (4_999, 499),
    (5_000, 500),
    (300_000, 500),
  ]

  @Test("max(5, min(500, 10 percent)), and a third in a small company", arguments: limits)
  func limit(active: Int, limit: Int) { #expect(SafeguardLimits().limit(active: active) == limit) }

  @Test("limits of one's own")
  func ownLimits() {
    let limits = SafeguardLimits(minimum: 1, maximum: 3, percent: 50)
    #expect([0, 4, 6, 100].map(limits.limit) == [1, 1, 2, 3])
  }

  private static let ids = (0..<20).map { "p\($0)" }
  private let everybody = Self.ids.map { user($0) }
  /// Everybody but the first people.
  private func without(_ count: Int) -> [DirectoryChange] { Array(everybody.dropFirst(count)) }

  private func tripped(_ outcome: CycleOutcome) -> [Event] {
    outcome.events.filter { if case .safeguardTripped = $0.payload { true } else { false } }
  }

  @Test("it trips above the limit, not at it, delivered or not", arguments: [false, true])
  func threshold(delivered: Bool) {
    let company = Company(everybody, delivered: delivered)
    var atLimit = company
    let allowed = atLimit.snapshot(without(5))
    #expect(allowed.held == nil && allowed.counts.decided == [.disable: 5])
    var above = company
    let outcome = above.snapshot(without(6))
    #expect(outcome.counts.decided == [.held: 6])
    #expect(outcome.held?.id == "hold-2" && outcome.held?.count == 6)
    #expect(
      tripped(outcome) == [
        Event(
          .safeguard("hold-2"),
          .safeguardTripped(SafeguardTripped(cycle: "cycle-2", count: 6, limit: 5, active: 20)),
          correlation: "cycle-2")
      ])
    for id in Self.ids.prefix(6) {
      #expect(
        outcome.decisions[id]
          == Decision(.held, .safeguardTripped, desired: account(id), safeguard: "hold-2"))
      #expect(above[id]?.desired?.active == true && above[id]?.isPending == !delivered)
    }
  }

  @Test("absent, disabled, deleted: all count alike, in a delta too")
  func deltaCounts() {
    var company = Company(everybody)
    let off = Self.ids.prefix(2).map { partial($0, [.accountEnabled: .flag(false)]) }
    let binned = Self.ids[2..<4].map { partial($0, state: .softDeleted) }
    let gone = Self.ids[4..<6].map { partial($0, state: .deleted) }
    let outcome = company.delta(off + binned + gone)
    #expect(outcome.counts.decided == [.held: 6])
  }

  @Test("leavers of several cycles do not add up once they are decided")
  func decidedLeaversAreDone() {
    var company = Company(everybody)
    company.snapshot(without(5))
    #expect(company.snapshot(without(10)).counts.decided == [.disable: 5])
  }

  @Test("who was never meant to be active does not count")
  func neverActive() {
    let disabled = (0..<30).map { user("d\($0)", enabled: false) }
    var company = Company(everybody + disabled)
    #expect(company.snapshot(without(5)).counts.decided == [.disable: 5, .skip: 30])
  }

  @Test("everybody else's decisions are applied, but for those who are new")
  func others() {
    var company = Company(everybody)
    var changes = without(6)
    changes[0] = user(changes[0].id, name: "Renamed")
    let outcome = company.snapshot(changes + [user("joiner")])
    #expect(outcome.counts.decided == [.held: 7, .update: 1])
  }

  @Test("the same held people keep the id and get no new decisions")
  func sameSet() {
    var company = Company(everybody)
    company.snapshot(without(6))
    let again = company.snapshot(without(6))
    #expect(again.isQuiet)
    #expect(again.held?.id == "hold-2" && again.held?.count == 6)
    let withJoiner = company.snapshot(without(6) + [user("joiner")])
    #expect(withJoiner.counts.decided == [.held: 7] && tripped(withJoiner).count == 1)
  }

  @Test("a held person whom the directory shows anew gets one decision under the same id")
  func heldAndObserved() {
    var company = Company(everybody)
    company.snapshot(without(6))
    let outcome = company.delta([partial("p0", state: .deleted)])
    #expect(
      outcome.decisions == ["p0": Decision(.held, .safeguardTripped, desired: account("p0"), safeguard: "hold-2")])
    #expect(tripped(outcome).isEmpty)
  }

  @Test("one more leaver makes another set, with an id that replaces the old one for all")
  func grownSet() {
    var company = Company(everybody)
    company.snapshot(without(6))
    let outcome = company.snapshot(without(7))
    #expect(outcome.counts.decided == [.held: 7])
    #expect(Set(outcome.decisions.values.map(\.safeguard)) == ["hold-3"])
    #expect(Cycle.approve("hold-2", policy: company.policy, people: company.people) == nil)
  }

  @Test("held people who came back get a decision, and the smaller set another id")
  func cameBack() {
    var company = Company(everybody)
    company.snapshot(without(8))
    let outcome = company.snapshot(without(7))
    #expect(outcome.counts.decided == [.none: 1, .held: 7])
    #expect(outcome.decisions["p7"] == Decision(.none, .redundantExport, desired: account("p7")))
    #expect(outcome.held?.id == "hold-3")
  }

  @Test("when everybody came back nothing is held any more")
  func allBack() {
    var company = Company(everybody)
    company.snapshot(without(6))
    let outcome = company.snapshot(everybody)
    #expect(outcome.held == nil && outcome.counts.decided == [.none: 6])
    #expect(company.people.allSatisfy { !$0.isPending })
    #expect(company.snapshot(everybody).isQuiet)
  }

  // MARK: Approve

  @Test("an approval disables who is held, and the next cycle is quiet")
  func approve() {
    var company = Company(everybody)
    company.snapshot(without(6))
    let events = Cycle.approve("hold-2", policy: company.policy, people: company.people)
    let disables = Self.ids.prefix(6).map { id in
      Event(
        .user(id),
        .decided(
          Decision(.disable, .absentFromSource, desired: account(id, active: false), safeguard: "hold-2")),
        correlation: "hold-2")
    }
    let approved = Event(
      .safeguard("hold-2"), .safeguardApproved(SafeguardApproved(count: 6)), correlation: "hold-2")
    #expect(events == [approved] + disables)
    company.append(events ?? [])
    #expect(company.people.count(where: \.isPending) == 6)
    #expect(company.snapshot(without(6)).isQuiet)
    company.deliver()
    #expect(company.snapshot(without(6)).isQuiet)
    #expect(Cycle.approve("hold-2", policy: company.policy, people: company.people) == nil)
  }

  @Test("only who is still a leaver by the newest observation is disabled")
  func approveStillLeaving() {
    var company = Company(everybody)
    company.snapshot(without(6))
    let person = DirectoryUser(id: "p0", attributes: user("p0").attributes)
    company.append([Event(.user("p0"), .userObserved(UserObserved(state: .present, user: person)))])
    let events = Cycle.approve("hold-2", policy: company.policy, people: company.people) ?? []
    #expect(events.first?.payload == .safeguardApproved(SafeguardApproved(count: 5)))
    #expect(events.dropFirst().compactMap(\.subject) == Array(Self.ids[1..<6]))
  }

  @Test("an unknown id is nil", arguments: ["", "hold-1", "hold-3"])
  func approveUnknown(id: String) {
    var company = Company(everybody)
    company.snapshot(without(6))
    #expect(Cycle.approve(id, policy: company.policy, people: company.people) == nil)
  }
}
