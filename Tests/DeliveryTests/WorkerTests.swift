import Base
import Delivery
import DeliveryMachine
import EventLog
import JSON
import Ledger
import Operations
import Provisioning
import SCIM
import Sealing
import Synchronization
import TeamViewerModel
import TestSupport
import Testing

/// The real worker on a real ledger, against TeamViewer's model: no sockets, no second process.
@Suite("The worker in process")
struct WorkerTests {
  @Test("an import is delivered: TeamViewer has exactly its people")
  func delivers() async throws {
    let site = try Site()
    var people = Site.people(1...10)
    try await site.take(people)
    #expect(try await site.worker(concurrency: 4).run() == .idle)
    #expect(site.accounts == Site.accounts(of: people))
    people[2].name = "Another"
    people[3].isEnabled = false
    try await site.take(people, file: "second.csv")
    #expect(try await site.deliver() == .idle)
    #expect(site.accounts == Site.accounts(of: people))
    #expect(try site.known().allSatisfy { !$0.isPending })
  }

  @Test("a pause that is appended while calls wait holds them back, until it is over")
  func pause() async throws {
    let site = try Site()
    try await site.take(Site.people(1...5))
    let (entered, paused) = (Latch(), Latch())
    let worker = try await site.worker { request in
      if request.method == .post {
        entered.open()
        await paused.wait()
      }
      return site.exchange(request)
    } progress: {
      if $0.closed?.reason == .operatorPause { paused.open() }
    }
    async let end = worker.run()
    await entered.wait()
    let control = DeliveryControl(in: site.ledger, actor: "operator")
    _ = try await control.pause(until: nil, reason: "move")
    guard case .paused(let pause) = try await end else { return #expect(Bool(false), "it is paused") }
    #expect(pause.reason == "move" && site.accounts.count == 1)
    _ = try await control.resume()
    #expect(try await site.deliver() == .idle)
    #expect(site.accounts == Site.accounts(of: Site.people(1...5)))
  }

  @Test("a worker that is cut off in mid-flight leaves a log from which the next goes on, and nothing is made twice")
  func stop() async throws {
    let site = try Site()
    try await site.take(Site.people(1...5))
    let running = Mutex<Worker?>(nil)
    let creates = Mutex(0)
    let worker = try await site.worker { request in
      let exchange = site.exchange(request)
      guard request.method == .post,
        creates.withLock({
          $0 += 1; return $0 == 2
        })
      else { return exchange }
      // It is carried out, and the answer never comes.
      running.withLock { $0 }?.stop()
      await hang()
      return exchange
    }
    running.withLock { $0 = worker }
    #expect(try await worker.run() == .stopped)
    #expect(site.accounts.count == 2)
    #expect(try site.known().contains { $0.account.unanswered?.purpose == .create })
    #expect(try await site.deliver() == .idle)
    #expect(site.accounts == Site.accounts(of: Site.people(1...5)))
    running.withLock { $0 = nil }
  }

  @Test("of a person who is erased while a call is on its way nothing more is said; the others are delivered")
  func erased() async throws {
    let site = try Site()
    try await site.take(Site.people(1...4))
    let (entered, erased) = (Latch(), Latch())
    let worker = try await site.worker { request in
      if request.method == .post, request.body?["userName"]?.string == "p2@example.com" {
        entered.open()
        await erased.wait()
      }
      return site.exchange(request)
    }
    async let end = worker.run()
    await entered.wait()
    try await site.take(Site.people(1...4).filter { $0.id != "p2" }, file: "second.csv")
    let alias = try site.known().first { $0.user?.id == "p2" }?.alias ?? ""
    let reason = try #require(ErasureReason("other"))
    _ = try await Erasure(in: site.ledger, actor: "operator").run(alias, reason: reason, force: true)
    erased.open()
    #expect(try await end == .idle)
    let told = try site.ledger.recorded().filter { $0.stream.hasSuffix(alias) }.map(\.type)
    let after = told.drop { $0 != SubjectErased.type }.dropFirst()
    // That a call came to its end may be said, in clear; nothing else.
    #expect(told.contains(SubjectErased.type) && Set(after).isSubset(of: [CallFinished.type]))
    #expect(try site.known().filter { $0.erasure == nil }.allSatisfy { !$0.isPending })
  }

  @Test("where replies are lost, each ends with one account", arguments: 1...4 as ClosedRange<UInt64>)
  func lostReplies(seed: UInt64) async throws {
    let site = try Site(faults: FaultPlan(seed: seed, profile: .doubtful(probability: 0.3)))
    let people = Site.people(1...12)
    try await site.take(people)
    #expect(try await site.worker(concurrency: 4).run() == .idle)
    #expect(site.accounts == Site.accounts(of: people))
    #expect(try site.known().allSatisfy { $0.account.believed != nil && $0.account.unanswered == nil })
  }
}
