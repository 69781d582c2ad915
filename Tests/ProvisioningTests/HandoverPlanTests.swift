import Base
import CoreSupport
import JSON
import Provisioning
import Testing

@Suite("Handover: from one source to another")
struct HandoverPlanTests {
  private static let partners = DirectorySourceID("partners")
  private let moment = Timestamp(milliseconds: 1_767_312_000_000)

  private func person(
    _ alias: String, of source: DirectorySourceID?, id: String, name: String, hasAccount: Bool = false,
    action: Decision.Action = .create
  ) -> Person {
    var person = Person(alias: alias)
    person.source = source
    person.state = .present
    person.user = DirectoryUser(id: id, attributes: [.userPrincipalName: .text(name)])
    person.decision = Decision(
      action, action == .skip ? .duplicateSourceEntries : .newInScope,
      desired: action == .skip ? nil : DesiredAccount(userName: name, displayName: alias, active: true))
    person.decisionPosition = 7
    if hasAccount {
      person.account.believed = RemoteAccount(id: "u-\(alias)", userName: name, displayName: alias, active: true)
    }
    return person
  }

  private func plan(_ people: [Person], match: HandoverPlan.Match = .userName) -> HandoverPlan {
    var plan = HandoverPlan(
      id: "h1", origin: "log", made: moment, size: 9, from: .standard, to: Self.partners, match: match)
    plan.compare(people)
    return plan
  }

  /// Ada in both sources, under names that differ in case alone; Bob in the first; two Eves in the second.
  private var mixed: [Person] {
    [
      person("ada", of: .standard, id: "1", name: "ada@example.com", hasAccount: true),
      person("bob", of: .standard, id: "2", name: "bob@example.com", hasAccount: true),
      person("eve", of: .standard, id: "3", name: "eve@example.com", hasAccount: true),
      person("max", of: .standard, id: "4", name: "max@example.com", hasAccount: true),
      person("other-ada", of: Self.partners, id: "x1", name: "ADA@example.com", action: .skip),
      person("eve-1", of: Self.partners, id: "x2", name: "eve@example.com", action: .skip),
      person("eve-2", of: Self.partners, id: "x3", name: "eve@example.com", action: .skip),
      person("other-max", of: Self.partners, id: "x4", name: "max@example.com", hasAccount: true),
      person("nobody's", of: nil, id: "5", name: "bob@example.com"),
    ]
  }

