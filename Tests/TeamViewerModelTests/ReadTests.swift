import JSON
import SCIM
import TeamViewerModel
import Testing

@Suite("Reading users")
struct ReadTests {
  static func company() throws -> Company {
    var company = Company()
    for (email, name) in [
      ("jane@corp.example", "Jane Doe"), ("Max@corp.example", "Max Jane"), ("zoe@x.example", "Zoe"),
    ] {
      _ = try company.create(email, name)
    }
    return company
  }

  static let filters: [(String, [String])] = [
    (#"userName eq "jane@corp.example""#, ["Jane Doe"]), (#"userName eq "Jane@corp.example""#, []),
    (#"userName eq "max@corp.example""#, []), (#"userName eq "Max@corp.example""#, ["Max Jane"]),
    (#"userName ne "jane@corp.example""#, ["Max Jane", "Zoe"]), (#"userName co "@corp""#, ["Jane Doe", "Max Jane"]),
    (#"userName sw "zoe@""#, ["Zoe"]), (#"userName ew ".example""#, ["Jane Doe", "Max Jane", "Zoe"]),
    (#"emails.value eq "zoe@x.example""#, ["Zoe"]), (#"emails.value ne "zoe@x.example""#, ["Jane Doe", "Max Jane"]),
    (#"emails.value co "max""#, []), (#"emails.value sw "Max""#, ["Max Jane"]),
    (#"emails.value ew "x.example""#, ["Zoe"]),
    (#"name eq "Jane Doe""#, ["Jane Doe"]), (#"name ne "Jane Doe""#, ["Max Jane", "Zoe"]),
    (#"name co "Jane""#, ["Jane Doe", "Max Jane"]), (#"name sw "Jane""#, ["Jane Doe"]),
    (#"name ew "Jane""#, ["Max Jane"]),
    (#"displayName eq "Zoe""#, ["Zoe"]), (#"displayName ne "Zoe""#, ["Jane Doe", "Max Jane"]),
    (#"displayName co "e""#, ["Jane Doe", "Max Jane", "Zoe"]), (#"displayName sw "Z""#, ["Zoe"]),
    (#"displayName ew "oe""#, ["Jane Doe", "Zoe"]), (#"displayName eq "zoe""#, []),
    (#"displayName co """#, ["Jane Doe", "Max Jane", "Zoe"]),
  ]

  @Test("each operator works on each attribute and minds the case", arguments: filters)
  func select(text: String, names: [String]) throws {
    var company = try Self.company()
    #expect(try company.names(where: text) == names)
  }

  static let unsupported = [
    #"id eq "u1000001""#, #"externalId eq "x""#, "active eq true", #"active eq "true""#, "userName pr",
    #"userName gt "a""#, #"meta.created gt "2020""#, #"userName eq "a" and displayName eq "b""#,
    #"not (userName eq "a")"#, #"emails[type eq "work"].value eq "a""#, "", "nonsense", #"name.givenName eq "Jane""#,
  ]

  @Test("any other filter is refused", arguments: unsupported)
  func refusesFilter(text: String) throws {
    var company = try Self.company()
    let request = SCIMRequest(.get, "/Users", query: [.init("filter", text)])
    #expect(company.send(request).verdict == "400 invalidFilter")
  }

  static let pages: [(String?, String?, [String])] = [
    (nil, nil, ["Jane Doe", "Max Jane", "Zoe"]), (nil, "2", ["Jane Doe", "Max Jane"]), (nil, "0", []), (nil, "-5", []),
    (nil, "999999", ["Jane Doe", "Max Jane", "Zoe"]), ("0", nil, ["Jane Doe", "Max Jane", "Zoe"]),
    ("-3", "1", ["Jane Doe"]), ("2", nil, ["Max Jane", "Zoe"]), ("2", "1", ["Max Jane"]), ("3", "9", ["Zoe"]),
    ("4", nil, []), ("9223372036854775807", "9223372036854775807", []),
  ]

  @Test("pages follow startIndex and count; startIndex is 0 in the answer, or as its switch says", arguments: pages)
  func page(start: String?, count: String?, names: [String]) throws {
    var company = try Self.company()
    let query = [start.map { ("startIndex", $0) }, count.map { ("count", $0) }].compactMap { $0 }
    let page = try company.list(query + [("sortBy", "userName")])
    #expect(page.resources.map { $0["displayName"]?.string } == names)
    #expect(page.totalResults == 3 && page.itemsPerPage == names.count && page.startIndex == 0)
    company.model.settings.listStartIndex = .echo
    #expect(try company.list(query).startIndex == max(1, start.flatMap { Int($0) } ?? 1))
  }

  @Test("an index that is no number is refused", arguments: ["startIndex", "count"])
  func noNumber(name: String) throws {
    var company = try Self.company()
    for value in ["", "x", "1.5", "99999999999999999999"] {
      let request = SCIMRequest(.get, "/Users", query: [.init(name, value)])
      #expect(company.send(request).verdict == "400 invalidValue")
    }
  }

  @Test("members of a list have schemas only where the switch says so; disabled users are listed")
  func members() throws {
    var company = try Self.company()
    _ = company.patch("u1000002", .replace("active", false))
    var page = try company.list()
    #expect(page.resources.allSatisfy { $0["schemas"] == nil })
    #expect(page.resources.map { $0["active"]?.bool } == [true, false, true])
    company.model.settings.listMemberSchemas = true
    page = try company.list()
    #expect(page.resources.allSatisfy { $0.schemas == [SchemaURN.user] })
  }

  static let ids = ["u999", "1000001", "U1000001", "u01000001", "u+1000001", "u-1", "u", "x", "u1000001/x", "%ff"]

  @Test("an unknown id, or one in another spelling, is not found", arguments: ids)
  func unknownID(id: String) throws {
    var company = try Self.company()
    for method in [SCIMRequest.Method.get, .put, .patch] {
      let body = SCIMUser(displayName: "An Na").json
      #expect(company.send(SCIMRequest(method, "/Users/\(id)", body: body)).verdict == "404")
    }
  }

  @Test("every call is counted under its template and status")
  func counters() throws {
    var company = try Self.company()
    _ = company.send(.getUser("u1000001"))
    _ = company.send(.getUser("u7"))
    _ = company.send(.listUsers(), token: nil)
    #expect(
      company.model.counters == [
        .init(.post, "/Users", 201): 3, .init(.get, "/Users/{id}", 200): 1, .init(.get, "/Users/{id}", 404): 1,
        .init(.get, "/Users", 401): 1,
      ])
    #expect(company.model.calls(.get, "/Users/{id}") == 2)
  }
}
