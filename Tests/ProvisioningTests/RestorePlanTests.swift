import Base
import JSON
import Provisioning
import Testing

@Suite("Restore: back to the desired state of a moment")
struct RestorePlanTests {
  private let ids = (1...20).map { "p\($0)" }

  /// Twelve of twenty are lost from an export, and the disable was approved and delivered.
  private func disaster() -> (before: Company, after: Company) {
    let before = Company(ids.map { user($0) })
    var after = before
    let outcome = after.snapshot(ids.prefix(8).map { user($0) })
    after.append(Cycle.approve(outcome.held?.id ?? "", policy: after.policy, people: after.people) ?? [])
    after.deliver()
    return (before, after)
  }

  @Test("exactly those who were wrongly disabled are enabled again, and nobody else is decided")
  func wrongDisable() {
    var (before, after) = disaster()
    let plan = after.plan(asOf: before)
    #expect(plan.entries.map(\.alias).sorted() == ids.suffix(12).sorted() && plan.untouched.isEmpty)
    #expect(plan.counts == [.enable: 12])
    let outcome = after.apply(plan)
    #expect(outcome?.counts == [.enable: 12] && outcome?.held == nil && outcome?.events.count == 12)
    #expect(outcome?.events.allSatisfy { $0.correlation == plan.id } == true)
    after.deliver()
    for id in ids { #expect(after[id]?.account.believed?.active == true && after[id]?.desired == before[id]?.desired) }
  }

  @Test("in short: how many of what, not who; and what applying it did")
  func inShort() throws {
    var (before, after) = disaster()
    let plan = after.plan(asOf: before)
    #expect(
      plan.summary("plan.json") == [
        "plan": "plan.json", "id": .string(plan.id), "asOf": .string(plan.asOf.description),
        "size": .string(String(plan.size)), "enable": 12, "disable": 0, "update": 0, "create": 0, "untouched": [],
      ])
    let applied = after.apply(plan)
    let outcome = try #require(applied)
    #expect(
      plan.json(outcome) == [
        "plan": .string(plan.id), "enable": 12, "disable": 0, "update": 0, "create": 0, "held": 0, "safeguard": .null,
      ])
    let words = RestorePlan.Reason.allCases.map(\.sentence)
    #expect(Set(words).count == words.count && words.allSatisfy { $0.hasSuffix(", not touched") })
  }

  @Test("a plan that was held names its safeguard")
  func heldInShort() throws {
    var (before, after) = massDisable()
    let plan = after.plan(asOf: before)
    let applied = after.apply(plan)
    let outcome = try #require(applied)
    #expect(plan.json(outcome)["held"] == 12 && plan.json(outcome)["disable"] == 0)
    #expect(plan.json(outcome)["safeguard"] == JSONValue(orNull: outcome.held?.id))
  }

  @Test("a plan applies once: the second time everybody has a newer decision")
  func twice() {
    var (before, after) = disaster()
    let plan = after.plan(asOf: before)
    after.apply(plan)
    #expect(throws: Fault.self) { try plan.decide(people: after.people, limits: SafeguardLimits(), safeguard: "s") }
    #expect(after.plan(asOf: before).entries.isEmpty)
  }

  @Test("one newer decision refuses the whole plan, and is named")
  func outdated() {
    var (before, after) = disaster()
    let plan = after.plan(asOf: before)
    after.delta([user("p20", name: "Another Name")])
    do {
      _ = try plan.decide(people: after.people, limits: SafeguardLimits(), safeguard: "s")
      Issue.record("not refused")
    } catch let fault as Fault {
      #expect(fault.code == .planOutdated && fault.sentence.contains("p20@example.com"))
    } catch { Issue.record("\(error)") }
  }

  @Test("the same bad export again, a changed configuration and an old safeguard's approval change nothing")
  func stands() {
    var (before, after) = disaster()
    after.apply(after.plan(asOf: before))
    after.deliver()
    #expect(after.snapshot(ids.prefix(8).map { user($0) }).isQuiet)
    #expect(Cycle.approve("hold-0", policy: after.policy, people: after.people) == nil)
    after.policy.mapping.userName = .mail
    let outcome = after.snapshot(ids.prefix(8).map { user($0) })
    #expect(Set(outcome.decisions.keys) == Set(ids.prefix(8)))
  }

  @Test("whom the directory changes again is decided as usual")
  func changedAgain() {
    var (before, after) = disaster()
    after.apply(after.plan(asOf: before))
    after.deliver()
    let outcome = after.delta([user("p20"), partial("p19", state: .deleted)])
    #expect(outcome.decisions["p20"] == Decision(.none, .redundantExport, desired: account("p20")))
    #expect(
      outcome.decisions["p19"] == Decision(.disable, .deletedInSource, desired: account("p19", active: false)))
    #expect(outcome.decisionCount == 2)
  }

  @Test("values are restored, too, and a changed single sign-on constant alone is no difference")
  func values() {
    let before = Company([user("ada"), user("bob")])
    var after = before
    after.policy.mapping.ssoCustomerId = "sso-1"
    after.snapshot([user("ada", name: "Wrong Name", address: "wrong@example.com"), user("bob")])
    let plan = after.plan(asOf: before)
    #expect(plan.entries.map(\.action) == [.update])
    after.apply(plan)
    after.deliver()
    #expect(after["ada"]?.account.believed?.userName == "ada@example.com")
    #expect(after["ada"]?.account.believed?.displayName == "Name of ada")
    #expect(after["ada"]?.desired == before["ada"]?.desired && after["bob"]?.desired?.ssoCustomerId == "sso-1")
  }

  @Test("who had no account then is left, and named; they are disabled only when it is said")
  func created() {
    let before = Company([user("ada")])
    var after = before
    after.snapshot([user("ada"), user("bob")])
    after.deliver()
    let plan = after.plan(asOf: before)
    #expect(plan.entries.isEmpty)
    #expect(plan.untouched == [.init(alias: "bob", name: "bob@example.com", reason: .created)])
    let disabling = after.plan(asOf: before, disablingCreated: true)
    #expect(disabling.untouched.isEmpty && disabling.counts == [.disable: 1])
    after.apply(disabling)
    #expect(after["bob"]?.desired == account("bob", active: false))
    #expect(after.snapshot([user("ada"), user("bob")]).isQuiet)
  }

  @Test("nobody is given an address that somebody else is to have now")
  func addressTaken() {
    let before = Company([user("ada", address: "shared@example.com"), user("bob")])
    var after = before
    after.snapshot([user("ada"), user("bob", address: "shared@example.com")])
    after.deliver()
    after.apply(after.plan(asOf: before))
    #expect(after["ada"]?.desired == before["ada"]?.desired && after["bob"]?.desired == before["bob"]?.desired)

    var other = before
    other.snapshot([user("bob"), user("eve", address: "shared@example.com")])
    other.deliver()
    let plan = other.plan(asOf: before)
    #expect(plan.entries.isEmpty)
    #expect(
      plan.untouched == [
        .init(alias: "ada", name: "shared@example.com", reason: .addressTaken),
        .init(alias: "eve", name: "shared@example.com", reason: .created),
      ])
  }

  @Test("somebody else's address in the directory is no duplicate of a restored one's old address, but of the new one")
  func duplicates() {
    let others = (1...3).map { user("other\($0)") }
    let before = Company(others + [user("ada")])
    var after = before
    after.snapshot(others + [user("ada", address: "new@example.com")])
    after.deliver()
    after.apply(after.plan(asOf: before))
    after.deliver()
    let outcome = after.snapshot(
      others + [
        user("ada", address: "new@example.com"), user("bob", address: "new@example.com"),
        user("eve", address: "ada@example.com"),
      ])
    #expect(outcome.decisions.mapValues(\.action) == ["bob": .create, "eve": .skip])
  }

  /// Twelve of twenty were disabled at the moment, and all are active now.
  private func massDisable() -> (before: Company, after: Company) {
    let (_, before) = disaster()
    var after = before
    after.snapshot(ids.map { user($0) })
    after.deliver()
    return (before, after)
  }

  @Test("a plan that turns more people inactive than the limit holds them, and the approval releases exactly them")
  func safeguard() {
    var (before, after) = massDisable()
    let plan = after.plan(asOf: before)
    #expect(plan.counts == [.disable: 12])
    let outcome = after.apply(plan)
    #expect(outcome?.counts == [.held: 12] && outcome?.held?.count == 12)
    #expect(ids.allSatisfy { after[$0]?.desired?.active == true })
    let hold = outcome?.held?.id ?? ""

    // No cycle lets them go, and they are not counted among the leavers of one.
    #expect(after.snapshot(ids.map { user($0) }).isQuiet)
    let leaver = after.snapshot(ids.dropFirst().map { user($0) })
    #expect(leaver.decisions.mapValues(\.action) == ["p1": .disable] && leaver.held == nil)

    let approval = Cycle.approve(hold, policy: after.policy, people: after.people) ?? []
    #expect(approval.count == 13)
    after.append(approval)
    for entry in plan.entries {
      #expect(after[entry.alias]?.decision?.reason == .restored && after[entry.alias]?.desired?.active == false)
    }
    #expect(after.snapshot(ids.dropFirst().map { user($0) }).isQuiet)
  }

  @Test("who is held by a plan and then changed by the directory is decided as usual, and not approved any more")
  func heldThenChanged() {
    var (before, after) = massDisable()
    let outcome = after.apply(after.plan(asOf: before))
    let changed = ids.map { $0 == "p20" ? user($0, name: "Another Name") : user($0) }
    #expect(after.snapshot(changed).decisions.mapValues(\.action) == ["p20": .update])
    let approval = Cycle.approve(outcome?.held?.id ?? "", policy: after.policy, people: after.people)
    #expect(approval?.count == 12 && approval?.contains { $0.subject == "p20" } == false)
  }

  @Test("a hold of a plan does not make the hold of a cycle another one")
  func twoHolds() {
    var (before, after) = massDisable()
    after.apply(after.plan(asOf: before))
    let more = (21...40).map { "p\($0)" }
    after.snapshot((ids + more).map { user($0) })
    after.deliver()
    let lost = (ids + more.suffix(10)).map { user($0) }
    let tripped = after.snapshot(lost)
    #expect(tripped.held?.count == 10)
    #expect(after.snapshot(lost).isQuiet)
  }

  @Test("the file reads back as the same plan; another, a damaged or an impossible one is refused")
  func file() throws {
    let (before, after) = disaster()
    var plan = after.plan(asOf: before)
    plan.untouched = [.init(alias: "x", name: nil, reason: .created)]
    #expect(try Plan(Array(plan.text.utf8), named: "plan") == .restore(plan))
    func refuses(_ old: String, _ new: String) {
      let text = plan.text.replacing(old, with: new)
      #expect(text != plan.text)
      #expect(throws: Fault.self, "\(old)") { try Plan(Array(text.utf8), named: "plan") }
    }
    refuses("\"kind\":\"restore\"", "\"kind\":\"other\"")
    refuses("\"schema\":1", "\"schema\":2")
    refuses("\"enable\"", "\"disable\"")
    refuses("Name of p20", "N")
    refuses("}\n", "")
    refuses("\"alias\":\"p20\"", "\"alias\":\"p19\"")
  }
}
