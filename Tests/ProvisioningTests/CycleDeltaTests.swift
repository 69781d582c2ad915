import Base
import Provisioning
import Testing

@Suite("Cycle: changes only")
struct CycleDeltaTests {
  @Test("who is not in a delta has not left, and the link is the new watermark")
  func absence() {
    var company = Company([user("ada"), user("bob")])
    let outcome = company.delta([])
    #expect(outcome.isQuiet)
    #expect(
      outcome.events.map(\.payload) == [
        .cycleStarted(CycleStarted(source: .delta, isInitial: false)),
        .cycleFinished(CycleFinished(counts: CycleCounts(), deltaLink: "link-1")),
      ])
  }

  @Test("attributes that the input does not carry keep their last value")
  func partialObject() {
    var company = Company([user("ada")])
    let outcome = company.delta([partial("ada", [.displayName: .text("Ada King")])])
    #expect(
      outcome.decisions == ["ada": Decision(.update, .attributesChanged, desired: account("ada", name: "Ada King"))])
    #expect(company["ada"]?.user?[.userPrincipalName] == "ada@example.com")
  }

  @Test("a removal carries no attributes; the person keeps them")
  func removal() {
    var company = Company([user("ada")])
    company.delta([partial("ada", state: .deleted)])
    #expect(company["ada"]?.user?[.displayName] == "Name of ada")
  }

  @Test("a partial object of an unknown id is skipped, until the rest is known")
  func unknownPartial() {
    var company = Company([user("bob")])
    let first = company.delta([partial("ada", [.displayName: .text("Name of ada")])])
    #expect(first.decisions == ["ada": Decision(.skip, .importSkipped, desired: nil)])
    let second = company.delta([partial("ada", [.userPrincipalName: .text("ada@example.com")])])
    #expect(second.decisions == ["ada": Decision(.create, .newInScope, desired: account("ada"))])
  }

  @Test("an unknown id without a name lacks a value")
  func nameless() {
    var company = Company()
    let outcome = company.delta([partial("ada", [.userPrincipalName: .text("ada@example.com")])])
    #expect(outcome.decisions == ["ada": Decision(.skip, .missingValues, desired: nil)])
  }

  @Test("a cleared displayName keeps the last name")
  func clearedName() {
    var company = Company([user("ada")])
    let outcome = company.delta([partial("ada", [.displayName: .cleared])])
    #expect(outcome.observed == ["ada"])
    #expect(outcome.decisions == ["ada": Decision(.none, .redundantExport, desired: account("ada"))])
    #expect(company["ada"]?.user?[.displayName] == nil)
    let renamed = company.delta([partial("ada", [.userPrincipalName: .text("king@example.com")])])
    #expect(renamed.decisions["ada"]?.desired == account("ada", address: "king@example.com"))
  }

  @Test("a delta that repeats what is known observes nobody")
  func redundant() {
    var company = Company([user("ada")])
    #expect(company.delta([user("ada"), partial("ada", [.accountEnabled: .flag(true)])]).isQuiet)
  }

  @Test("a snapshot does not find again who was removed before")
  func removedStaysRemoved() {
    var company = Company([user("ada"), user("bob")])
    company.delta([partial("ada", state: .softDeleted)])
    #expect(company.snapshot([user("bob")]).isQuiet)
    #expect(company["ada"]?.state == .softDeleted)
  }
}
