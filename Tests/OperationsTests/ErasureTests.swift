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

@Suite("Erasing a person")
struct ErasureTests: AdasLife {
  let stage: ErasureStage

  init() throws { stage = try ErasureStage() }

  @Test("no byte of the person is left in any file; proofs and counts stay, live views equal a rebuild")
  func gone() async throws {
    let alias = try await liveAndLeave()
    let before = try Remnants.of(Self.ada, in: place.folder)
    #expect(Set(before.map(\.value)).count == Self.ada.count, "the search finds what is there")
    let calls = try ledger.views.target().calls
    let rows = try ledger.views.deliveries(alias: alias, includingUnchanged: true)
    let head = try ledger.log.head()

    let certificate = try await erasure.run(alias, reason: reason, force: false)
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
    #expect(certificate.erased.forced.isEmpty && certificate.erased.reason == reason)
    #expect(certificate.position == head.size + 1 && certificate.actor == "operator:olga")
    #expect(certificate.checkpoint.split(separator: "\n")[1] == "\(certificate.position)")
    #expect(try ledger.log.checkpoints().map(\.size).suffix(2) == [head.size, certificate.position])
    let recorded = try ledger.recorded()
    let hers = recorded.filter { $0.stream.hasSuffix(alias) && $0.position < certificate.position }
    #expect(certificate.erased.events == (try hers.filter { try ledger.codec.isSealed($0) }).count)
    #expect(certificate.erased.calls == hers.count { $0.type.hasPrefix("scim.call.") })
    #expect(certificate.erased.events > 10 && certificate.erased.calls > 6)
    #expect(certificate.plan.remains == [.account])

    #expect(try ledger.keys.key(of: alias) == nil && ledger.keys.alias(of: Self.ada[0]) == nil)
    #expect(try ledger.views.check().isEqual)
    #expect(try ledger.views.target().calls == calls)
    let after = try ledger.views.deliveries(alias: alias, includingUnchanged: true)
    #expect(after.map(\.decision) == rows.map(\.decision) && after.map(\.status) == rows.map(\.status))
    #expect(after.map(\.calls) == rows.map(\.calls) && after.allSatisfy { $0.changes.isEmpty && $0.erasure != nil })
    #expect(try ledger.log.verify().isSound)
    #expect(try ledger.log.events(about: alias).dropLast() == hers[...])

    try ledger.close()
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
    let again = try place.open()
    try again.views.catchUp()
    #expect(try again.views.rebuild().isEqual)
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
    #expect(
      await fault { _ = try await Erasure(in: again, actor: "o").run(alias, reason: reason, force: true) }?.code
        == .alreadyErased)
  }

  @Test("seen again, it is a new person with a new alias and no past")
  func again() async throws {
    let alias = try await liveAndLeave()
    _ = try await erasure.run(alias, reason: reason, force: false)
    try await cycle(crowd(200) + [ada("ada.lovelace@example.com", "Augusta Ada Byron")])
    let found = try ledger.views.find(Self.ada[0])
    #expect(found.count == 1 && found.first?.alias != alias)
    #expect(found.first?.decision?.reason == .newInScope && found.first?.account.believed == nil)
    #expect(try ledger.views.find(alias).first?.erasure?.reason == reason)
    // No cycle says anything of the erased one any more.
    let size = try ledger.log.lastPosition()
    try await cycle(crowd(200))
    #expect(try ledger.recorded().allSatisfy { $0.position <= size || !$0.stream.hasSuffix(alias) })
    #expect(try ledger.views.check().isEqual)
  }

  @Test("a dry run changes nothing, and says what would go and stay")
  func dryRun() async throws {
    let alias = try await liveAndLeave()
    try ledger.close()
    let before = try snapshot()
    let again = try place.open()
    let entries = try again.recorded()
    let plan = try Erasure(in: again, actor: "o").plan(alias)
    #expect(plan.obstacles.isEmpty && plan.events > 10 && plan.calls > 6 && plan.remains == [.account])
    #expect(try again.recorded() == entries)
    try again.close()
    let after = try snapshot()
    #expect(before.keys.sorted() == after.keys.sorted())
    // Opening a database makes and drops a table; what the log holds is compared above, and views are derived from it.
    #expect(before.keys.filter { before[$0] != after[$0] && !["ledger.sqlite", "views.sqlite"].contains($0) } == [])
  }

  @Test("the operator's own list of protected accounts is named, since it is not reached")
  func configuration() async throws {
    let alias = try await liveAndLeave()
    try place.reconfigure("protectedAccounts: []", with: "protectedAccounts: [u77001815]")
    let protecting = try place.open()
    #expect(
      try Erasure(in: protecting, actor: "o").plan(alias).remains == [.account, .configuration])
    try await Records(in: protecting, actor: "o").configuration()
    try place.reconfigure("protectedAccounts: [u77001815]", with: "protectedAccounts: []")
    let other = try place.open()
    #expect(try Erasure(in: other, actor: "o").plan(alias).remains == [.account, .recordedConfiguration])
  }
}
