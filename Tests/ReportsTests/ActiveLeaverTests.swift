import Base
import EventLog
import JSON
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing
import Views

@testable import Reports

/// Somebody who has left and can still use an account is counted once nobody changes that.
@Suite("Reports: leavers whose account is active")
struct ActiveLeaverTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  private func show(isEnabled: Bool) async throws -> Person {
    let path = try place.write("export.csv", Export.csv([Exported("ada", enabled: isEnabled)]))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
    try ledger.views.catchUp()
    return try #require(try ledger.views.people().people.first)
  }

  private func account(active: Bool) -> RemoteAccount {
    RemoteAccount(id: "u1", userName: "ada@example.com", displayName: "Name of ada", active: active)
  }

  /// Somebody who has an account, and has left since.
  private func leaver() async throws -> Person {
    let person = try await show(isEnabled: true)
    try await ledger.account(
      person.alias, .linked(AccountLinked(.created, account(active: true))),
      .deliveryCompleted(DeliveryCompleted(.call, decision: person.decisionPosition)))
    return try await show(isEnabled: false)
  }

  private func reasons() throws -> [Health.Reason.Code] {
    Health(try StatusReport(ledger), .init(), at: place.clock.moment).reasons.map(\.code)
  }

  private func setAside(_ person: Person, _ status: PersonStatus) async throws {
    let (decision, now) = (person.decisionPosition, place.clock.moment)
    switch status {
    case .abandoned:
      try await ledger.account(person.alias, .deliveryAbandoned(DeliveryAbandoned(.rejected, decision: decision)))
    case .skipped:
      let skip = DeliverySkipped(decision: decision, reason: "by hand")
      try await ledger.append([Event(.user(person.alias), .deliverySkipped(skip))], actor: "operator:olga")
    case .frozen:
      let hold = DeliveryHeld(reason: "case 7")
      try await ledger.append([Event(.user(person.alias), .deliveryHeld(hold))], actor: "operator:olga")
    default:
      let parked = DeliveryParked(.rejected, decision: decision, attempt: 1, since: now, retry: now + .seconds(60))
      try await ledger.account(person.alias, .deliveryParked(parked))
    }
  }

  @Test(
    "whose delivery is set aside counts at once, however that came, in all that tells of it",
    arguments: [PersonStatus.parked, .abandoned, .skipped, .frozen])
  func setAside(_ status: PersonStatus) async throws {
    let person = try await leaver()
    #expect(try reasons() == [])
    try await setAside(person, status)
    let report = try StatusReport(ledger)
    let health = Health(report, .init(), at: place.clock.moment)
    #expect(report.leavers == [status: 1] && report.json["activeLeavers"] == 1)
    #expect(health.level == .broken)
    #expect(health.reasons.first?.words == "1 active though to be inactive (1 \(status.rawValue))")
    #expect(report.metrics(health).contains("\nprovledger_active_leavers 1\n"))
    let row = report.rows(folder: "x", now: place.clock.moment).first { $0[0] == "ACTIVE LEAVERS" }
    #expect(row?.last?.hasPrefix("1 account is ACTIVE though to be inactive: 1 \(status.rawValue);") == true)
  }

  @Test("whose account is missing, or was never active, does not count; nor whoever is to be active")
  func others() async throws {
    let person = try await leaver()
    try await setAside(person, .parked)
    try await ledger.account(
      person.alias, .driftDetected(DriftDetected(.missing, isRepaired: false, account: nil)))
    #expect(try StatusReport(ledger).activeLeavers == 0)
    try await setAside(try await show(isEnabled: true), .parked)
    #expect(try StatusReport(ledger).activeLeavers == 0)
  }

  @Test("who is pending does not count while a worker is at work; without one, after as long as work may wait")
  func pending() async throws {
    _ = try await leaver()
    place.clock.advance(.seconds(600))
    #expect(try reasons() == [])
    place.clock.advance(.seconds(1))
    #expect(try reasons() == [.activeLeavers, .noWorker])
    #expect(try StatusReport(ledger).leavers == [.pending: 1])
    let worker = try ledger.lock(.worker)
    defer { withExtendedLifetime(worker) {} }
    #expect(try reasons() == [])
  }

  @Test("a repair that is pending counts at once without a worker, and with one once it waits too long")
  func repair() async throws {
    let person = try await leaver()
    try await ledger.account(
      person.alias, .accountVerified(AccountVerified(isGone: false, account: account(active: false))),
      .deliveryCompleted(DeliveryCompleted(.call, decision: person.decisionPosition)))
    #expect(try reasons() == [])
    try await ledger.account(
      person.alias, .driftDetected(DriftDetected(.extra, isRepaired: true, account: account(active: true))))
    #expect(try StatusReport(ledger).leavers == [.pending: 1])
    let worker = try ledger.lock(.worker)
    defer { withExtendedLifetime(worker) {} }
    #expect(try reasons() == [])
    place.clock.advance(.seconds(601))
    #expect(try reasons() == [.activeLeavers])
  }
}
