import Base
import JSON
import SCIM
import Testing

@Suite("SCIM: requests (RFC 7644 section 3)")
struct SCIMRequestTests {
  @Test("all methods but GET may change something", arguments: SCIMRequest.Method.allCases)
  func writes(method: SCIMRequest.Method) {
    #expect(method.isWrite == (method.rawValue != "GET"))
    #expect(
      SCIMRequest.Method(rawValue: method.rawValue) == method
        && SCIMRequest.Method(rawValue: method.rawValue.lowercased()) == nil)
  }

  static let queries: [([SCIMRequest.QueryItem], String)] = [
    ([], "/Users"), ([.init("count", "0")], "/Users?count=0"), ([.init("", "")], "/Users?="),
    ([.init("a", "1"), .init("a", "2")], "/Users?a=1&a=2"), ([.init("a&b", "c=d&e")], "/Users?a%26b=c%3Dd%26e"),
    ([.init("filter", "a b+c")], "/Users?filter=a%20b%2Bc"), ([.init("ü", "#?/")], "/Users?%C3%BC=%23%3F%2F"),
  ]

  @Test("names and values of a query are encoded", arguments: queries)
  func target(query: [SCIMRequest.QueryItem], target: String) {
    #expect(SCIMRequest(.get, "/Users", query: query).target == target)
  }

  @Test("of two parameters of a name the first counts, and names are exact")
  func parameters() {
    let request = SCIMRequest(.get, "/Users", query: [.init("count", "1"), .init("count", "2"), .init("Filter", "x")])
    #expect(
      request.parameter("count") == "1" && request.parameter("filter") == nil && request.parameter("Filter") == "x")
  }

  @Test("a query over users names what is given, in one order")
  func lists() {
    #expect(SCIMRequest.listUsers().target == "/Users")
    #expect(SCIMRequest.listUsers(startIndex: 1).target == "/Users?startIndex=1")
    #expect(SCIMRequest.listUsers(count: 100).target == "/Users?count=100")
    let list = SCIMRequest.listUsers(filter: Filter("userName", .eq, "a+b@c.example"), startIndex: 1, count: 2)
    #expect(list.target == "/Users?filter=userName%20eq%20%22a%2Bb%40c.example%22&startIndex=1&count=2")
    #expect(list.method == .get && list.body == nil && list.parameter("filter") == #"userName eq "a+b@c.example""#)
  }

  @Test("a query's filter survives the way through its target", arguments: SCIMFilterTests.values)
  func filters(value: String) throws {
    let filter = Filter("userName", .eq, value)
    let target = SCIMRequest.listUsers(filter: filter).target
    let encoded = try #require(target.split(separator: "=", maxSplits: 1).last)
    for plusIsSpace in [true, false] {
      let text = try #require(PercentEncoding.decode(encoded, plusIsSpace: plusIsSpace))
      #expect(try Filter(parsing: text) == filter)
    }
  }

  static let identifiers = [
    ("u1", "u1"), ("u1/../é", "u1%2F..%2F%C3%A9"), ("a?b#c", "a%3Fb%23c"), ("", ""), ("%2F", "%252F"), ("a b", "a%20b"),
    (".", "%2E"), ("..", "%2E%2E"), ("...", "..."),
  ]

  @Test("each request has its method, path and body; an identifier stays one segment", arguments: identifiers)
  func requests(id: String, segment: String) {
    let user = SCIMUser(userName: "a@b.example")
    let patch = PatchRequest(operations: [.replace("active", true)])
    #expect(SCIMRequest.getUser(id) == SCIMRequest(.get, "/Users/\(segment)"))
    #expect(SCIMRequest.replaceUser(id, user) == SCIMRequest(.put, "/Users/\(segment)", body: user.json))
    #expect(SCIMRequest.patchUser(id, patch) == SCIMRequest(.patch, "/Users/\(segment)", body: patch.json))
    #expect(SCIMRequest.createUser(user) == SCIMRequest(.post, "/Users", body: user.json))
    #expect(SCIMRequest.getUser(id).target == "/Users/\(segment)")
  }

  static let paths: [(String, String)] = [
    ("/Users", "/Users"), ("/Users/", "/Users"), ("//Users", "/Users"), ("Users", "/Users"),
    ("/Users/u1", "/Users/{id}"),
    ("/Users/a/b", "/Users/{id}"), ("/Users//u1", "/Users/{id}"), ("/", "/"), ("", "/"), ("///", "/"),
    ("/secret", "/{other}"),
    ("/secret/x", "/{other}/{id}"), ("/users", "/{other}"), ("/Users%2Fx", "/{other}"),
    ("/Schemas/urn:x", "/Schemas/{id}"),
    ("/.search", "/.search"), ("/Me", "/Me"), ("/Bulk", "/Bulk"), ("/Groups/g1", "/Groups/{id}"), ("/é", "/{other}"),
    ("/ServiceProviderConfig", "/ServiceProviderConfig"), ("/ResourceTypes/User", "/ResourceTypes/{id}"),
  ]

  @Test("identifiers never reach a path template", arguments: paths)
  func template(path: String, template: String) { #expect(SCIMRequest(.get, path).pathTemplate == template) }
}
