import Provisioning
import Testing

@Suite("Groups of which changes alone are read")
struct KeptGroupsTests {
  private let roles: Set = [AppRole(id: "r1"), AppRole(id: "r2")]

  private func groups(_ assignments: Assignments, _ person: String, _ former: [String]) -> Set<String> {
    Set(assignments.assignments(of: person, formerly: former).compactMap(\.group))
  }

  private func assignments(_ change: (inout KeptGroups) -> Void) -> Assignments {
    var assignments = Assignments()
    assignments.kept.keep("a", in: roles)
    assignments.kept.keep("b", in: [.standard])
    change(&assignments.kept)
    return assignments
  }

  @Test("who was a member still is, with each role of the group; of a group that is not assigned nobody is")
  func former() {
    let same = assignments { _ in }
    #expect(same.kept.isUnchanged && same.hasSameMembers)
    #expect(Set(same.assignments(of: "p", formerly: ["a", "x"])) == Set(roles.map { .init($0, through: "a") }))
    #expect(groups(same, "p", ["a", "b"]) == ["a", "b"] && groups(same, "p", []).isEmpty)
  }

  @Test("who came is a member, who left is none, and the last word counts")
  func changes() {
    let changed = assignments { kept in
      kept.set("p", in: "a", isMember: false)
      kept.set("p", in: "b", isMember: true)
      kept.set("q", in: "a", isMember: true)
      kept.set("q", in: "a", isMember: false)
    }
    #expect(!changed.hasSameMembers)
    #expect(groups(changed, "p", ["a"]) == ["b"] && groups(changed, "q", ["a", "b"]) == ["b"])
    #expect(groups(changed, "r", ["a"]) == ["a"])
  }

  @Test("what somebody is assigned directly, and by groups that were read whole, comes beside")
  func beside() {
    var mixed = assignments { _ in }
    mixed.add(.init(.standard), to: "p")
    mixed.add(.init(.standard, through: "w"), to: "p")
    #expect(mixed.assignments(of: "p", formerly: ["b", "w"]).map(\.group) == [nil, "w", "b"])
    mixed.kept = KeptGroups()
    #expect(mixed.assignments(of: "p", formerly: ["b"]).map(\.group) == [nil, "w"])
  }
}
