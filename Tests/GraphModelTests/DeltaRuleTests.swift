import Base
import GraphModel
import JSON
import Testing

@Suite("Graph: rules of delta queries")
struct DeltaRuleTests {
  static func tenant(users: Int = 5) -> Tenant {
    var tenant = emptyTenant()
    for number in 0..<users {
      _ = tenant.add(.user, "u\(number)", properties("user\(number)", [("department", "IT")]), now: start)
    }
    _ = tenant.add(
      .group, "g1", JSONObject(present: [("displayName", "Group"), ("securityEnabled", true)]), now: start)
    return tenant
  }

  @Test("only selected properties are returned and tracked")
  func select() throws {
    var reader = try Reader(Self.tenant())
    let (pages, end) = try reader.pages("/users/delta?$select=displayName")
    #expect(pages[0][0] == ["id": "u0", "displayName": "user0"])
    _ = reader.graph.tenant.change("u0", JSONObject(present: [("department", "Sales")]), now: start)
    let (quiet, next) = try reader.pages(try #require(end))
    #expect(quiet == [[]])
    _ = reader.graph.tenant.change("u0", JSONObject(present: [("displayName", "Other")]), now: start)
    #expect(try reader.entries(try #require(next)) == [["id": "u0", "displayName": "Other"]])
  }

  @Test("a removed object says whether it can be restored; a restored one appears as it is")
  func removed() throws {
    var reader = try Reader(Self.tenant())
    var link = try #require(try reader.pages("/users/delta?$select=displayName").end)
    _ = reader.graph.tenant.remove("u1", now: start)
    _ = reader.graph.tenant.purge("u2", now: start)
    let (first, end) = try reader.pages(link)
    #expect(
      first == [
        [["id": "u1", "@removed": ["reason": "changed"]], ["id": "u2", "@removed": ["reason": "deleted"]]]
      ])
    link = try #require(end)
    let restored = ["u1", "u2"].map { reader.graph.tenant.restore($0, now: start) }
    #expect(restored == [true, false])
    #expect(try reader.entries(link) == [["id": "u1", "displayName": "user1"]])
  }

  @Test("Prefer: return=minimal leaves only what changed, nulls included")
  func minimal() throws {
    var reader = try Reader(Self.tenant())
    let link = try #require(try reader.pages("/users/delta?$select=displayName,department").end)
    _ = reader.graph.tenant.change("u3", JSONObject(present: [("department", .null)]), now: start)
    #expect(try reader.entries(link) == [["id": "u3", "displayName": "user3", "department": .null]])
    #expect(try reader.entries(link, ["prefer": "return=minimal"]) == [["id": "u3", "department": .null]])
  }

  @Test("$deltatoken=latest begins now; a filter names at most 50 ids")
  func latestAndFilter() throws {
    var reader = try Reader(Self.tenant())
    let (none, end) = try reader.pages("/users/delta?$deltatoken=latest")
    #expect(none == [[]])
    _ = reader.graph.tenant.change("u3", JSONObject(present: [("mail", "a@contoso.example")]), now: start)
    #expect(try reader.entries(try #require(end)).ids == ["u3"])
    let filter = PercentEncoding.encode("id eq 'u1' or id eq 'u4'")
    #expect(try reader.entries("/users/delta?$filter=\(filter)").ids == ["u1", "u4"])
    let many = PercentEncoding.encode((0..<51).map { "id eq 'u\($0)'" }.joined(separator: " or "))
    #expect(reader.code("/users/delta?$filter=\(many)") == "Request_UnsupportedQuery")
    for option in ["$top=5", "$expand=manager", "$orderby=displayName"] {
      #expect(reader.code("/users/delta?\(option)") == "Request_UnsupportedQuery")
    }
  }

