import Base
import EventLog
import GraphModel
import JSON
import Ledger
import Operations
import Provisioning
import Sealing
import TestSupport
import Testing
import Views

@Suite("Cycles begin anew", .timeLimit(.minutes(2)))
struct CycleRestartTests {
  private let olga = Actor.operator("olga")

  private func restart(_ stage: TenantStage, _ scopes: Set<CycleRestart.Scope>) async throws -> CycleRestart.Outcome {
    let ledger = try stage.place.open()
    defer { try? ledger.close() }
    return try await CycleRestart(in: ledger, actor: olga).run(scopes)
  }

  /// What the log says behind a position: types, and who did it.
  private func events(_ stage: TenantStage, after position: Int64) throws -> [LoggedEvent] {
    let ledger = try stage.place.open()
    defer { try? ledger.close() }
    return try ledger.codec.decode(ledger.log.read(from: position + 1))
  }

  private func size(_ stage: TenantStage) throws -> Int64 {
    let ledger = try stage.place.open()
    defer { try? ledger.close() }
    return try ledger.log.lastPosition()
  }

  /// Brings everybody's account into the log, as a worker does.
  private func link(_ stage: TenantStage) async throws {
    let ledger = try stage.place.open()
    defer { try? ledger.close() }
    try ledger.views.catchUp()
    for person in try ledger.views.people().people {
      let name = person.desired?.userName ?? ""
      let account = RemoteAccount(id: "u-\(name)", userName: name, displayName: "x", active: true)
      try await ledger.account(
        person.alias, .linked(AccountLinked(.created, account)),
        .deliveryCompleted(DeliveryCompleted(.call, decision: person.decisionPosition)))
    }
  }

  @Test("the next cycle reads everybody; the log says by whom")
  func watermark() async throws {
    try await TenantStage.serving(6) { stage in
      for _ in 0..<2 { _ = try await stage.cycle() }
      let before = try size(stage)
      #expect(try await restart(stage, [.watermark]) == CycleRestart.Outcome())
      let events = try events(stage, after: before)
      #expect(events.contains { $0.payload.type == "configuration.applied" && $0.actor == olga })
      let next = try await stage.cycle()
      #expect(next.hasDecided && next.summary.counts.read == 6 && next.summary.counts.observed == 0)
      #expect(try await !stage.cycle().hasDecided)
    }
  }

  @Test("what is parked is tried again, and a quarantine ends")
  func escrows() async throws {
    try await TenantStage.serving(6) { stage in
      _ = try await stage.cycle()
      let ledger = try stage.place.open()
      try ledger.views.catchUp()
      let person = try #require(try ledger.views.people().people.first)
      let now = ledger.clock()
      try await ledger.account(
        person.alias,
        .deliveryParked(
          DeliveryParked(.rejected, decision: person.decisionPosition, attempt: 1, since: now, retry: now)))
      try await ledger.target(.quarantineEntered(QuarantineEntered(.credentials, status: 401, operation: "GET /Users")))
      try ledger.close()
      #expect(try await restart(stage, [.watermark]).retried == 0)
      let outcome = try await restart(stage, CycleRestart.Scope.standard)
      #expect(outcome.retried == 1 && outcome.isReleased && outcome.unlinked == 0)
      let again = try await restart(stage, CycleRestart.Scope.standard)
      #expect(again.retried == 0 && !again.isReleased)
    }
  }

  @Test("which account is whose is forgotten, and everybody is to be delivered again; not while a worker runs")
  func links() async throws {
    try await TenantStage.serving(6) { stage in
      _ = try await stage.cycle()
      try await link(stage)
      let ledger = try stage.place.open()
      try ledger.views.catchUp()
      #expect(try ledger.views.backlog().pending == 0)
      let worker = try ledger.lock(.worker)
      let fault = await #expect(throws: Fault.self) { try await restart(stage, [.connectorDataStore]) }
      #expect(fault?.code == .lockBusy)
      withExtendedLifetime(worker) {}
      try ledger.close()
    }
    try await TenantStage.serving(6) { stage in
      _ = try await stage.cycle()
      try await link(stage)
      #expect(try await restart(stage, [.connectorDataStore]).unlinked == 6)
      let ledger = try stage.place.open()
      defer { try? ledger.close() }
      try ledger.views.catchUp()
      let people = try ledger.views.people().people
      #expect(people.allSatisfy { $0.account.believed == nil && $0.isPending && $0.account.unlinked == .restarted })
      #expect(try ledger.views.backlog().pending == 6)
      #expect(try ledger.views.rebuild().isEqual)
    }
  }
}
