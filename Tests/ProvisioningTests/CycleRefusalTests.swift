import Base
import Provisioning
import Testing

@Suite("Cycle: names and addresses that TeamViewer would refuse")
struct CycleRefusalTests {
  private let long = "Ada " + String(repeating: "x", count: 60)
  private var cut: String { String(long.prefix(50)) }

  @Test("a name that is too long is cut once, and the whole one recorded")
  func longName() {
    var company = Company()
    let first = company.snapshot([user("ada", name: long)])
    #expect(
      first.decisions == ["ada": Decision(.create, .newInScope, desired: account("ada", name: cut), cutFrom: long)])
    #expect(company.snapshot([user("ada", name: long)]).isQuiet)
  }

  @Test("a change beyond the cut changes nothing at TeamViewer")
  func beyondTheCut() {
    var company = Company([user("ada", name: long)])
    let outcome = company.snapshot([user("ada", name: long + "y")])
    #expect(
      outcome.decisions == [
        "ada": Decision(.none, .redundantExport, desired: account("ada", name: cut), cutFrom: long + "y")
      ])
  }

  @Test("an unacceptable address of a newcomer is skipped, with no account")
  func newcomer() {
    var company = Company()
    let outcome = company.snapshot([user("ada", address: "ada@localhost"), user("bob", name: "B")])
    #expect(
      outcome.decisions == [
        "ada": Decision(.skip, .invalidUserName, desired: nil),
        "bob": Decision(.skip, .invalidDisplayName, desired: nil),
      ])
  }

  @Test(
    "an unacceptable address of a known person is skipped with the last acceptable values", arguments: [false, true])
  func lastValues(delivered: Bool) {
    var company = Company([user("ada")], delivered: delivered)
    let bad = user("ada", name: "Ada King", address: "ada@localhost")
    let outcome = company.snapshot([bad])
    #expect(outcome.decisions == ["ada": Decision(.skip, .invalidUserName, desired: account("ada"))])
    #expect(company["ada"]?.isPending == !delivered)
    #expect(company.snapshot([bad]).isQuiet)
  }

  @Test("an unacceptable address and a leaver at once: the disable wins, with the last acceptable values")
  func leaverWithBadAddress() {
    var company = Company([user("ada")])
    let outcome = company.snapshot([user("ada", name: "A", address: "nonsense", enabled: false)])
    #expect(
      outcome.decisions == ["ada": Decision(.disable, .disabledInSource, desired: account("ada", active: false))])
  }

  @Test("who was skipped and then leaves is disabled")
  func skippedThenLeaves() {
    var company = Company([user("ada"), user("bob")])
    company.snapshot([user("ada", address: "nonsense"), user("bob")])
    let outcome = company.snapshot([user("bob")])
    #expect(
      outcome.decisions == ["ada": Decision(.disable, .absentFromSource, desired: account("ada", active: false))])
  }

  @Test("a leaver who comes back with an unacceptable address stays disabled")
  func backWithBadAddress() {
    var company = Company([user("ada"), user("bob")])
    company.snapshot([user("bob")])
    let outcome = company.snapshot([user("bob"), user("ada", address: "nonsense")])
    #expect(
      outcome.decisions == ["ada": Decision(.skip, .invalidUserName, desired: account("ada", active: false))])
    #expect(company["ada"]?.isPending == true)
  }

  @Test("who is repaired is decided as if nothing had been")
  func repaired() {
    var company = Company([user("ada")])
    company.snapshot([user("ada", address: "nonsense")])
    let outcome = company.snapshot([user("ada", address: "king@example.com")])
    #expect(
      outcome.decisions == [
        "ada": Decision(.update, .attributesChanged, desired: account("ada", address: "king@example.com"))
      ])
  }
}
