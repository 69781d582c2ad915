import Base
import GraphModel
import JSON
import Testing

@Suite("Graph: routes")
struct RouteTests {
  static func tenant(users: Int = 5) -> Tenant {
    var tenant = DeltaRuleTests.tenant(users: users)
    for number in 0..<users { _ = tenant.addMember("u\(number)", to: "g1", now: start) }
    _ = tenant.add(.group, "g2", JSONObject(present: [("displayName", "Nested")]), now: start)
    _ = tenant.addMember("g2", to: "g1", now: start)
    _ = tenant.setManager(of: "u0", to: "u1", now: start)
    _ = tenant.assign("g1", to: "sp1", now: start)
    for number in 0..<users { _ = tenant.assign("u\(number)", to: "sp1", role: "role1", now: start) }
    return tenant
  }

  @Test(
    "lists are paged by links that keep the options as they were sent",
    arguments: [
      "/users?$top=2&$select=displayName", "/groups/g1/members?$top=2",
      "/servicePrincipals/sp1/appRoleAssignedTo?$top=2",
      "/servicePrincipals(appId='sp-app')/appRoleAssignedTo?$top=2",
      "/servicePrincipals(appId=%27sp-app%27)/appRoleAssignedTo?%24top=2",
    ])
  func paging(link: String) throws {
    var reader = try Reader(Self.tenant())
    let (pages, _) = try reader.pages(link)
    let count = link.hasPrefix("/users") ? 5 : 6
    #expect(pages.map(\.count) == (count == 5 ? [2, 2, 1] : [2, 2, 2]))
    #expect(Set(pages.flatMap(\.self).ids).count == count)
    let next = try #require(reader.get(link).json?["@odata.nextLink"]?.string)
    #expect(next.hasPrefix("http://127.0.0.1/v1.0\(link)&$skiptoken="))
  }

  @Test(
    "somebody who goes between two pages makes nobody else vanish from the list",
    arguments: [
      "/users?$top=2", "/groups/g1/members?$top=2", "/servicePrincipals/sp1/appRoleAssignedTo?$top=2",
    ])
  func shifting(link: String) throws {
    var reader = try Reader(Self.tenant())
    let first = try #require(reader.get(link).json)
    _ = reader.graph.tenant.purge("u0", now: start)
    let rest = try reader.entries(try #require(first["@odata.nextLink"]?.string))
    #expect(rest.count == (link.hasPrefix("/users") ? 3 : 4))
  }

  @Test("an assignment names principal, role and kind; groups are not expanded")
  func assignments() throws {
    var reader = try Reader(Self.tenant())
    let all = try reader.entries("/servicePrincipals/sp1/appRoleAssignedTo")
    #expect(all.count == 6 && all[0]["principalType"] == "Group" && all[0]["principalId"] == "g1")
    #expect(all[0]["appRoleId"]?.string == AppRole.defaultAccess && all[1]["appRoleId"] == "role1")
    #expect(all[1]["principalDisplayName"] == "user0" && all[1]["resourceDisplayName"] == "TeamViewer")
    let role = try #require(reader.get("/servicePrincipals/sp1").json?["appRoles"]?.array?.first)
    #expect(role["id"] == "role1" && role["value"] == "Supporter" && role["isEnabled"] == true)
    let found = try reader.entries("/servicePrincipals?$filter=appId%20eq%20'sp-app'&$select=appId")
    #expect(found == [["id": "sp1", "appId": "sp-app"]])
    _ = reader.graph.tenant.remove("u0", now: start)
    #expect(try reader.entries("/servicePrincipals/sp1/appRoleAssignedTo").count == 5)
    _ = reader.graph.tenant.restore("u0", now: start)
    #expect(try reader.entries("/servicePrincipals/sp1/appRoleAssignedTo").count == 6)
    let repeated = reader.graph.tenant.assign("u0", to: "sp1", role: "role1", now: start)
    #expect(!repeated && reader.graph.tenant.unassign("u0", from: "sp1"))
  }

  @Test("$top is at most 999, and without it assignments come by the hundred")
  func top() throws {
    var reader = try Reader(Self.tenant(users: 130))
    let link = "/servicePrincipals/sp1/appRoleAssignedTo"
    #expect(try reader.pages(link).all.map(\.count) == [100, 31])
    #expect(reader.get("\(link)?$top=999").json?["value"]?.array?.count == 131)
    #expect(reader.code("\(link)?$top=1000") == "Request_UnsupportedQuery")
  }

  @Test("one user is found by id and by sign-in name, with manager and selected properties")
  func one() throws {
    var reader = try Reader(Self.tenant())
    #expect(reader.get("/users/User0@contoso.example").json?["id"] == "u0")
    let user = reader.get("/users/u0?$select=department,jobTitle").json
    #expect(user?["department"] == "IT" && user?["jobTitle"] == .null && user?["displayName"] == nil)
    #expect(reader.get("/users/u0/manager").json?["id"] == "u1")
    #expect(reader.code("/users/u1/manager") == "Request_ResourceNotFound")
    #expect(
      reader.code("/users/nobody") == "Request_ResourceNotFound"
        && reader.code("/groups/u0") == "Request_ResourceNotFound")
    #expect(reader.code("/users?$select=displayNam") == "BadRequest")
    #expect(reader.get("/users?$select=aboutMe").status == 501)
    #expect(reader.code("/teams") == "BadRequest")
  }

