import Base
import Provisioning
import Testing

@Suite("Cycle: joiners, movers, leavers")
struct CycleTests {
  @Test("a joiner is observed and decided, between start and finish")
  func joiner() {
    var company = Company()
    let outcome = company.snapshot([user("ada")])
    let person = DirectoryUser(
      id: "ada",
      attributes: [
        .userPrincipalName: .text("ada@example.com"), .displayName: .text("Name of ada"), .accountEnabled: .flag(true),
      ])
    let decision = Decision(.create, .newInScope, desired: account("ada"))
    #expect(
      outcome.events == [
        Event(
          .cycle("cycle-1"), .cycleStarted(CycleStarted(source: .snapshot, isInitial: true)), correlation: "cycle-1"),
        Event(.user("ada"), .userObserved(UserObserved(state: .present, user: person)), correlation: "cycle-1"),
        Event(.user("ada"), .decided(decision), correlation: "cycle-1"),
        Event(
          .cycle("cycle-1"), .cycleFinished(CycleFinished(counts: outcome.counts, deltaLink: nil)),
          correlation: "cycle-1"),
      ])
    #expect(outcome.counts.read == 1 && outcome.counts.observed == 1 && outcome.counts.decided == [.create: 1])
  }

  @Test("the same import again gives nothing but the cycle's own events, delivered or not", arguments: [false, true])
  func unchanged(delivered: Bool) {
    let changes = [user("ada"), user("bob", enabled: false), user("eve", address: "nonsense")]
    var company = Company(changes, delivered: delivered)
    let outcome = company.snapshot(changes.reversed())
    #expect(outcome.isQuiet)
    #expect(outcome.counts.read == 3 && outcome.counts.observed == 0 && outcome.counts.decided.isEmpty)
  }

  @Test("a mover is updated; a change that the mapping does not read is decided none")
  func mover() {
    var company = Company([user("ada"), user("bob")])
    var bob = user("bob")
    bob.attributes[.surname] = .text("Builder")
    let outcome = company.snapshot([user("ada", name: "Ada King", address: "king@example.com"), bob])
    #expect(
      outcome.decisions == [
        "ada": Decision(
          .update, .attributesChanged, desired: account("ada", name: "Ada King", address: "king@example.com")),
        "bob": Decision(.none, .redundantExport, desired: account("bob")),
      ])
  }

  @Test("a change before anything was delivered is still a create")
  func changedBeforeDelivery() {
    var company = Company([user("ada")], delivered: false)
    let outcome = company.snapshot([user("ada", name: "Ada King")])
    #expect(
      outcome.decisions == ["ada": Decision(.create, .newInScope, desired: account("ada", name: "Ada King"))])
  }

  @Test("a leaver by absence from a snapshot")
  func absent() {
    var company = Company([user("ada"), user("bob")])
    let outcome = company.snapshot([user("bob")])
    #expect(
      outcome.decisions == ["ada": Decision(.disable, .absentFromSource, desired: account("ada", active: false))])
    #expect(company["ada"]?.state == .absent)
    #expect(company.snapshot([user("bob")]).isQuiet)
  }

  static let leavers: [(DirectoryChange, Decision.Reason)] = [
    (partial("ada", [.accountEnabled: .flag(false)]), .disabledInSource),
    (partial("ada", state: .softDeleted), .softDeletedInSource),
    (partial("ada", state: .deleted), .deletedInSource),
  ]

  @Test("a leaver by a delta, each with its reason", arguments: leavers)
  func leaves(change: DirectoryChange, reason: Decision.Reason) {
    var company = Company([user("ada"), user("bob")])
    let outcome = company.delta([change])
    #expect(outcome.decisions == ["ada": Decision(.disable, reason, desired: account("ada", active: false))])
    #expect(company["ada"]?.state == change.state)
  }

  @Test("who left already and is then deleted for good is decided none")
  func leavesFurther() {
    var company = Company([user("ada")])
    company.delta([partial("ada", state: .softDeleted)])
    let outcome = company.delta([partial("ada", state: .deleted)])
    #expect(outcome.decisions == ["ada": Decision(.none, .redundantExport, desired: account("ada", active: false))])
  }

  @Test("a person who is not active in the directory is never created", arguments: leavers)
  func neverCreated(change: DirectoryChange, _: Decision.Reason) {
    var newcomer = user("ada")
    newcomer.state = change.state
    newcomer.attributes.merge(change.attributes)
    var company = Company([user("bob")])
    let outcome = company.delta([newcomer])
    #expect(outcome.decisions == ["ada": Decision(.skip, .notActiveInSource, desired: nil)])
    #expect(company["ada"]?.isPending == false)
  }

  @Test("a joiner who leaves before the account was made is turned off, so that a create on its way cannot stand")
  func leavesBeforeDelivery() {
    var company = Company([user("ada")], delivered: false)
    let outcome = company.snapshot([user("ada", enabled: false)])
    #expect(
      outcome.decisions == ["ada": Decision(.disable, .disabledInSource, desired: account("ada", active: false))])
  }

  @Test("a person who comes back is enabled with the values of now")
  func enabledAgain() {
    var company = Company([user("ada")])
    company.delta([partial("ada", state: .softDeleted)])
    company.deliver()
    let outcome = company.delta([partial("ada", [.displayName: .text("Ada King")])])
    #expect(
      outcome.decisions == ["ada": Decision(.enable, .activeAgain, desired: account("ada", name: "Ada King"))])
  }

  @Test("a re-hire under a new object id with the old address is a create for the new person")
  func rehire() {
    var company = Company([user("old", address: "ada@example.com"), user("bob")])
    company.snapshot([user("bob")])
    let outcome = company.snapshot([user("bob"), user("new", address: "Ada@example.com")])
    #expect(
      outcome.decisions == [
        "new": Decision(.create, .newInScope, desired: account("new", address: "Ada@example.com"))
      ])
  }

  @Test("leaver and re-hire in one cycle: the disable and the create are both decided")
  func rehireAtOnce() {
    var company = Company([user("old", address: "ada@example.com"), user("bob")])
    let outcome = company.snapshot([user("bob"), user("new", address: "ada@example.com")])
    #expect(outcome.decisions.mapValues(\.action) == ["old": .disable, "new": .create])
  }
}
