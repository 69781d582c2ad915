import Base
import Provisioning
import Testing

/// Random companies: readings, deliveries that come or do not, approvals, changes of configuration.
@Suite("Cycle: what holds for any history")
struct CyclePropertyTests {
  private func walk(
    _ seeds: Range<UInt64>, _ check: (_ before: Company, _ outcome: CycleOutcome, _ after: Company, String) -> Void
  ) -> Int {
    Walk.through(seeds) { step, place in check(step.before, step.outcome, step.after, place) }
  }

  @Test("each observed person gets exactly one decision, and nobody gets two")
  func oneDecision() {
    let decisions = walk(0..<60) { _, outcome, _, place in
      #expect(outcome.decisions.count == outcome.decisionCount, "\(place)")
      #expect(Set(outcome.observed).count == outcome.observed.count, "\(place)")
      #expect(outcome.observed.allSatisfy { outcome.decisions[$0] != nil }, "\(place)")
      #expect(outcome.counts.observed == outcome.observed.count, "\(place)")
      #expect(outcome.counts.decided.values.reduce(0, +) == outcome.decisionCount, "\(place)")
    }
    #expect(decisions > 2_000)
  }

  @Test("a leaver who was meant to be active ends inactive or held, never forgotten")
  func noSwallowedDisable() {
    var leavers = 0
    var held = 0
    _ = walk(100..<160) { before, _, after, place in
      for person in after.people where !person.isActiveInSource {
        guard before[person.alias]?.desired?.active == true || person.account.believed?.active == true else { continue }
        leavers += 1
        if person.decision?.action == .held {
          held += 1
          #expect(person.decision?.safeguard != nil, "\(place) \(person.alias)")
        } else {
          #expect(person.desired?.active == false, "\(place) \(person.alias)")
        }
      }
    }
    #expect(leavers > 300 && held > 30)
  }

  @Test("nobody who is active in the directory is turned off, and an active account is wanted for active people only")
  func nobodyElse() {
    _ = walk(200..<240) { before, outcome, after, place in
      for (id, decision) in outcome.decisions {
        let isActive = after[id]?.isActiveInSource == true
        let isNewcomer = decision.action == .held && decision.desired == nil
        if decision.action == .disable || decision.action == .held, !isNewcomer {
          #expect(!isActive, "\(place) \(id)")
        }
        if [.create, .update, .enable].contains(decision.action) {
          #expect(isActive && decision.desired?.active == true, "\(place) \(id)")
        }
        if isActive, before[id]?.desired?.active == true, let desired = decision.desired {
          #expect(desired.active, "\(place) \(id)")
        }
      }
    }
  }

  @Test("what is wanted is always acceptable to TeamViewer")
  func acceptable() {
    _ = walk(300..<340) { _, outcome, _, place in
      for desired in outcome.decisions.values.compactMap(\.desired) {
        #expect(Address.isAccepted(desired.userName), "\(place)")
        #expect(DisplayName.mended(desired.displayName)?.utf8.count == desired.displayName.utf8.count, "\(place)")
      }
    }
  }

  @Test("no two people are given one address in one cycle")
  func oneAddressOnePerson() {
    _ = walk(400..<440) { _, outcome, _, place in
      let given = outcome.decisions.values.filter { [.create, .update, .enable].contains($0.action) }
      let addresses = given.compactMap { $0.desired.map { Address.folded($0.userName) } }
      #expect(Set(addresses).count == addresses.count, "\(place)")
    }
  }

  @Test("no more people than the limit are turned off at once, unless held and approved")
  func limit() {
    _ = walk(500..<540) { before, outcome, _, place in
      let active = before.people.count { $0.desired?.active == true }
      #expect(outcome.counts[.disable] <= SafeguardLimits().limit(active: active), "\(place)")
      let isHolding = outcome.decisions.values.contains { $0.action == .held && $0.desired != nil }
      #expect(!isHolding || outcome.counts[.disable] == 0, "\(place)")
    }
  }

  @Test("the people folded from a cycle's events are those that the cycle decided about")
  func foldEqualsView() {
    _ = walk(600..<640) { before, outcome, after, place in
      for person in after.people {
        let old = before[person.alias]
        let decision = outcome.decisions[person.alias]
        #expect(person.decision == decision ?? old?.decision, "\(place) \(person.alias)")
        #expect(person.user?.id == person.alias, "\(place) \(person.alias)")
      }
      // The cycle sees nothing new in people who were folded from its own events: its view and the log's are the same.
      let seen = after.people.filter { $0.state == .present }.compactMap(\.user)
      let same = seen.map { partial($0.id, $0.attributes) }
      let again = after.outcome(of: DirectoryReading(kind: .snapshot, changes: same))
      // After a delta a familiar snapshot may be the first to say that newcomers who were held belong here.
      let isSnapshot =
        if case .cycleStarted(let started) = outcome.events.first?.payload { started.source == .snapshot } else {
          false
        }
      let waits = after.people.contains { $0.decision?.action == .held && $0.desired == nil }
      if waits, !isSnapshot { return }
      #expect(again.isQuiet, "\(place)")
      #expect(again.held?.id == outcome.held?.id && again.held?.count == outcome.held?.count, "\(place)")
    }
  }

  @Test("the same history gives the same events")
  func deterministic() {
    var first: [CycleOutcome] = []
    var second: [CycleOutcome] = []
    _ = walk(700..<710) { _, outcome, _, _ in first.append(outcome) }
    _ = walk(700..<710) { _, outcome, _, _ in second.append(outcome) }
    #expect(first == second && first.count == 120)
  }
}
