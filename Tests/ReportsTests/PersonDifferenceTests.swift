import Base
import Provisioning
import Testing
import Views

@testable import Reports

@Suite("What became of a person between two moments")
struct PersonDifferenceTests {
  private let ada: Person = {
    var ada = Person(alias: "ada")
    ada.source = .standard
    ada.state = .present
    ada.user = DirectoryUser(
      id: "id-1",
      attributes: [
        .userPrincipalName: .text("ada@contoso.com"), .displayName: .text("Ada Byron"), .accountEnabled: .flag(true),
        .mail: .cleared,
      ])
    ada.decision = Decision(
      .create, .newInScope, desired: DesiredAccount(userName: "ada@contoso.com", displayName: "Ada Byron", active: true)
    )
    return ada
  }()

  private func changes(_ before: Person?, _ after: Person) -> [String] {
    (PersonDifference(before, after)?.changes ?? []).map {
      "\($0.displayName) \($0.oldValue ?? "-") \($0.newValue ?? "-")"
    }
  }

  @Test("nothing that is shown differs: nothing is said")
  func same() {
    #expect(PersonDifference(ada, ada) == nil)
    var later = ada
    later.decisionPosition = 12
    #expect(PersonDifference(ada, later) == nil)
  }

  @Test("added with all that is known, and removed with what is gone")
  func addedAndRemoved() {
    let added = PersonDifference(nil, ada)
    #expect(added?.kind == .added && added?.userPrincipalName == "ada@contoso.com")
    #expect(
      changes(nil, ada) == [
        "status - active", "directory - enabled", "directory.accountEnabled - true",
        "directory.displayName - Ada Byron",
        "directory.userPrincipalName - ada@contoso.com", "desired.userName - ada@contoso.com",
        "desired.displayName - Ada Byron", "desired.active - true",
      ])
    var gone = ada
    gone.state = .absent
    #expect(PersonDifference(ada, gone)?.kind == .removed)
    #expect(changes(ada, gone) == ["directory enabled absent"])
    #expect(PersonDifference(gone, ada)?.kind == .added)
  }

  @Test("a change on any of the three sides is one, also of a name's Unicode form alone")
  func changed() {
    var later = ada
    later.account.believed = RemoteAccount(
      id: "u1", userName: "ada@contoso.com", displayName: "Ada Byron", active: true)
    #expect(PersonDifference(ada, later)?.kind == .changed)
    #expect(
      changes(ada, later) == [
        "believed.id - u1", "believed.userName - ada@contoso.com", "believed.displayName - Ada Byron",
        "believed.active - true",
      ])
    var (composed, decomposed) = (ada, ada)
    composed.user?.attributes[.displayName] = .text("Zo\u{eb}")
    decomposed.user?.attributes[.displayName] = .text("Zoe\u{308}")
    #expect(PersonDifference(composed, decomposed)?.changes.count == 1)
  }

  @Test("of who was erased since nothing is left to compare")
  func erased() throws {
    var erased = Person(alias: "ada")
    erased.erasure = PersonErasure(
      position: 9, time: Timestamp(milliseconds: 0), reason: try #require(ErasureReason("other")))
    #expect(PersonDifference(erased, erased) == nil)
  }
}
