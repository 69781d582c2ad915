import Base
import JSON
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing
import Views

@testable import Reports

@Suite("Reports: how far a cycle is, and what is wrong with cycles")
struct CycleProgressTests {
  private let place: TestLedger
  private let now: Timestamp

  init() throws {
    place = try TestLedger()
    now = place.clock.moment
  }

  private func running(_ phase: CycleState.Progress.Phase, _ done: Int, of total: Int?) -> CycleProgress {
    var running = CycleState.Progress(process: 1, directory: .standard, isFull: true, now: now)
    (running.phase, running.done, running.total) = (phase, done, total)
    running.observed = now + .seconds(30)
    return CycleProgress(running)
  }

  @Test("percentage and estimate follow from what is done; where nobody knows of how much, there is neither")
  func reading() {
    let known = running(.reading, 300, of: 1200)
    #expect(known.percent == 25 && known.estimate == now + .seconds(120))
    #expect(
      known.row(now)[1]
        == "[#####---------------] 25 %, initial cycle, reading: 300 of 1200 users, done about \(now + .seconds(120))")
    let unknown = running(.reading, 300, of: nil)
    #expect(unknown.percent == nil && unknown.estimate == nil)
    #expect(unknown.row(now)[1] == "initial cycle, reading: 300 users")
    #expect(running(.recording, 5, of: 4).percent == 100)
    #expect(known.json["percent"] == 25 && unknown.json["total"] == .null)
  }

  @Test("what a cycle decided and is not delivered yet is its last phase")
  func delivering() async throws {
    let ledger = try place.open()
    #expect(try StatusReport(ledger).progress == nil)
    let path = try place.write("export.csv", Export.csv((0..<4).map { Exported("p\($0)") }))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
    try ledger.views.catchUp()
    let person = try #require(try ledger.views.people().people.first)
    let account = RemoteAccount(id: "u1", userName: "p0@example.com", displayName: "Name of p0", active: true)
    let completed = EventPayload.deliveryCompleted(DeliveryCompleted(.call, decision: person.decisionPosition))
    try await ledger.account(person.alias, .linked(AccountLinked(.created, account)), completed)
    let progress = try #require(try StatusReport(ledger).progress)
    #expect(progress.phase == .delivering && progress.isInitial && progress.done == 1 && progress.percent == 25)
  }

  @Test(
    "who is set aside is not done, nor waited for, and stands apart; without anybody else to deliver there is no bar")
  func setAside() async throws {
    let ledger = try place.open()
    let path = try place.write("export.csv", Export.csv((0..<4).map { Exported("p\($0)") }))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
    let parked = try await park(0, in: ledger)
    let first = try #require(parked)
    #expect(first.done == 0 && first.total == 4 && first.setAside == 1 && first.percent == 0)
    #expect(first.row(now)[1].contains("delivering: 0 of 4 changes, 1 set aside"))
    #expect(first.json["setAside"] == 1)
    for index in 1...2 { _ = try await park(index, in: ledger) }
    let last = try await park(3, in: ledger)
    #expect(last == nil)
  }

  /// Parks somebody's delivery, and tells how far the cycle is then.
  private func park(_ index: Int, in ledger: OpenLedger) async throws -> CycleProgress? {
    try ledger.views.catchUp()
    let person = try ledger.views.people().people[index]
    let parked = DeliveryParked(.rejected, decision: person.decisionPosition, attempt: 1, since: now, retry: now)
    try await ledger.account(person.alias, .deliveryParked(parked))
    return try StatusReport(ledger).progress
  }

  private func watch(_ text: [(String, String)], _ state: CycleState = .init(), last: Duration?) throws -> CycleWatch {
    for (piece, other) in text { try place.reconfigure(piece, with: other) }
    let ledger = try place.open()
    defer { try? ledger.close() }
    return CycleWatch(
      ledger.configuration, state, folder: ledger.configuration.cycles.folder.map(ledger.path(of:)),
      last: last.map { ago($0) }, began: ago(.seconds(86_400)),
      at: now)
  }

  private func ago(_ span: Duration) -> Timestamp { now + (.zero - span) }

  private static let tenant = [
    ("tenant: \"\"", "tenant: contoso"), ("client: \"\"", "client: app"),
    ("certificate: \"\"", "certificate: graph.pem"),
  ]

  @Test("no finished cycle in two intervals is an alarm, unless one goes on")
  func silence() throws {
    #expect(try watch([], last: nil).silentSince == nil)
    #expect(try watch(Self.tenant, last: .seconds(4800)).silentSince == nil)
    #expect(try watch([], last: .seconds(4801)).silentSince == ago(.seconds(4801)))
    #expect(try watch([], last: nil).silentSince == ago(.seconds(86_400)))
    var state = CycleState()
    state.progress = .init(process: 1, directory: .standard, isFull: true, now: ago(.seconds(60)))
    #expect(try watch([], state, last: .seconds(9000)).silentSince == nil)
    state.progress?.observed = ago(.seconds(901))
    #expect(try watch([], state, last: .seconds(9000)).silentSince != nil)
  }

  @Test("cycles that fail are told with the fault; after two intervals it is as bad as none")
  func failing() throws {
    var state = CycleState()
    state.failures = [
      .init(.tenant, code: "PL-1204", reason: "PL-1204: The secret is wrong.", since: ago(.seconds(4800))),
      .init(.folder, code: "PL-0113", reason: "PL-0113: It is cut.", since: ago(.seconds(4801))),
    ]
    #expect(try watch([], state, last: .zero).failures == [])
    var status = try StatusReport(try place.open())
    status.watch = try watch(Self.tenant, state, last: .seconds(4801))
    #expect(
      status.watch.rows(at: now) == [
        ["NO CYCLE", "none has finished since \(ago(.seconds(4801)))"],
        ["CYCLES FAIL", "over the tenant since \(ago(.seconds(4800))): PL-1204: The secret is wrong."],
      ])
    status.watch.silentSince = nil
    let tenant = Health(status, .init(), at: now)
    #expect(tenant.line == "degraded: cycles over the tenant fail since \(ago(.seconds(4800))) (PL-1204)")
    let folder = [
      ("folder: \"\"", "folder: drop"), ("tenant: contoso", "tenant: \"\""), ("client: app", "client: \"\""),
      ("certificate: graph.pem", "certificate: \"\""),
    ]
    status.watch = try watch(folder, state, last: .zero)
    #expect(status.watch.json["failures"]?.array?.last?["code"] == "PL-0113")
    let late = Health(status, .init(), at: now).reasons
    #expect(late.map(\.code) == [.noCycle, .oldExport])
    #expect(late.first?.words == "cycles over the watched folder fail since \(ago(.seconds(4801))) (PL-0113)")
  }

  @Test("credentials that end soon are named; an old one beside a good one is nothing")
  func credentials() throws {
    func credential(_ days: Int64) -> CycleState.Credential {
      .init(kind: "secret", name: "\(days)", end: now + .seconds(days * 86_400))
    }
    var state = CycleState()
    state.credentials = [credential(-5), credential(20), credential(400)]
    let watch = try watch(Self.tenant, state, last: .zero)
    #expect(watch.ending.map(\.name) == ["20"])
    let end = now + .seconds(20 * 86_400)
    #expect(watch.rows(at: now) == [["CREDENTIALS", "the secret 20 for the directory ends: \(end)"]])
    #expect(CycleState.Credential.ending([credential(-5), credential(400)], at: now).isEmpty)
    #expect(CycleState.Credential.ending([credential(-5)], at: now).count == 1)
    state.credentials = [credential(-5)]
    let over = try self.watch([], state, last: .zero)
    #expect(over.rows(at: now) == [["CREDENTIALS", "the secret -5 for the directory ended: \(credential(-5).end)"]])
    var status = try StatusReport(try place.open())
    status.watch = over
    #expect(Health(status, .init(), at: now).line.contains("a secret for the directory ended at"))
  }

  @Test("a watched folder without a new export is an alarm")
  func exports() throws {
    let none = try watch([("folder: \"\"", "folder: drop")], last: nil)
    #expect(none.isExportOld && none.export == nil && none.silentSince == nil)
    #expect(none.rows(at: now) == [["OLD EXPORT", "none; one is due every 48 hours"]])
  }
}