  @Test("a large group comes in slices over pages, between which others stand")
  func slices() throws {
    var tenant = Self.tenant(users: 9)
    for number in 0..<9 { _ = tenant.addMember("u\(number)", to: "g1", now: start) }
    for number in 2...4 {
      _ = tenant.add(.group, "g\(number)", JSONObject(present: [("displayName", "Small")]), now: start)
    }
    var reader = try Reader(tenant) { ($0.pageSize, $0.memberSlice) = (2, 4) }
    let (pages, end) = try reader.pages("/groups/delta?$select=displayName,members")
    #expect(pages.map(\.ids) == [["g1", "g2"], ["g1", "g3"], ["g1", "g4"]])
    let members = pages.flatMap(\.self).flatMap { $0["members@delta"]?.array ?? [] }
    #expect(members.ids == (0..<9).map { "u\($0)" } && members[0]["@odata.type"] == "#microsoft.graph.user")
    #expect(pages[0][1]["members@delta"] == nil, "a group without members says nothing of them")
    _ = reader.graph.tenant.removeMember("u5", from: "g1", now: start)
    _ = reader.graph.tenant.remove("u6", now: start)
    let gone = try reader.entries(try #require(end))[0]["members@delta"]
    let removed: JSONValue = ["reason": "deleted"]
    #expect(gone?.array?.ids == ["u5", "u6"] && gone?.array?.allSatisfy { $0["@removed"] == removed } == true)
  }

  @Test("the manager is a relation that is told as it changes")
  func manager() throws {
    var tenant = Self.tenant()
    _ = tenant.setManager(of: "u0", to: "u1", now: start)
    var reader = try Reader(tenant)
    let (pages, end) = try reader.pages("/users/delta?$select=manager")
    let one: JSONValue = ["@odata.type": "#microsoft.graph.user", "id": "u1"]
    #expect(pages[0][0] == ["id": "u0", "manager@delta": [one]] && pages[0][1] == ["id": "u1"])
    _ = reader.graph.tenant.setManager(of: "u0", to: "u2", now: start)
    let list = try reader.entries(try #require(end))[0]["manager@delta"]?.array
    #expect(list?.ids == ["u1", "u2"] && list?[0]["@removed"] != nil && list?[1]["@removed"] == nil)
  }

  // MARK: Tokens

  @Test("tokens are opaque, other ones each time, hold a plus now and then, and go back byte for byte")
  func tokens() throws {
    var reader = try Reader(Self.tenant(users: 40)) { $0.pageSize = 1 }
    var (links, next): ([String], String?) = ([], "/users/delta?$select=displayName")
    while let link = next {
      let json = try #require(reader.get(link).json)
      next = json["@odata.nextLink"]?.string
      links.append(try #require(next ?? json["@odata.deltaLink"]?.string))
    }
    #expect(
      Set(links).count == 40 && links.contains { $0.contains("+") } && links.allSatisfy { !$0.contains("displayName") })
    let plus = try #require(links.first { $0.contains("+") })
    #expect(reader.get(plus).status == 200)
    #expect(reader.get(plus.replacing("+", with: "%2B")).status == 200)
    #expect(reader.get(plus.replacing("+", with: "%20")).status == 400)
    #expect(reader.get(plus.dropLast().description + "A").status == 400)
    let end = try #require(links.last)
    #expect(reader.get(end.replacing("/users/", with: "/groups/")).status == 400, "a token belongs to its query")
    #expect(reader.get(end.replacing("$deltatoken", with: "$skiptoken")).status == 400)
  }

  @Test(
    "an old deltaLink is refused in each documented form; 410 names where to begin anew",
    arguments: [
      (SimulatedGraph.Expiry.gone, 410, "resyncRequired"), (.unsupportedQuery, 400, "Request_UnsupportedQuery"),
      (.syncStateNotFound, 400, "syncStateNotFound"),
    ])
  func expiry(form: SimulatedGraph.Expiry, status: Int, code: String) throws {
    var reader = try Reader(Self.tenant()) { $0.expiry = form }
    let link = try #require(try reader.pages("/users/delta?$select=displayName").end)
    reader.now = start + .seconds(604_799)
    try reader.renew()
    #expect(reader.get(link).status == 200)
    reader.now = start + .seconds(604_800)
    try reader.renew()
    let answer = reader.get(link)
    #expect(answer.status == status && answer.json?["error"]?["code"]?.string == code)
    guard form == .gone else { return }
    let location = try #require(answer.headers["location"])
    #expect(location.hasSuffix("/v1.0/users/delta?$select=displayName&$deltatoken="))
    #expect(try reader.entries(location).count == 5)
  }

  @Test("a page's link ends sooner, and so does one to a history that was forgotten")
  func oldPages() throws {
    var reader = try Reader(Self.tenant()) { $0.pageSize = 2 }
    let first = try #require(reader.get("/users/delta").json?["@odata.nextLink"]?.string)
    let listed = try #require(reader.get("/users?$top=2").json?["@odata.nextLink"]?.string)
    let end = try #require(try reader.pages("/users/delta").end)
    reader.graph.tenant.forget(before: start + .seconds(1))
    _ = reader.graph.tenant.change("u3", JSONObject(present: [("mail", "x")]), now: start + .seconds(2))
    #expect(reader.code(end) == nil, "nothing that it needs was forgotten")
    reader.graph.tenant.forget(before: start + .seconds(3))
    #expect(reader.code(end) == "resyncRequired")
    reader.now = start + .seconds(3600)
    try reader.renew()
    #expect(reader.code(first) == "Directory_ExpiredPageToken" && reader.code(listed) == "Directory_ExpiredPageToken")
  }

  @Test("a change may show later only, and the first round may tell of the recycle bin")
  func lagAndBin() throws {
    var tenant = Self.tenant()
    _ = tenant.remove("u0", now: start)
    var reader = try Reader(tenant) { ($0.replicationSeconds, $0.showsRemoved) = (60, true) }
    let (pages, _) = try reader.pages("/users/delta?$select=mail")
    #expect(pages[0][0] == ["id": "u0", "@removed": ["reason": "changed"]])
    reader.now = start + .seconds(60)
    var end = try #require(try reader.pages("/users/delta?$select=mail").end)
    _ = reader.graph.tenant.change("u1", JSONObject(present: [("mail", "x")]), now: reader.now)
    reader.now = start + .seconds(119)
    let (early, next) = try reader.pages(end)
    #expect(early == [[]])
    reader.now = start + .seconds(120)
    end = try #require(next)
    #expect(try reader.entries(end) == [["id": "u1", "mail": "x"]])
  }
}
