import Base
import Delivery
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing
import Views

/// Several sources beside each other in one ledger: none takes people from another.
@Suite("Sources that own people")
struct SourceTests {
  private static let partners = DirectorySourceID("partners")

  private let site: Site
  private let people = Site.people(1...4)
  private var sources: Sources { Sources(in: site.ledger, actor: "operator") }

  init() throws { site = try Site() }

  /// The same people as another source names them.
  private func renumbered(_ people: [Exported]) -> [Exported] {
    people.map { Exported("other-\($0.id)", name: $0.name, address: $0.address.uppercased(), enabled: $0.isEnabled) }
  }

  @Test("a snapshot of one source says nothing of another's people")
  func apart() async throws {
    try await site.take(people)
    let guests = [Exported("x1"), Exported("x2")]
    try await site.take(guests, file: "partners.csv", of: Self.partners)
    #expect(try await site.deliver() == .idle)
    #expect(site.accounts == Site.accounts(of: people + guests))
    #expect(try sources.list().map { "\($0.source.name) \($0.people)" } == ["directory 4", "partners 2"])
    let summary = try await site.take([guests[0], Exported("x3")], file: "later.csv", of: Self.partners)
    #expect(summary.counts[.disable] == 1 && summary.counts.observed == 2)
  }

  @Test("two sources may use one id for two people")
  func sameID() async throws {
    try await site.take([Exported("p1")])
    try await site.take([Exported("p1", address: "other@example.com")], file: "partners.csv", of: Self.partners)
    #expect(try await site.deliver() == .idle)
    #expect(site.accounts.keys.sorted() == ["other@example.com", "p1@example.com"])
    #expect(try site.known().count == 2)
  }

  @Test("an address that another source's person holds is not taken")
  func sharedAddress() async throws {
    try await site.take(people)
    #expect(try await site.deliver() == .idle)
    let summary = try await site.take(renumbered(people), file: "partners.csv", of: Self.partners)
    #expect(summary.counts[.skip] == 4 && summary.counts[.create] == 0)
    #expect(try await site.deliver() == .idle)
    #expect(site.accounts == Site.accounts(of: people))
  }

  @Test("handed over by name: no second account, the alias stays, and the other source decides from then on")
  func byName() async throws {
    try await site.take(people)
    #expect(try await site.deliver() == .idle)
    let aliases = try site.known().map(\.alias)
    var others = renumbered(people)
    try await site.take(others, file: "partners.csv", of: Self.partners)
    let plan = try sources.plan(from: .standard, to: Self.partners, match: .userName)
    #expect(plan.entries.count == 4 && plan.left.isEmpty)
    #expect(try await sources.apply(plan) == 4)
    let moved = try site.known().filter { $0.source == Self.partners }
    #expect(Set(moved.map(\.alias)) == Set(aliases) && moved.allSatisfy { $0.user?.id.hasPrefix("other-") == true })
    let before = site.accounts.count
    others[0].isEnabled = false
    others[1].name = "Renamed"
    let summary = try await site.take(others, file: "second.csv", of: Self.partners)
    #expect(summary.counts[.disable] == 1 && summary.counts[.create] == 0 && summary.counts[.skip] == 0)
    #expect(try await site.deliver() == .idle)
    #expect(site.accounts.count == before)
    #expect(site.accounts.values.sorted().contains("Renamed true"))
    #expect(site.accounts.values.count { $0.hasSuffix("false") } == 1)
    await #expect(throws: Fault.self) { try await sources.apply(plan) }
  }

