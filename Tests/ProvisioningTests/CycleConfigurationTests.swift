import Base
import Provisioning
import Testing

@Suite("Cycle: a changed configuration decides everybody again")
struct CycleConfigurationTests {
  private func withMail(_ id: String) -> DirectoryChange {
    var change = user(id)
    change.attributes[.mail] = .text("\(id)@mail.example.com")
    return change
  }

  @Test("another source of the userName: everybody is updated, and who lacks it keeps the old values")
  func userName() {
    let changes = [withMail("ada"), user("bob")]
    var company = Company(changes)
    company.policy.mapping.userName = .mail
    let outcome = company.snapshot(changes)
    #expect(outcome.observed.isEmpty)
    #expect(
      outcome.decisions == [
        "ada": Decision(.update, .attributesChanged, desired: account("ada", address: "ada@mail.example.com")),
        "bob": Decision(.skip, .importSkipped, desired: account("bob")),
      ])
    #expect(company.snapshot(changes).isQuiet)
  }

  @Test("it does so in a delta that holds nobody, too")
  func emptyDelta() {
    var company = Company([withMail("ada")])
    company.policy.mapping.userName = .mail
    #expect(company.delta([]).decisions.mapValues(\.action) == ["ada": .update])
  }

  @Test("ssoCustomerId: who has an account gets a decision and no call; who waits for one is created with it")
  func ssoCustomerId() {
    var company = Company([user("ada")])
    company.snapshot([user("ada"), user("bob")])
    company.policy.mapping.ssoCustomerId = "sso-1"
    let outcome = company.snapshot([user("ada"), user("bob")])
    #expect(
      outcome.decisions == [
        "ada": Decision(.none, .redundantExport, desired: account("ada", sso: "sso-1")),
        "bob": Decision(.create, .newInScope, desired: account("bob", sso: "sso-1")),
      ])
    #expect(company.snapshot([user("ada"), user("bob")]).isQuiet)
  }

  @Test("leavers stay as they are")
  func leavers() {
    var company = Company([withMail("ada"), withMail("bob")])
    company.snapshot([withMail("bob")])
    company.policy.mapping = Mapping(userName: .mail, ssoCustomerId: "sso-1")
    #expect(company.snapshot([withMail("bob")]).decisions.keys.sorted() == ["bob"])
  }
}
