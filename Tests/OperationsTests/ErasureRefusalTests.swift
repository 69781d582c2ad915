import Base
import EventLog
import Foundation
import JSON
import Ledger
import Provisioning
import Sealing
import TestSupport
import Testing
import Views

@testable import Operations

@Suite("Erasing a person: refused, and under a legal hold")
struct ErasureRefusalTests: AdasLife {
  let stage: ErasureStage

  init() throws { stage = try ErasureStage() }

  private func refused(_ alias: String, force: Bool, _ obstacle: ErasureObstacle, _ code: FaultCode) async throws {
    let size = try ledger.log.lastPosition()
    let found = await fault { _ = try await erasure.run(alias, reason: reason, force: force) }
    #expect(found?.code == code && found?.code.exit == .failures, "\(String(describing: found))")
    let recorded = try ledger.recorded().filter { $0.position > size }
    #expect(recorded.map(\.type) == ["erasure.refused"] && recorded.first?.stream == "user/\(alias)")
    let event = try recorded.first.flatMap { try ledger.codec.decode($0) }
    #expect(event?.payload == .erasureRefused(ErasureRefused(reason: reason, obstacle: obstacle)))
    #expect(try ledger.keys.key(of: alias) != nil)
    #expect(try ledger.views.check().isEqual)
  }

  @Test("while the person is in the directory, whatever is said")
  func inDirectory() async throws {
    let alias = try await live()
    for force in [false, true] { try await refused(alias, force: force, .inDirectory, .erasureInDirectory) }
  }

  @Test("while the account is active, unless forced; then what is pending is dropped")
  func active() async throws {
    let alias = try await live()
    try await cycle(crowd(180))
    #expect(try erasure.plan(alias).obstacles == [.activeAccount, .unverifiedDisable])
    try await refused(alias, force: false, .activeAccount, .erasureActiveAccount)
    let certificate = try await erasure.run(alias, reason: reason, force: true)
    #expect(certificate.erased.forced == [.activeAccount, .unverifiedDisable])
    #expect(certificate.plan.remains == [.activeAccount])
    let rows = try ledger.views.deliveries(alias: alias)
    #expect(rows.last?.action == .disable && rows.last?.status == .erased && rows.last?.ended != nil)
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
    #expect(try ledger.views.check().isEqual)
  }

  @Test("while no read has shown the account inactive, unless forced")
  func unverified() async throws {
    let alias = try await live()
    try await cycle(crowd(180))
    try await deliver(except: alias)
    let person = try #require(try ledger.views.person(alias))
    let account = try #require(person.account.believed)
    var inactive = account
    inactive.active = false
    try await ledger.account(
      alias,
      .callStarted(CallStarted(call: 9, purpose: .change, decision: person.decisionPosition, userName: nil, body: nil)),
      .callFinished(
        CallFinished(
          call: 9, purpose: .change, operation: "PATCH /Users/{id}", outcome: .done, status: 200, milliseconds: 9,
          account: inactive)))
    try await refused(alias, force: false, .unverifiedDisable, .erasureUnverified)
    try await ledger.account(alias, .deliveryCompleted(DeliveryCompleted(.call, decision: person.decisionPosition)))
    try await refused(alias, force: false, .unverifiedDisable, .erasureUnverified)
    try await ledger.account(alias, .accountVerified(AccountVerified(isGone: false, account: inactive)))
    #expect(try erasure.plan(alias).obstacles.isEmpty)
    _ = try await erasure.run(alias, reason: reason, force: false)
  }

  @Test("a legal hold is never overridden; it is placed once, listed, and lifted")
  func hold() async throws {
    let alias = try await liveAndLeave()
    let holds = LegalHolds(in: ledger, actor: "operator:olga")
    #expect(await fault { _ = try await holds.lift(alias, reason: "x") }?.code == .holdMissing)
    let position = try await holds.place(alias, reason: "case 2026-17 against nobody").last
    #expect(await fault { _ = try await holds.place(alias, reason: "x") }?.code == .holdThere)
    #expect(try ledger.views.legalHolds().map(\.alias) == [alias])
    #expect(try ledger.views.legalHolds().first?.legalHold?.reason == "case 2026-17 against nobody")
    #expect(try ledger.views.legalHolds().first?.legalHold?.position == position)
    for force in [false, true] { try await refused(alias, force: force, .legalHold, .erasureOnHold) }
    // A cycle does not shake it off.
    try await cycle(crowd(200) + [ada("ada.king@example.com", "Augusta Ada Byron")])
    try await cycle(crowd(200))
    try await deliver()
    try await refused(alias, force: false, .legalHold, .erasureOnHold)
    let recorded = try ledger.recorded().filter { $0.type.hasPrefix("legal.hold.") }
    #expect(
      recorded.count == 1 && recorded.allSatisfy { !String(decoding: $0.entry, as: UTF8.self).contains("2026-17") })
    _ = try await holds.lift(alias, reason: "settled")
    #expect(try ledger.views.legalHolds().isEmpty && ledger.views.check().isEqual)
    _ = try await erasure.run(alias, reason: reason, force: false)
    #expect(try Remnants.of(["case 2026-17 against nobody"], in: place.folder) == [])
    #expect(await fault { _ = try await holds.place(alias, reason: "x") }?.code == .alreadyErased)
    #expect(await fault { _ = try await holds.place("nobody", reason: "x") }?.code == .personUnknown)
    #expect(fault { _ = try erasure.plan("nobody") }?.code == .personUnknown)
  }
}