  @Test("who is erased after a handover is erased by both aliases; who was let go may be erased, too")
  func erased() async throws {
    try await site.take(people)
    let others = renumbered(people)
    try await site.take(others, file: "partners.csv", of: Self.partners)
    _ = try await sources.apply(try sources.plan(from: .standard, to: Self.partners, match: .userName))
    try await site.take(Array(others.dropFirst()), file: "gone.csv", of: Self.partners)
    #expect(try await site.deliver() == .idle)
    let person = try #require(try site.known().first { $0.source == Self.partners && $0.state != .present })
    let reason = try #require(ErasureReason("other"))
    let erasure = Erasure(in: site.ledger, actor: "operator")
    let certificate = try await erasure.run(person.alias, reason: reason, force: false)
    let double = try #require(certificate.plan.doubles.first?.alias)
    for alias in [person.alias, double] { #expect(try site.ledger.views.person(alias)?.erasure != nil) }

    _ = try await sources.detach(Self.partners)
    let left = try #require(try site.known().first { $0.isDetached && $0.state == .present })
    #expect(!left.erasureObstacles.contains(.inDirectory))
  }

  @Test("handed over by id: the people keep everything, and the first source has nobody any more")
  func byID() async throws {
    try await site.take(people)
    #expect(try await site.deliver() == .idle)
    #expect(try await sources.apply(try sources.plan(from: .standard, to: Self.partners, match: .id)) == 4)
    #expect(try sources.list().map(\.source) == [Self.partners])
    let passed = try await site.take(people, file: "again.csv")
    #expect(passed.passedOver == 4 && passed.counts.observed == 0)
    let summary = try await site.take(people, file: "partners.csv", of: Self.partners)
    #expect(summary.counts.observed == 0 && summary.counts.read == 4)
    #expect(try await site.deliver() == .idle)
    #expect(site.accounts == Site.accounts(of: people))
  }

  @Test("who has no counterpart, a namesake, or an account in both stays, and the plan says why")
  func left() async throws {
    try await site.take([Exported("p1"), Exported("p2", address: "twin@example.com"), Exported("p4")])
    try await site.take([Exported("p1"), Exported("p3", address: "Twin@example.com"), Exported("p4")], file: "two.csv")
    try await site.take(
      [Exported("o2", address: "twin@example.com"), Exported("o4", address: "p4@example.com")], file: "partners.csv",
      of: Self.partners)
    #expect(try await site.deliver() == .idle)
    let plan = try sources.plan(from: .standard, to: Self.partners, match: .userName)
    let reasons = Dictionary(uniqueKeysWithValues: plan.left.map { ($0.name ?? "", $0.reason) })
    #expect(reasons["p1@example.com"] == .noCounterpart && reasons["twin@example.com"] == .ambiguous)
    #expect(reasons["Twin@example.com"] == .ambiguous)
    #expect(plan.entries.compactMap(\.name) == ["p4@example.com"])
  }

  @Test("a source that is let go: accounts stay, drift is nobody's, and its next import takes the people up again")
  func detach() async throws {
    try await site.take(people)
    #expect(try await site.deliver() == .idle)
    #expect(try await sources.detach(.standard) == 4)
    #expect(try site.known().allSatisfy { $0.isDetached && !$0.isPending })
    try await site.take([Exported("x1")], file: "partners.csv", of: Self.partners)
    #expect(try await site.deliver() == .idle)
    #expect(site.accounts == Site.accounts(of: people + [Exported("x1")]))
    let again = try await site.take(Array(people.dropLast()), file: "again.csv")
    #expect(again.counts.observed == 3 && again.counts[.create] == 0)
    #expect(try await site.deliver() == .idle)
    #expect(site.accounts == Site.accounts(of: people + [Exported("x1")]))
    #expect(try site.known().count == 5)
    await #expect(throws: Fault.self) { try await sources.detach(DirectorySourceID("nobody")) }
  }

  @Test("the account of somebody whom no source owns goes to whoever has the address in another source")
  func taken() async throws {
    try await site.take(people)
    #expect(try await site.deliver() == .idle)
    _ = try await sources.detach(.standard)
    try await site.take(renumbered(people), file: "partners.csv", of: Self.partners)
    #expect(try await site.deliver() == .idle)
    #expect(site.accounts.count == 4)
    #expect(try site.known().count { $0.account.believed != nil } == 4)
  }

  @Test("a plan's file is read back as it was, and a damaged one is refused")
  func file() async throws {
    try await site.take(people)
    let plan = Plan.handover(try sources.plan(from: .standard, to: Self.partners, match: .id))
    #expect(try Plan(Array(plan.text.utf8), named: "plan") == plan)
    for broken in [
      "", "{}", plan.text.replacing("\"alias\"", with: "\"alius\""), plan.text.replacing("\"id\",", with: "7,"),
    ] {
      #expect(throws: Fault.self) { try Plan(Array(broken.utf8), named: "plan") }
    }
  }
}