  @Test("members have their kind; a cast needs the advanced query, a count its header")
  func members() throws {
    var reader = try Reader(Self.tenant())
    #expect(try reader.entries("/groups/g1/members").last?["@odata.type"] == "#microsoft.graph.group")
    let cast = "/groups/g1/members/microsoft.graph.group?$count=true"
    #expect(reader.code("/groups/g1/members/microsoft.graph.group") == "Request_UnsupportedQuery")
    #expect(reader.code(cast) == "Request_UnsupportedQuery")
    let answer = reader.get(cast, ["consistencylevel": "eventual"]).json
    #expect(answer?["value"]?.array?.ids == ["g2"] && answer?["@odata.count"] == 1)
    #expect(reader.get("/users?$count=true&$top=1", ["consistencylevel": "eventual"]).json?["@odata.count"] == 5)
  }

  @Test("the recycle bin shows the sign-in name behind the id, since it is free again")
  func bin() throws {
    var reader = try Reader(Self.tenant())
    _ = reader.graph.tenant.remove("u0", now: start)
    let bin = try reader.entries("/directory/deletedItems/microsoft.graph.user")
    #expect(bin.count == 1 && bin[0]["userPrincipalName"] == "u0user0@contoso.example")
    #expect(bin[0]["deletedDateTime"] == "2026-01-01T00:00:00Z")
    let (again, back) = (
      reader.graph.tenant.add(.user, "u9", properties("user0"), now: start),
      reader.graph.tenant.restore("u0", now: start)
    )
    #expect(again && !back, "the name is given away")
  }

  @Test("an application shows when its secrets and certificates end, and no secret")
  func application() throws {
    var tenant = SignInTests.certified()
    tenant.applications[0].permissions.insert("Directory.Read.All")
    var reader = try Reader(tenant)
    let answer = reader.get("/applications(appId='\(clientId)')")
    #expect(answer.json?["passwordCredentials"]?.array?.first?["endDateTime"] == "2027-01-01T00:00:00.000Z")
    #expect(answer.json?["keyCredentials"]?.array?.first?["customKeyIdentifier"] == "0909")
    #expect(!String(decoding: answer.body, as: UTF8.self).contains(secret))
    #expect(try reader.entries("/organization")[0]["verifiedDomains"]?.array?[0]["name"] == "contoso.example")
  }

  // MARK: Tokens and permissions

  static let routes = [
    "/users": "User.Read.All", "/users/delta": "User.Read.All", "/users/u0": "User.Read.All",
    "/users/u0/manager": "User.Read.All", "/directory/deletedItems/microsoft.graph.user": "User.Read.All",
    "/groups": "GroupMember.Read.All", "/groups/delta": "GroupMember.Read.All", "/groups/g1": "GroupMember.Read.All",
    "/groups/g1/members": "GroupMember.Read.All", "/servicePrincipals": "Application.Read.All",
    "/servicePrincipals/sp1": "Application.Read.All", "/applications": "Application.Read.All",
    "/servicePrincipals/sp1/appRoleAssignedTo": "Application.Read.All", "/organization": "Organization.Read.All",
  ]

  @Test("each route needs its permission, and Directory.Read.All stands for all", arguments: routes.keys.sorted())
  func permissions(path: String) throws {
    let least = try #require(Self.routes[path])
    for (granted, wanted) in [
      (Set([least]), 200), (["Directory.Read.All"], 200),
      (AppRegistration.readingPermissions.subtracting([least]), 403),
    ] {
      var tenant = Self.tenant()
      tenant.applications[0].permissions = granted
      var reader = try Reader(tenant)
      let answer = reader.get(path)
      #expect(answer.status == wanted)
      if wanted == 403 { #expect(answer.json?["error"]?["code"] == "Authorization_RequestDenied") }
    }
  }

  @Test("whoever may read groups only sees of a member its id and kind")
  func limited() throws {
    var tenant = Self.tenant()
    tenant.applications[0].permissions = ["GroupMember.Read.All"]
    var reader = try Reader(tenant)
    let member = try reader.entries("/groups/g1/members")[0]
    #expect(member["id"] == "u0" && member["displayName"] == .null)
  }

  @Test("consent counts from the next token on; a token ends, also in the middle of a list")
  func tokens() throws {
    var tenant = Self.tenant()
    tenant.applications[0].permissions = []
    var reader = try Reader(tenant) { $0.accessTokenSeconds = 100 }
    reader.graph.tenant.applications[0].permissions = ["User.Read.All"]
    #expect(reader.get("/users").status == 403)
    try reader.renew()
    let next = try #require(reader.get("/users?$top=2").json?["@odata.nextLink"]?.string)
    reader.now = start + .seconds(100)
    let ended = reader.get(next)
    #expect(ended.status == 401 && ended.json?["error"]?["code"] == "InvalidAuthenticationToken")
    try reader.renew()
    #expect(reader.get(next).status == 200)
    reader.token = "other"
    #expect(reader.get("/users").status == 401)
  }

  @Test("an error names the request, under the caller's own id too")
  func errors() throws {
    var reader = try Reader(Self.tenant())
    let answer = reader.get("/users/nobody", ["client-request-id": "own"])
    let inner = answer.json?["error"]?["innerError"]
    #expect(inner?["client-request-id"] == "own" && inner?["date"] == "2026-01-01T00:00:00")
    #expect(
      inner?["request-id"]?.string == answer.headers["request-id"] && answer.headers["client-request-id"] == "own")
    let posted = reader.graph.answer(
      .init("POST", "/v1.0/users", headers: ["authorization": "Bearer \(reader.token)"]), now: start)
    #expect(posted.status == 405)
  }
}
