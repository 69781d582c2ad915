import Base
import Dispatch
import EventLog
import Ledger
import Provisioning
import Sealing
import TestSupport
import Testing
import Views

@testable import Operations

@Suite("The one way in")
struct TransactionTests {
  private let place: TestLedger
  private let identity = OperatorIdentity(
    login: "root", name: "Olga Example", invoker: "ada", user: 0, loginUser: 1000, loginName: "olga",
    host: "host.example")

  init() throws { place = try TestLedger() }

  private func open(_ identity: OperatorIdentity?) throws -> OpenLedger {
    try OpenLedger(folder: place.folder, logger: quiet, identity: identity, clock: place.clock.read)
  }

  @Test("the first act of an operator says who that is, sealed; the next ones only what has changed")
  func seen() async throws {
    let ledger = try open(identity)
    for _ in 0..<2 {
      _ = try await Records(in: ledger, actor: .operator("olga")).export("log", format: "ndjson", count: 1)
    }
    #expect(try ledger.types() == [OperatorSeen.type, ReportExported.type, ReportExported.type])
    let first = try #require(try ledger.recorded().first)
    for word in ["Olga", "host.example", "ada", "1000"] {
      #expect(!String(decoding: first.entry, as: UTF8.self).contains(word))
    }
    #expect(try ledger.views.operatorIdentity(of: .operator("olga")) == identity)
    try ledger.close()
    var moved = identity
    moved.host = "other.example"
    let other = try open(moved)
    _ = try await Records(in: other, actor: .operator("olga")).export("log", format: "ndjson", count: 1)
    #expect(try other.types().suffix(2) == [OperatorSeen.type, ReportExported.type])
    #expect(try other.views.acts().map(\.type) == Array(repeating: ReportExported.type, count: 3))
    #expect(try other.views.acts(by: .worker).isEmpty)
  }

  @Test("two who use one login name are told apart: each act follows what was seen of whoever did it")
  func sharedLogin() async throws {
    var other = identity
    (other.loginUser, other.loginName) = (1001, "bob")
    for human in [identity, other, other, identity] {
      let ledger = try open(human)
      try await Records(in: ledger, actor: .operator("root")).export("log", format: "ndjson", count: 1)
      #expect(try ledger.views.operatorIdentity(of: .operator("root")) == human)
      try ledger.close()
    }
    let ledger = try open(identity)
    #expect(try ledger.types().filter { $0 == OperatorSeen.type }.count == 3)
    _ = try await Records(in: ledger, actor: .operator("olga")).rotateLogKey()
    #expect(try ledger.types().filter { $0 == OperatorSeen.type }.count == 4)
  }

  @Test("an export says what was asked for too, in the same append; a request to compare names who asks")
  func exports() async throws {
    let ledger = try open(identity)
    let records = Records(in: ledger, actor: .operator("olga"))
    let viewed = DataViewed(name: "log export", count: 3, position: 0, filter: "from 1 to 3")
    let receipt = try await records.export("log", format: "ndjson", count: 3, viewed: viewed)
    #expect(receipt.count == 2)
    let last = try await records.request(ReconcileRequested(id: "r1"))
    #expect(
      try ledger.types() == [OperatorSeen.type, ReportExported.type, DataViewed.type, ReconcileRequested.type])
    #expect(try ledger.log.lastPosition() == last)
  }

  @Test("an import says once who its operator is")
  func seenOnce() async throws {
    try await Records(in: open(nil), actor: .operator("olga")).configuration()
    let ledger = try open(identity)
    let path = try place.write("export.csv", Export.csv([Exported("ada")]))
    _ = try await DirectoryImport(into: ledger, actor: .operator("olga")).run(paths: [path])
    #expect(try ledger.types().count { $0 == OperatorSeen.type } == 1)
  }

  @Test("an operator is erased like a person, and is somebody new when seen again")
  func erased() async throws {
    let ledger = try open(identity)
    _ = try await Records(in: ledger, actor: .operator("olga")).export("log", format: "ndjson", count: 1)
    let alias = try ledger.subject("operator:olga")
    let reason = try #require(ErasureReason("other"))
    let certificate = try await Erasure(in: ledger, actor: "operator:eve").run(alias, reason: reason, force: false)
    #expect(certificate.plan.events == 1)
    #expect(try ledger.views.operatorIdentity(of: .operator("olga")) == nil)
    #expect(try ledger.keys.key(of: alias) == nil)
    #expect(try ledger.views.check().isEqual)
    _ = try await Records(in: ledger, actor: .operator("olga")).export("log", format: "ndjson", count: 1)
    let again = try ledger.subject("operator:olga")
    #expect(again != alias)
    #expect(try ledger.views.check().isEqual)
  }

  @Test("without a turn: whoever appends to the same stream meanwhile is seen, and the decision is taken anew")
  func conflict() async throws {
    let (ledger, other) = (try open(nil), try open(nil))
    let tries = Counter()
    let done = try await Transaction(in: ledger, by: "operator:olga").run(unless: [.target]) { scene in
      tries.add()
      if tries.count == 1 {
        // As another process would, between the look and the append.
        let group = DispatchGroup()
        group.enter()
        Task.detached(executorPreference: OwnQueue()) {
          _ = try? await other.append([Event(.target, .circuitClosed(CircuitClosed()))], actor: .worker)
          group.leave()
        }
        group.wait()
      }
      return Decided([Event(.target, .deliveryPaused(DeliveryPaused(reason: "x")))], try scene.target().operatorPause)
    }
    #expect(tries.count == 2 && done.receipt?.first == 2)
  }

  @Test("a pause, a resume and a release that make no sense are refused, and nothing is appended")
  func refusals() async throws {
    let ledger = try open(nil)
    let control = DeliveryControl(in: ledger, actor: "operator:olga")
    #expect(await fault { try await control.resume() }?.code == .notPaused)
    #expect(await fault { try await control.release() }?.code == .notQuarantined)
    #expect(await fault { try await control.skip("nobody", reason: "x") }?.code == .personUnknown)
    #expect(try ledger.log.lastPosition() == 0)
  }
}

/// Runs tasks outside of the shared threads, so that one of those can wait for them.
private final class OwnQueue: TaskExecutor {
  private let queue = DispatchQueue(label: "another process")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
