import Ledger
import Operations
import Provisioning
import Sealing
import TestSupport
import Testing

@testable import Views

/// What a cycle over changes asks of the views, held against everybody.
@Suite("Views: whom a cycle concerns")
struct ConcernTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  @Test("rows say of everybody what the core says of the person", arguments: [11, 12, 13] as [UInt64])
  func rows(seed: UInt64) async throws {
    var history = History(place, ledger, seed: seed)
    try await history.live(rounds: 5, erasing: true)
    try ledger.views.catchUp()
    let (people, views) = (try ledger.views.people().people, ledger.views)
    let unsettled = people.filter { CycleConcern($0) == .always }
    #expect(try views.unsettledPeople() == unsettled && views.hasUnsettledPeople() == !unsettled.isEmpty)
    #expect(try views.hasHeldPeople() || !people.contains { $0.decision?.action == .held && $0.erasure == nil })
    let population = People(people).population(ownedBy: .standard)
    #expect(try views.populations() == [.standard: population] && population.active > 0)
    let named = people.filter { $0.user != nil }
    let found = try views.people(withObjectIDs: named.compactMap(\.user?.id))
    #expect(Set(found.map(\.alias)) == Set(named.map(\.alias)))
    #expect(try views.people(withAliases: people.map(\.alias)) == people)
  }

  @Test("who may share an address is found by the desired one, or has none yet", arguments: [21, 22] as [UInt64])
  func sharing(seed: UInt64) async throws {
    var history = History(place, ledger, seed: seed)
    try await history.live(rounds: 5, losing: true)
    try ledger.views.catchUp()
    let present = try ledger.views.people().people.filter(\.isPresent)
    let without = try Set(ledger.views.peopleWithoutAddress().map(\.alias))
    #expect(without.isSuperset(of: present.filter { CycleConcern($0) == .address }.map(\.alias)))
    for person in present {
      guard let address = person.desired.map({ Address.folded($0.userName) }) else { continue }
      #expect(try ledger.views.people(withAddresses: [address]).map(\.alias).contains(person.alias))
    }
    let all = try ledger.views.people(ownedBy: [.standard]).filter(\.isPresent)
    #expect(Set(all.map(\.alias)) == Set(present.map(\.alias)))
  }

  @Test("the roles of those who are present are handed on")
  func roles() async throws {
    let roles = ["Default Access", "Sup\"porter"]
    let user = DirectoryUser(id: "ada", attributes: [.appRoleAssignments: .list(roles), .assignedGroups: .list(["g"])])
    for (id, observed) in [
      ("ada", UserObserved(state: .present, user: user)),
      ("bob", UserObserved(state: .present, user: DirectoryUser(id: "bob"))),
      ("eve", UserObserved(state: .deleted, user: DirectoryUser(id: "eve"))),
    ] {
      let alias = try #require(try ledger.keys.subjects(for: [id])[id]?.alias)
      try await ledger.append([Event(.user(alias), .userObserved(observed))], actor: "test")
    }
    try ledger.views.catchUp()
    var handed: [String: [String]] = [:]
    try ledger.views.eachAssigned(by: .standard) { handed[$0] = $1 + ($2 ?? ["never any group"]) }
    #expect(handed == ["ada": roles + ["g"], "bob": ["never any group"]])
    try ledger.views.eachAssigned(by: DirectorySourceID("other")) { _, _, _ in
      Issue.record("somebody of another source")
    }
  }
}
