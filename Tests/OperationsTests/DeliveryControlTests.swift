import Base
import EventLog
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing
import Views

@Suite("Operators' acts on deliveries")
struct DeliveryControlTests {
  private let place: TestLedger
  private let ledger: OpenLedger
  private let control: DeliveryControl

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
    control = DeliveryControl(in: ledger, actor: "operator:olga")
  }

  private func show(_ ids: [String] = ["ada", "bob", "eve"]) async throws {
    let path = try place.write("export.csv", Export.csv(ids.map { Exported($0) }))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
    try ledger.views.catchUp()
  }

  private func person(_ name: String) throws -> Person { try #require(try ledger.views.find(name).first) }

  private func park(_ name: String) async throws {
    let (now, person) = (place.clock.moment, try person(name))
    try await ledger.account(
      person.alias,
      .deliveryParked(
        DeliveryParked(.rejected, decision: person.decisionPosition, attempt: 1, since: now, retry: now + .seconds(60)))
    )
    try ledger.views.catchUp()
  }

  @Test("held, skipped and parked people are let go by a retry; the log says who did what, and why only sealed")
  func lifecycle() async throws {
    try await show()
    let (ada, bob) = (try person("ada").alias, try person("bob").alias)
    try await park("eve")
    let position = try await control.hold(ada, reason: "secret words").last
    _ = try await control.skip(bob, reason: "by hand")
    #expect(PersonStatus(try person("ada")) == .frozen)
    #expect(PersonStatus(try person("bob")) == .skipped)
    for name in ["ada", "bob", "eve"] { _ = try await control.retry(person(name).alias) }
    #expect(try ledger.views.statusCounts() == [.pending: 3])
    let held = try #require(try ledger.recorded().first { $0.position == position })
    let actor = try held.envelope().actor
    #expect(held.type == DeliveryHeld.type && actor == "operator:olga")
    #expect(!String(decoding: held.entry, as: UTF8.self).contains("secret"))
    #expect(try ledger.views.check().isEqual)
  }

  @Test("what makes no sense is refused, and nothing is appended")
  func refusals() async throws {
    try await show()
    let ada = try person("ada")
    _ = try await control.hold(ada.alias, reason: "x")
    _ = try await control.skip(try person("bob").alias, reason: "x")
    let eve = try person("eve")
    try await ledger.account(eve.alias, .deliveryCompleted(DeliveryCompleted(.call, decision: eve.decisionPosition)))
    let size = try ledger.log.lastPosition()
    let (control, bob) = (control, try person("bob"))
    #expect(await fault { _ = try await control.hold(ada.alias, reason: "x") }?.code == .asideAlready)
    #expect(await fault { _ = try await control.skip(ada.alias, reason: "x") }?.code == .asideAlready)
    #expect(await fault { _ = try await control.skip(bob.alias, reason: "x") }?.code == .asideAlready)
    #expect(await fault { _ = try await control.skip(eve.alias, reason: "x") }?.code == .nothingOpen)
    #expect(await fault { _ = try await control.retry(eve.alias) }?.code == .nothingOpen)
    #expect(await fault { _ = try await control.retryAll() }?.code == .nothingOpen)
    #expect(await fault { _ = try await control.resume() }?.code == .notPaused)
    #expect(try ledger.log.lastPosition() == size)
  }

  @Test("a pending delivery needs no retry")
  func pending() async throws {
    try await show()
    let (control, ada) = (control, try person("ada").alias)
    let refused = await fault { _ = try await control.retry(ada) }
    #expect(refused?.code == .nothingOpen && refused?.sentence.contains("pending already") == true)
  }

  @Test("who was erased is left alone")
  func erased() async throws {
    try await show()
    try await show(["bob", "eve"])
    let ada = try #require(try ledger.views.people().people.first { $0.state != .present }).alias
    let reason = try #require(ErasureReason("other"))
    _ = try await Erasure(in: ledger, actor: "test").run(ada, reason: reason, force: true)
    let control = control
    for act in [control.hold, control.skip] {
      #expect(await fault { _ = try await act(ada, "x") }?.code == .alreadyErased)
    }
    #expect(await fault { _ = try await control.retry(ada) }?.code == .alreadyErased)
  }

  @Test("retry of all lets parked and abandoned people go, and neither skipped nor held ones")
  func retryAll() async throws {
    try await show(["ada", "bob", "eve", "joe"])
    try await park("ada")
    try await park("bob")
    let bob = try person("bob")
    try await ledger.account(
      bob.alias, .deliveryAbandoned(DeliveryAbandoned(.rejected, decision: bob.decisionPosition)))
    _ = try await control.hold(person("eve").alias, reason: "x")
    _ = try await control.skip(person("joe").alias, reason: "x")
    #expect(try await control.retryAll(reason: "mended") == 2)
    #expect(try ledger.views.statusCounts() == [.pending: 2, .frozen: 1, .skipped: 1])
  }

  @Test("a pause is there once, ends by itself or by resume, and waits for no lock")
  func pause() async throws {
    let lock = try ledger.lock(.cycle)
    let until = place.clock.moment + .seconds(60)
    _ = try await control.pause(until: until, reason: "move")
    let control = control
    let twice = await fault { _ = try await control.pause(reason: "again") }
    #expect(twice?.code == .pausedAlready && twice?.sentence.contains(until.description) == true)
    place.clock.advance(.seconds(60))
    _ = try await control.pause(reason: "the first is over")
    #expect(try ledger.views.target().condition.operatorPause?.reason == "the first is over")
    _ = try await control.resume(reason: "done")
    #expect(try ledger.views.target().condition.operatorPause == nil)
    withExtendedLifetime(lock) {}
  }
}
