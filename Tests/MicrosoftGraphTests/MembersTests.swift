import Base
import MicrosoftGraph
import NetworkSupport
import Provisioning
import Testing

@Suite("The members of assigned groups are read as they change", .timeLimit(.minutes(2)))
struct GraphMembersTests {
  private static let admin = AppRole(id: Tenant.admin, value: "admin", displayName: "Admins")
  private static let roles: Set = [admin, .standard]

  private func assignments(
    _ tenant: Tenant, since marks: @escaping @Sendable (String) -> [MembersMark]
  ) async throws -> (Assignments, [String]) {
    try await withSource(tenant.script) { source, server, origin in
      let assignments = try await source.assignments { marks(origin) }
      let asked = server.requests.map(\.target).filter { $0.contains("/groups") }
      return (assignments, asked)
    }
  }

  private static func mark(_ origin: String, _ groups: [String] = ["g-1"]) -> MembersMark {
    MembersMark(groups: groups, link: "\(origin)/v1.0/groups/delta?$token=0")
  }

  @Test("all at first, by a filter of groups, with a mark that the next read goes on from")
  func whole() async throws {
    let (assignments, asked) = try await assignments(Tenant()) { _ in [] }
    #expect(asked.first == "/v1.0/groups/delta?$select=members&$filter=id%20eq%20'g-1'" && asked.count == 2)
    #expect(assignments.marks.map(\.groups) == [["g-1"]] && assignments.marks[0].link.hasSuffix("?$token=0"))
    #expect(assignments.kept.isEmpty && !assignments.hasSameMembers)
  }

  @Test("then what has changed: who was a member and is not named still is")
  func changes() async throws {
    let (assignments, asked) = try await assignments(Tenant()) { [Self.mark($0)] }
    #expect(asked == ["/v1.0/groups/delta?$token=0"])
    #expect(!assignments.hasSameMembers && !assignments.hasWholeGroups)
    #expect(Set(assignments.assignments(of: "u-5", formerly: ["g-1"]).map(\.role)) == Self.roles)
    #expect(assignments.assignments(of: "u-9", formerly: ["g-1"]).isEmpty)
    #expect(assignments.assignments(of: "u-5", formerly: ["g-2"]).isEmpty)
    #expect(assignments.marks.map(\.link).allSatisfy { $0.hasSuffix("?$token=1") })
  }

  @Test("a group that is said to be gone is read whole, and asked for by its id: its members have not left by that")
  func saidToBeGone() async throws {
    let whole = Tenant()
    let removed = #"{"id":"G-1","@removed":{"reason":"changed"}}"#
    func read(_ first: String, rest: String?, isThere: Bool) async throws -> (Assignments, [String]) {
      let script = Script { request, _ in
        let link = "http://\(request.headers["host"] ?? "")/v1.0/groups/delta?$token=1"
        if request.target.hasSuffix("$token=0") { return .init(200, Tenant.groups([first], delta: link)) }
        if let rest, request.target.contains("$select=members") {
          return .init(200, Tenant.groups([rest], delta: link))
        }
        if request.target.contains("/groups/g-1"), isThere { return .init(200, #"{"id":"G-1"}"#) }
        return whole.answer(request)
      }
      return try await withSource(script) { source, server, origin in
        let assignments = try await source.assignments { [Self.mark(origin)] }
        return (assignments, server.requests.map(\.target).filter { $0.contains("/groups") })
      }
    }
    let (back, _) = try await read(removed, rest: nil, isThere: true)
    #expect(back.people == ["u-1", "u-2"] && back.hasWholeGroups && back.marks.map(\.groups) == [["g-1"]])
    let fault = await #expect(throws: Fault.self) { _ = try await read(removed, rest: removed, isThere: true) }
    #expect(fault?.code == .graphAnswer)
    let (gone, asked) = try await read(removed, rest: removed, isThere: false)
    #expect(gone.people == ["u-1"] && gone.marks.isEmpty && asked.contains { $0.hasSuffix("/groups/g-1?$select=id") })
  }

  @Test("a group that has not changed keeps everybody, and one that is gone nobody but whom it is told of later")
  func gone() async throws {
    let link = "http://x/v1.0/groups/delta?$token=1"
    let same = Tenant(replaced: ["groups/delta": .init(200, Tenant.groups([], delta: link))])
    #expect(try await assignments(same) { [Self.mark($0)] }.0.hasSameMembers)
    let removed = #"{"id":"G-1","@removed":{"reason":"changed"}}"#
    let back = Tenant.group(Tenant.member("user", "U-4"))
    let tenant = Tenant(replaced: ["groups/delta": .init(200, Tenant.groups([removed, back], delta: link))])
    let (assignments, _) = try await assignments(tenant) { [Self.mark($0)] }
    #expect(assignments.assignments(of: "u-5", formerly: ["g-1"]).isEmpty)
    #expect(Set(assignments.assignments(of: "u-4", formerly: []).map(\.role)) == Self.roles)
  }

  @Test("a group that no mark tells of is read whole, and so are all where a link may not be followed or tells of none")
  func others() async throws {
    for mark in [
      MembersMark(groups: ["g-2"], link: "http://x/v1.0/groups/delta?$token=0"),
      MembersMark(groups: ["g-1"], link: "http://x/v1.0/groups/delta?$token=0"),
    ] {
      let (assignments, asked) = try await assignments(Tenant()) { _ in [mark] }
      #expect(asked.count == 2 && assignments.hasWholeGroups && assignments.people == ["u-1", "u-2"])
    }
    // Of two groups that one link tells of, the one that is not assigned is not known any more.
    let (assignments, _) = try await assignments(Tenant()) { [Self.mark($0, ["g-1", "g-2"])] }
    #expect(assignments.marks.map(\.groups) == [["g-1"]])
  }

  private static let ended: [Script.Answer] = [
    Script.error(410, "resyncRequired"), Script.error(400, "syncStateNotFound"),
    Script.error(400, "Request_UnsupportedQuery", "DeltaLink older than 30 days is not supported"),
    Script.error(400, "Directory_ExpiredPageToken"),
  ]

  @Test("a link that has ended, in whatever form, leads to all members", arguments: ended.indices)
  func expiry(index: Int) async throws {
    let whole = Tenant()
    let script = Script { request, _ in
      request.target.hasSuffix("$token=0") ? Self.ended[index] : whole.answer(request)
    }
    try await withSource(script) { source, _, origin in
      let assignments = try await source.assignments { [Self.mark(origin)] }
      #expect(assignments.people == ["u-1", "u-2"] && assignments.kept.isEmpty && assignments.hasWholeGroups)
    }
  }

  @Test("a mark is a text and comes back from it", arguments: ["", "g", "g ", " l", "g l l"])
  func text(broken: String) {
    let mark = MembersMark(groups: ["b", "a"], link: "http://x?$deltatoken=a+b")
    #expect(mark.text == "a,b http://x?$deltatoken=a+b" && MembersMark(text: mark.text) == mark)
    #expect(MembersMark(text: broken) == nil)
  }
}
