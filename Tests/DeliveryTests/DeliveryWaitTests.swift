import Base
import Delivery
import Operations
import Provisioning
import TeamViewerModel
import TestSupport
import Testing

@Suite("Waiting for what becomes of a decision")
struct DeliveryWaitTests {
  private func decided(_ site: Site) throws -> (alias: String, decision: Int64) {
    let person = try #require(try site.known().first)
    return (person.alias, person.decisionPosition)
  }

  /// Time that never comes to an end by itself.
  private static let forever: @Sendable (Duration) async throws -> Void = { _ in
    try await Task.sleep(for: .seconds(3600))
  }

  @Test("it is heard of as soon as the worker has delivered, and at once afterwards")
  func delivered() async throws {
    let site = try Site()
    try await site.take(Site.people(1...1))
    let (alias, decision) = try decided(site)
    let wait = DeliveryWait(in: site.ledger, pause: Self.forever)
    async let outcome = wait.outcome(of: alias, decision: decision, within: .seconds(1))
    #expect(try await site.deliver() == .idle)
    #expect(try await outcome == .delivered(.call))
    #expect(try await wait.outcome(of: alias, decision: decision, within: .seconds(1)) == .delivered(.call))
  }

  @Test("nobody delivers: it is overdue when the time is over, and set aside when an operator says so")
  func overdue() async throws {
    let site = try Site()
    try await site.take(Site.people(1...1))
    let (alias, decision) = try decided(site)
    let wait = DeliveryWait(in: site.ledger) { _ in }
    #expect(try await wait.outcome(of: alias, decision: decision, within: .seconds(1)) == .overdue)
    _ = try await DeliveryControl(in: site.ledger, actor: "operator").hold(alias, reason: "move")
    let patient = DeliveryWait(in: site.ledger, pause: Self.forever)
    #expect(try await patient.outcome(of: alias, decision: decision, within: .seconds(1)) == .setAside)
  }

  @Test("nothing is to be delivered for whoever is to have no account, and nobody waits for a stranger")
  func nothing() async throws {
    let site = try Site()
    try await site.take([Exported("p1", enabled: false), Exported("p2")])
    let idle = try #require(try site.known().first { $0.desired == nil })
    let wait = DeliveryWait(in: site.ledger, pause: Self.forever)
    #expect(try await wait.outcome(of: idle.alias, decision: idle.decisionPosition, within: .seconds(1)) == .nothing)
    await #expect(throws: Fault.self) { try await wait.outcome(of: "nobody", decision: 1, within: .seconds(1)) }
  }

  @Test("what TeamViewer refuses for good is heard of as parked")
  func parked() async throws {
    let site = try Site(settings: { $0.foreignAccounts = ["p1@example.com"] })
    try await site.take(Site.people(1...1))
    let (alias, decision) = try decided(site)
    #expect(try await site.deliver() == .idle)
    let outcome = try await DeliveryWait(in: site.ledger, pause: Self.forever)
      .outcome(of: alias, decision: decision, within: .seconds(1))
    guard case .parked(let parked) = outcome else { return #expect(Bool(false), "\(outcome)") }
    #expect(parked.reason == .addressOutsideCompany)
  }
}