  @Test("by name: whoever has one counterpart without an account moves, and each who stays has the reason")
  func byName() {
    let plan = plan(mixed)
    #expect(
      plan.entries == [
        HandoverPlan.Entry(alias: "ada", name: "ada@example.com", decision: 7, double: "other-ada")
      ])
    #expect(plan.left.map(\.alias) == ["bob", "eve", "max"])
    #expect(plan.left.map(\.reason) == [.noCounterpart, .ambiguous, .bothHaveAccounts])
    let sentences = HandoverPlan.Reason.allCases.map(\.sentence)
    #expect(Set(sentences).count == 3 && sentences.allSatisfy { $0.hasSuffix(", not moved") })
  }

  @Test("by id: everybody moves, with a double or without; a double that has an account keeps both where they are")
  func byID() {
    let people = [
      person("ada", of: .standard, id: "1", name: "ada@example.com", hasAccount: true),
      person("bob", of: .standard, id: "2", name: "bob@example.com"),
      person("max", of: .standard, id: "4", name: "max@example.com", hasAccount: true),
      person("other-ada", of: Self.partners, id: "1", name: "someone@example.com", action: .skip),
      person("other-max", of: Self.partners, id: "4", name: "max@example.com", hasAccount: true),
    ]
    let plan = plan(people, match: .id)
    #expect(plan.entries.map(\.alias) == ["ada", "bob"] && plan.entries.map(\.double) == ["other-ada", nil])
    #expect(plan.left.map(\.reason) == [.bothHaveAccounts])
  }

  @Test(
    "carried out: the person keeps alias, account and what is wanted, under the other source's id; the double lets go")
  func decided() throws {
    var people = mixed
    let plan = plan(people)
    let events = try plan.decide(people: people)
    #expect(events.map(\.subject) == ["other-ada", "other-ada", "ada", "ada"])
    #expect(events.allSatisfy { $0.correlation == "h1" })
    for event in events {
      for place in people.indices where people[place].alias == event.subject {
        people[place].evolve(event.payload, at: 20)
      }
    }
    let (ada, double) = (people[0], people[4])
    #expect(ada.source == Self.partners && ada.user?.id == "x1" && ada.account == mixed[0].account)
    #expect(ada.decision?.reason == .handedOver && ada.decision?.action == Decision.Action.none)
    #expect(ada.desired == mixed[0].desired)
    #expect(double.source == nil && double.user == nil && double.desired == nil)
  }

  @Test("what the safeguard holds goes on to be held")
  func held() throws {
    let ada = person("ada", of: .standard, id: "1", name: "ada@example.com", hasAccount: true, action: .held)
    let events = try plan([ada], match: .id).decide(people: [ada])
    guard case .decided(let decision)? = events.last?.payload else { throw Fault(.planInvalid, "no decision") }
    #expect(decision.action == .held && !decision.isChange && decision.desired == ada.desired)
  }

  @Test(
    "what an operator restored stands as cycles let it stand: by its reason, and as no second change",
    arguments: [true, false])
  func restored(active: Bool) throws {
    var restored = person("ada", of: .standard, id: "1", name: "ada@example.com", hasAccount: true)
    let desired = DesiredAccount(userName: "ada@example.com", displayName: "ada", active: active)
    restored.decision = Decision(active ? .enable : .disable, .restored, desired: desired)
    let events = try plan([restored], match: .id).decide(people: [restored])
    #expect(events.last?.payload == .decided(Decision(.none, .restored, desired: desired)))
  }

  @Test("anybody who was read or decided anew since makes the whole plan outdated")
  func outdated() {
    let plan = plan(mixed)
    var newer = mixed
    newer[0].decisionPosition = 8
    var without = mixed
    without.remove(at: 4)
    for people in [newer, without] {
      do {
        _ = try plan.decide(people: people)
        Issue.record("not refused")
      } catch { #expect((error as? Fault)?.code == .planOutdated) }
    }
  }

  @Test("the file holds all of it, an entry a line, and is read back the same")
  func file() throws {
    let plan = plan(mixed)
    let text = Plan.handover(plan).text
    #expect(text.split(separator: "\n").count == 9)
    #expect(try Plan(Array(text.utf8), named: "h.json") == .handover(plan))
    let summary = plan.summary("h.json")
    #expect(summary["plan"] == "h.json" && summary["moved"] == 1 && summary["left"]?.array?.count == 3)
    #expect(summary["from"] == "directory" && summary["to"] == "partners" && summary["size"] == "9")
  }

  @Test(
    "a file with something missing, or of another kind, is refused and named",
    arguments: [
      ("\"schema\":1", "\"schema\":2"), ("\"match\":\"userName\"", "\"match\":\"shoe\""),
      ("\"id\":\"h1\"", "\"id\":\"\""),
      ("\"to\":\"partners\"", "\"to\":\"Partners!\""), ("\"alias\":\"ada\"", "\"alias\":1"),
      ("\"reason\":\"ambiguous\"", "\"reason\":\"why\""), ("\"kind\":\"handover\"", "\"kind\":\"shopping\""),
      ("{", "["),
    ])
  func damaged(old: String, new: String) {
    let text = plan(mixed).text.replacing(old, with: new, maxReplacements: 1)
    do {
      _ = try Plan(Array(text.utf8), named: "h.json")
      Issue.record("taken: \(new)")
    } catch {
      let fault = error as? Fault
      #expect(fault?.code == .planInvalid && fault?.sentence.contains("h.json") == true)
    }
  }

  @Test("a file that names a person twice is refused, with the entry")
  func twice() throws {
    var plan = plan(mixed)
    plan.entries.append(plan.entries[0])
    let text = plan.text
    let fault = #expect(throws: Fault.self) { try Plan(Array(text.utf8), named: "h.json") }
    #expect(fault?.sentence.contains("entry 2 names a person a second time") == true)
  }

  @Test("a source that is let go owns nobody, and its people's accounts stay as they are")
  func detached() {
    var people = mixed
    let events = People(people).detach(.standard, correlation: "d1")
    #expect(events.count == 8 && events.allSatisfy { $0.correlation == "d1" })
    for event in events {
      for place in people.indices where people[place].alias == event.subject {
        people[place].evolve(event.payload, at: 20)
      }
    }
    #expect(people.prefix(4).allSatisfy { $0.source == nil && $0.desired == nil && $0.decision?.reason == .detached })
    #expect(zip(people, mixed).allSatisfy { $0.account.believed == $1.account.believed })
    #expect(people.suffix(5) == mixed.suffix(5))
    let sources = People(mixed).sources
    #expect(sources.map(\.source.name) == ["directory", "partners"] && sources.map(\.people) == [4, 4])
    #expect(People(people).sources.map(\.source) == [Self.partners])
  }

  @Test("a source's name is 1 to 64 lower-case letters, digits and hyphens, and keeps its ids apart from another's")
  func names() {
    for name in ["a", "partners-2", String(repeating: "x", count: 64)] { #expect(DirectorySourceID(name).isValid) }
    for name in ["", "Partners", "a b", "ä", String(repeating: "x", count: 65)] {
      #expect(!DirectorySourceID(name).isValid)
    }
    #expect(DirectorySourceID.standard.subject("1") == "1" && Self.partners.subject("1") == "partners\u{0}1")
  }
}
