import Base
import MicrosoftGraph
import NetworkSupport
import Provisioning
import Testing

/// A tenant with one service principal, whose answers a test may replace by path.
struct Tenant: Sendable {
  var replaced: [String: Script.Answer] = [:]

  static let admin = "11111111-0000-0000-0000-000000000000"

  func answer(_ request: Script.Request) -> Script.Answer {
    let origin = "http://\(request.headers["host"] ?? "")"
    let path = String(request.target.dropFirst("/v1.0/".count).prefix { $0 != "?" })
    if let answer = replaced[path] { return answer }
    switch path {
    case "users/delta": return page([user(1), user(2)], next: "\(origin)/v1.0/users/delta?$skiptoken=1")
    case "organization": return .init(200, #"{"value":[{"id":"t","displayName":"Contoso"}]}"#)
    case "servicePrincipals(appId='app-2')":
      return .init(200, #"{"id":"sp","appRoles":[{"id":"\#(Self.admin)","value":"admin","displayName":"Admins"}]}"#)
    case "servicePrincipals(appId='app-2')/appRoleAssignedTo":
      if request.target.hasSuffix("page=2") { return list([assigned("Group", "G-1", Self.admin)]) }
      return list(
        [
          assigned("User", "U-1"), assigned("ServicePrincipal", "S-1"), assigned("Group", "G-1"),
          assigned("User", "U-1", Self.admin),
        ], next: "\(origin)/v1.0/servicePrincipals(appId='app-2')/appRoleAssignedTo?page=2")
    case "groups/delta": return members(request, origin)
    case "groups": return list([])
    case "applications(appId='app-1')":
      return .init(
        200,
        #"{"passwordCredentials":[{"displayName":"ci","endDateTime":"2027-01-01T00:00:00Z"}],"keyCredentials":[{"displayName":null,"endDateTime":"2026-10-01T12:00:00.1234567Z"}]}"#
      )
    default: return Script.error(404, "Request_ResourceNotFound")
    }
  }

  /// The group comes twice: once with all but one of its members, and once with a change that came meanwhile.
  private func members(_ request: Script.Request, _ origin: String) -> Script.Answer {
    let link = "\(origin)/v1.0/groups/delta"
    if request.target.contains("token=0") {
      return .init(
        200, Self.groups([Self.group(Self.member("user", "U-9", isThere: false))], delta: "\(link)?$token=1"))
    }
    if request.target.contains("page=2") {
      return .init(
        200,
        Self.groups(
          [Self.group(Self.member("user", "U-2"), Self.member("user", "U-8", isThere: false))],
          delta: "\(link)?$token=0"))
    }
    let first = Self.group(Self.member("user", "U-1"), Self.member("user", "U-8"), Self.member("group", "G-2"))
    return .init(200, Self.groups([first], next: "\(link)?page=2"))
  }

  static func groups(_ groups: [String], next: String? = nil, delta: String? = nil) -> String {
    let links =
      (next.map { #""@odata.nextLink":"\#($0)","# } ?? "") + (delta.map { #""@odata.deltaLink":"\#($0)","# } ?? "")
    return #"{\#(links)"value":[\#(groups.joined(separator: ","))]}"#
  }

  static func group(_ members: String..., id: String = "G-1") -> String {
    #"{"id":"\#(id)","members@delta":[\#(members.joined(separator: ","))]}"#
  }

  private func assigned(_ kind: String, _ id: String, _ role: String = AppRole.defaultID) -> String {
    #"{"principalType":"\#(kind)","principalId":"\#(id)","appRoleId":"\#(role)","principalDisplayName":"Ada"}"#
  }

  static func member(_ kind: String, _ id: String, isThere: Bool = true) -> String {
    let removed = isThere ? "" : #","@removed":{"reason":"deleted"}"#
    return ##"{"@odata.type":"#microsoft.graph.\##(kind)","id":"\##(id)"\##(removed)}"##
  }

  private func list(_ elements: [String], next: String? = nil) -> Script.Answer {
    let link = next.map { #""@odata.nextLink":"\#($0)","# } ?? ""
    return .init(200, #"{\#(link)"value":[\#(elements.joined(separator: ","))]}"#)
  }

  var script: Script { Script { request, _ in answer(request) } }
}

@Suite("Assignments are read from Graph", .timeLimit(.minutes(2)))
struct GraphAssignmentsTests {
  @Test("direct ones, and those of direct members of assigned groups, with their roles")
  func all() async throws {
    try await withSource(Tenant().script) { source, _, _ in
      let assignments = try await source.assignments()
      let admin = AppRole(id: Tenant.admin, value: "admin", displayName: "Admins")
      #expect(assignments.people == ["u-1", "u-2"])
      #expect(
        assignments["u-1"] == [
          .init(.standard), .init(admin), .init(.standard, through: "g-1"), .init(admin, through: "g-1"),
        ])
      #expect(assignments["u-2"] == [.init(.standard, through: "g-1"), .init(admin, through: "g-1")])
      #expect(assignments["u-3"].isEmpty && assignments.hasWholeGroups)
    }
  }

  @Test("a group that was deleted meanwhile has no members")
  func deletedGroup() async throws {
    let nothing = Tenant.groups([], delta: "http://x/v1.0/groups/delta?$token=0")
    let tenant = Tenant(replaced: ["groups/delta": .init(200, nothing)])
    try await withSource(tenant.script) { source, _, _ in
      let people = try await source.assignments().people
      #expect(people == ["u-1"])
    }
  }

  @Test("a group that is there, and that the answer leaves out, is a fault and not an empty group")
  func leftOutGroup() async throws {
    let nothing = Tenant.groups([], delta: "http://x/v1.0/groups/delta?$token=0")
    let there = Script.Answer(200, #"{"id":"g-1"}"#)
    let tenant = Tenant(replaced: ["groups/delta": .init(200, nothing), "groups/g-1": there])
    try await withSource(tenant.script) { source, _, _ in
      let fault = await #expect(throws: Fault.self) { try await source.assignments() }
      #expect(fault?.code == .graphAnswer && fault?.description.contains("g-1") == true)
    }
  }

  private static let ended: [Script.Answer] = [
    Script.error(410, "resyncRequired"), Script.error(400, "Directory_ExpiredPageToken"),
    Script.Answer(400, #"{"error":{"code":"badRequest","innerError":{"code":"syncStateNotFound"}}}"#),
  ]

  @Test(
    "a link into the list that ends on the way begins it anew, and nobody loses an assignment", arguments: ended.indices
  )
  func endedList(index: Int) async throws {
    let whole = Tenant()
    let script = Script { request, number in
      request.target.hasSuffix("appRoleAssignedTo?page=2") && number < 6 ? Self.ended[index] : whole.answer(request)
    }
    try await withSource(script) { source, _, _ in
      let people = try await source.assignments().people
      #expect(people == ["u-1", "u-2"])
    }
    let always = Script { request, _ in
      request.target.hasSuffix("page=2") ? Self.ended[index] : whole.answer(request)
    }
    try await withSource(always) { source, _, _ in
      let fault = await #expect(throws: Fault.self) { try await source.assignments() }
      #expect(fault?.code == .graphAnswer)
    }
  }

  static let broken: [(String, Script.Answer, FaultCode)] = [
    (
      "servicePrincipals(appId='app-2')/appRoleAssignedTo", .init(200, #"{"value":[],"@odata.nextLink":5}"#),
      .graphAnswer
    ),
    (
      "servicePrincipals(appId='app-2')/appRoleAssignedTo", .init(200, #"{"error":{"code":"x"},"value":[]}"#),
      .graphAnswer
    ),
    ("servicePrincipals(appId='app-2')/appRoleAssignedTo", Script.error(410, "resyncRequired"), .graphAnswer),
    ("groups/delta", .init(200, #"{"value":[],"@odata.deltaLink":5}"#), .graphAnswer),
    ("groups/delta", Script.error(403, "Authorization_RequestDenied"), .graphConsent),
    ("groups/delta", Script.error(404, "Request_ResourceNotFound"), .graphAnswer),
    ("groups/delta", Script.error(410, "resyncRequired"), .graphAnswer),
    ("servicePrincipals(appId='app-2')", Script.error(404, "Request_ResourceNotFound"), .graphPrincipal),
    ("servicePrincipals(appId='app-2')/appRoleAssignedTo", .init(200, #"{"x":[]}"#), .graphAnswer),
    ("servicePrincipals(appId='app-2')/appRoleAssignedTo", .init(200, #"{"value":[{}]}"#), .graphAnswer),
    ("groups/delta", .init(200, #"{"value":[{}]}"#), .graphAnswer),
    ("groups/delta", .init(200, #"{"value":[{"id":"G-1","members@delta":[{}]}]}"#), .graphAnswer),
    ("groups/delta", .init(200, #"{"value":[{"id":"G-1"}]}"#), .graphAnswer),
    ("groups/delta", .init(200, #"{"x":[]}"#), .graphAnswer),
    ("groups/delta", .init(200, #"{"value":[{"id":"G-1","members@d"#), .graphAnswer),
  ]

  @Test("what is not whole is a fault, never fewer assignments", arguments: broken.indices)
  func brokenAnswers(index: Int) async throws {
    let (path, answer, code) = Self.broken[index]
    try await withSource(Tenant(replaced: [path: answer]).script) { source, _, _ in
      let fault = await #expect(throws: Fault.self) { try await source.assignments() }
      #expect(fault?.code == code)
    }
  }

  @Test("the same assignments are equal in whatever order they came, and each counts once")
  func equality() {
    let role = AppRole(id: "r")
    var left = Assignments()
    var right = Assignments()
    for id in ["a", "b", "a"] { left.add(.init(role), to: id) }
    for id in ["b", "a"] { right.add(.init(role), to: id) }
    #expect(left == right && left["a"].count == 1)
    right.add(.init(role, through: "g"), to: "a")
    #expect(left != right)
  }
}
