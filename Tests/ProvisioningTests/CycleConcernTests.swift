import Provisioning
import Testing

/// Changes lead to decisions about those whom they concern, and to the same ones as if everybody were looked at.
@Suite("Cycle: whom a delta concerns")
struct CycleConcernTests {
  private static let crowd = (1...1000).map { user("p\($0)") }

  @Test("ten changes among a thousand people touch ten, and who shares an address with one of them")
  func touched() {
    var company = Company(Self.crowd)
    var changes = (1...9).map { user("p\($0)", name: "Other \($0)") }
    changes.append(user("p10", address: "P500@example.com"))
    let outcome = company.delta(changes)
    #expect(outcome.touched == 11)
    #expect(outcome.decisions.count == 10 && outcome.decisions["p10"]?.reason == .duplicateSourceEntries)
    // Who is skipped is looked at each time: what stood in the way may be gone.
    #expect(company.delta([]).touched == 2)
    #expect(company.delta([user("p500", address: "new@example.com")]).decisions["p10"]?.action == .update)
    #expect(company.delta([]).touched == 0)
  }

  @Test("a new policy, and a snapshot, touch everybody")
  func all() {
    var company = Company(Self.crowd)
    #expect(company.delta([]).touched == 0)
    company.policy.mapping.ssoCustomerId = "sso"
    #expect(company.delta([]).touched == 1000)
    #expect(company.snapshot(Self.crowd).touched == 1000)
  }

  @Test("in any history, deltas decide as if everybody were looked at")
  func equal() {
    var (deltas, fewer) = (0, 0)
    _ = Walk.through(1000..<1100, restoring: { _, _ in }) { step, place in
      if step.reading.kind == .snapshot { return }
      let whole = step.before.outcome(of: step.reading, lookingAtAll: true)
      let few = step.before.outcome(of: step.reading)
      #expect(few.events == whole.events && few.held == whole.held && few.counts == whole.counts, "\(place)")
      deltas += 1
      if few.touched < whole.touched { fewer += 1 }
    }
    #expect(deltas > 300 && fewer > deltas / 2)
  }

  @Test("in any history, those whom a delta may concern are enough to decide as over everybody")
  func few() {
    var deltas = 0
    _ = Walk.through(2000..<2150, restoring: { _, _ in }) { step, place in
      if step.reading.kind == .snapshot || step.before.isPolicyNew { return }
      let whole = step.before.outcome(of: step.reading)
      let few = step.before.outcomeOfFew(step.reading)
      #expect(Self.sorted(few.events) == Self.sorted(whole.events), "\(place)")
      #expect(few.held == whole.held && few.counts == whole.counts && few.touched == whole.touched, "\(place)")
      deltas += 1
    }
    #expect(deltas > 300)
  }

  /// Who is found last stands last.
  private static func sorted(_ events: [Event]) -> [Event] {
    events.sorted { "\($0.stream) \($0.payload.type)" < "\($1.stream) \($1.payload.type)" }
  }

  @Test("who never was to have an account, by state or scope, is looked at when the directory shows them changed")
  func leftOut() {
    var company = Company(Self.crowd.prefix(10) + [user("off", enabled: false)])
    #expect(company["off"]?.decision?.reason == .notActiveInSource && company.delta([]).touched == 0)
    // Once there was something to disable, the last word on it may depend on what became of the account.
    company.delta([user("off", address: "p1@example.com", enabled: true)])
    #expect(company["off"]?.decision?.reason == .duplicateSourceEntries && company.delta([]).touched == 2)
  }
}
