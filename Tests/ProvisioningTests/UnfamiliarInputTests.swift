import Base
import Provisioning
import Testing

/// An input that would do much, or that shares little with the ledger, waits for an operator.
@Suite("Cycle: too many leavers, too few known")
struct UnfamiliarInputTests {
  private func people(_ numbers: ClosedRange<Int>, _ kind: String = "p") -> [DirectoryChange] {
    numbers.map { user("\(kind)\($0)", address: "\(kind)\($0)@\(kind).example.com") }
  }

  @Test("the limit is relative in a small company, and one alone never trips it", arguments: 1...40)
  func limit(active: Int) {
    let limit = SafeguardLimits().limit(active: active)
    for leavers in 0...active {
      let trips = leavers > min(500, max(5, active / 10)) || (leavers >= 2 && leavers * 3 > active)
      #expect((leavers > limit) == trips, "\(leavers) of \(active)")
    }
  }

  @Test("another company's export of five: nobody is disabled, nobody is created, and it says which domains it saw")
  func otherCompany() {
    var company = Company(people(1...5))
    let outcome = company.snapshot(people(1...5, "x"))
    #expect(outcome.decisions.count == 10 && outcome.decisions.values.allSatisfy { $0.action == .held })
    #expect(outcome.held?.count == 10)
    #expect(outcome.unfamiliar?.shared == 0 && outcome.unfamiliar?.domains == ["x.example.com"])
    #expect(outcome.unfamiliar?.knownDomains == ["p.example.com"])
    #expect(company.people.allSatisfy { !$0.isPending })
    let again = company.snapshot(people(1...5, "x"))
    #expect(again.held == outcome.held && again.decisionCount == 0, "the same people keep their safeguard")
    let right = company.snapshot(people(1...5))
    #expect(right.held == nil && right.decisions.values.allSatisfy { $0.action == .none || $0.action == .skip })
    #expect(company.people.count { $0.desired?.active == true } == 5)
  }

  @Test("when the safeguard trips, creates wait with the disables, and one approval decides both")
  func createsWait() throws {
    var company = Company(people(1...30))
    let outcome = company.snapshot(people(1...20) + people(1...3, "new"))
    #expect(outcome.decisions.count { $0.value.action == .held } == 13 && outcome.unfamiliar == nil)
    let id = try #require(outcome.held?.id)
    let events = try #require(Cycle.approve(id, policy: company.policy, people: company.people))
    company.append(events)
    #expect(
      events.count { if case .decided(let decision) = $0.payload { decision.action == .disable } else { false } } == 10)
    #expect(
      events.count { if case .decided(let decision) = $0.payload { decision.action == .create } else { false } } == 3)
    #expect(company.people.count { $0.desired?.active == true } == 23)
    #expect(Cycle.approve(id, policy: company.policy, people: company.people) == nil)
  }

  @Test("a first few people, then everybody: the others wait for an approval, and nobody is disabled")
  func pilot() throws {
    var company = Company(people(1...3))
    let outcome = company.snapshot(people(1...40))
    #expect(outcome.held?.count == 37 && outcome.decisions.values.allSatisfy { $0.reason == .unfamiliarInput })
    let id = try #require(outcome.held?.id)
    company.append(try #require(Cycle.approve(id, policy: company.policy, people: company.people)))
    #expect(company.people.count { $0.desired?.active == true } == 40)
    #expect(company.snapshot(people(1...40)).isQuiet)
  }

  @Test("a company that grows by less than half, a delta and a first import are familiar")
  func familiar() {
    var company = Company(people(1...10))
    #expect(company.snapshot(people(1...20)).held == nil)
    #expect(company.delta(people(1...60, "new")).held == nil)
    var first = Company()
    #expect(first.snapshot(people(1...9)).held == nil)
  }

  @Test("the recycle bin's users leave, and nothing is said of the others")
  func bin() {
    var company = Company(people(1...10))
    let bin = DirectoryReading(kind: .partial, changes: [partial("p1", state: .softDeleted)])
    let outcome = company.run(bin)
    #expect(outcome.decisions.mapValues(\.action) == ["p1": .disable])
    #expect(outcome.decisions["p1"]?.reason == .softDeletedInSource)
  }

  @Test("a snapshot that does not say who may sign in is noticed each time")
  func silent() {
    let company = Company(people(1...10))
    var changes = people(1...10)
    for place in 0..<4 { changes[place].attributes[.accountEnabled] = nil }
    let reading = DirectoryReading(kind: .snapshot, changes: changes)
    #expect(reading.silent(of: People(company.people), in: .standard) == 4)
    #expect(reading.silent(of: People(company.people), in: DirectorySourceID("other")) == 0)
    let delta = DirectoryReading(kind: .delta(link: "l"), changes: changes)
    #expect(delta.silent(of: People(company.people), in: .standard) == 0)
  }
}
