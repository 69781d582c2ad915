import Base
import Provisioning
import Testing

@Suite("Cycle: one address, two people")
struct CycleDuplicateTests {
  private let shared = "shared@example.com"
  private let skip = Decision(.skip, .duplicateSourceEntries, desired: nil)

  @Test("nobody holds it: both are skipped, whatever the case of the letters")
  func nobodyHolds() {
    var company = Company()
    let outcome = company.snapshot([
      user("ada", address: shared), user("bob", address: "SHARED@Example.com"), user("eve"),
    ])
    #expect(outcome.decisions.filter { $0.key != "eve" } == ["ada": skip, "bob": skip])
    #expect(outcome.decisions["eve"]?.action == .create)
  }

  @Test("who holds the account keeps it, the other is skipped")
  func holderKeeps() {
    var company = Company([user("ada", address: shared)])
    let outcome = company.snapshot([user("ada", address: shared), user("bob", address: "Shared@example.com")])
    #expect(outcome.decisions == ["bob": skip])
  }

  @Test("the holder keeps it although a confirmation for another address is still awaited")
  func holderWithRequest() throws {
    var company = Company([user("ada", address: shared)])
    company.snapshot([user("ada", address: "other@example.com")])
    let ada = try #require(company["ada"])
    company.append("ada", .callStarted(started(2, .change, ada, userName: "other@example.com")))
    company.append("ada", .callFinished(finished(.change, .done, ada.account.believed)))
    #expect(company["ada"]?.account.userName == "other@example.com")
    let outcome = company.snapshot([user("ada", address: shared), user("bob", address: shared)])
    #expect(outcome.decisions.mapValues(\.action) == ["ada": .update, "bob": .skip])
  }

  @Test("a create that was decided and not sent is taken back from one who now shares the address")
  func pendingCreate() {
    var company = Company([user("ada", address: shared)], delivered: false)
    let outcome = company.snapshot([user("ada", address: shared), user("bob", address: shared)])
    #expect(outcome.decisions == ["ada": skip, "bob": skip])
    #expect(company["ada"]?.isPending == false)
  }

  @Test("a create without an answer keeps its desired state: there may be an account")
  func unansweredCreate() throws {
    var company = Company([user("ada", address: shared)], delivered: false)
    let ada = try #require(company["ada"])
    company.append("ada", .callStarted(started(1, .create, ada, userName: shared)))
    let outcome = company.snapshot([user("ada", address: shared), user("bob", address: shared)])
    #expect(
      outcome.decisions["ada"]
        == Decision(.skip, .duplicateSourceEntries, desired: account("ada", address: shared)))
    #expect(outcome.decisions["bob"] == skip)
  }

  @Test("a known person renamed to a held address keeps the last values")
  func renamedOnto() {
    var company = Company([user("ada", address: shared), user("bob")])
    let outcome = company.snapshot([user("ada", address: shared), user("bob", address: shared)])
    #expect(outcome.decisions == ["bob": Decision(.skip, .duplicateSourceEntries, desired: account("bob"))])
    #expect(company["bob"]?.isPending == false)
  }

  @Test("when one of them goes, the other is decided although nothing about that one changed")
  func resolved() {
    var company = Company()
    company.snapshot([user("ada", address: shared), user("bob", address: shared)])
    let outcome = company.snapshot([user("ada", address: "ada@example.com"), user("bob", address: shared)])
    #expect(outcome.observed == ["ada"])
    #expect(outcome.decisions.mapValues(\.action) == ["ada": .create, "bob": .create])
  }

  @Test("two who exchange their addresses are not duplicates")
  func exchange() {
    var company = Company([user("ada"), user("bob")])
    let outcome = company.snapshot([
      user("ada", address: "bob@example.com"), user("bob", address: "ada@example.com"),
    ])
    #expect(outcome.decisions.mapValues(\.action) == ["ada": .update, "bob": .update])
  }

  @Test("a duplicate who leaves is disabled")
  func leaves() {
    var company = Company([user("ada", address: shared), user("bob")])
    let outcome = company.snapshot([
      user("ada", address: shared), user("bob", address: shared, enabled: false),
    ])
    #expect(
      outcome.decisions == ["bob": Decision(.disable, .disabledInSource, desired: account("bob", active: false))])
  }

  @Test("an account that is gone holds no address")
  func goneHoldsNothing() {
    var company = Company([user("ada", address: shared)])
    company.append("ada", .accountVerified(AccountVerified(isGone: true)))
    let outcome = company.snapshot([user("ada", address: shared), user("bob", address: shared)])
    #expect(outcome.decisions.mapValues(\.reason) == ["ada": .duplicateSourceEntries, "bob": .duplicateSourceEntries])
  }
}
