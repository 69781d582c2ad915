import JSON
import SCIM
import Testing

@Suite("SCIM messages")
struct SCIMTests {
  static let users: [SCIMUser] = [
    SCIMUser(),
    SCIMUser(id: "u1", userName: "mia.berg@corp.example", displayName: "Mia Berg", active: false),
    SCIMUser(
      userName: "o@corp.example", name: .init(formatted: "O H", givenName: "O", familyName: "H"),
      emails: [.init(value: "a@corp.example"), .init(value: "b@corp.example", primary: true)], active: true,
      password: "Example-Pass-1", preferredLanguage: "de", ssoCustomerId: "7f3c9b21e0"),
  ]

  @Test("a user survives the way through JSON", arguments: users)
  func userRoundTrip(user: SCIMUser) throws {
    #expect(try SCIMUser(JSONParser.parse(user.json.text.utf8)) == user)
    #expect(user.json.schemas.contains(SchemaURN.ssoUser) == (user.ssoCustomerId != nil))
  }

  @Test("a user is read tolerantly")
  func tolerant() throws {
    let user = try SCIMUser(
      JSONParser.parse(
        #"""
        {"USERNAME":"a@b.example","active":"False","displayName":null,"title":7,"groups":[{"value":"x"}],
        "emails":[{"type":"work"},{"value":"a@b.example","primary":"True","type":"work"}],"name":{"givenName":null}}
        """#.utf8))
    #expect(
      user
        == SCIMUser(
          userName: "a@b.example", name: .init(), emails: [.init(value: "a@b.example", primary: true)], active: false))
  }

  static let badUsers: [(String, SCIMParseError)] = [
    ("[]", .wrongType(attribute: "the user", wanted: "object")),
    (#"{"userName":7}"#, .wrongType(attribute: "userName", wanted: "string")),
    (#"{"active":"perhaps"}"#, .wrongType(attribute: "active", wanted: "boolean")),
    (#"{"active":1}"#, .wrongType(attribute: "active", wanted: "boolean")),
    (#"{"name":"Mia"}"#, .wrongType(attribute: "name", wanted: "object")),
    (#"{"emails":"a@b.example"}"#, .wrongType(attribute: "emails", wanted: "array")),
    (#"{"emails":["a@b.example"]}"#, .wrongType(attribute: "emails", wanted: "array of objects")),
  ]

  @Test("a known attribute of another type is refused by name", arguments: badUsers)
  func refusesUser(text: String, error: SCIMParseError) throws {
    let json = try JSONParser.parse(text.utf8)
    #expect(throws: error) { try SCIMUser(json) }
    #expect(!error.clause.isEmpty)
  }

  @Test("a PATCH survives the way through JSON; a null value is no missing value")
  func patchRoundTrip() throws {
    let patch = PatchRequest(operations: [
      .replace("active", false), .replace(nil, ["displayName": "Mia"]), PatchOperation(op: "Remove", path: "x"),
      .replace("displayName", .null),
    ])
    let parsed = try PatchRequest(JSONParser.parse(patch.json.text.utf8))
    #expect(parsed == patch)
    #expect(parsed.operations[3].value == .null)
    #expect(parsed.operations[2].value == nil)
  }

  static let badPatches = [
    "{}", "[]", #"{"Operations":[]}"#, #"{"Operations":{}}"#, #"{"Operations":[1]}"#, #"{"Operations":[{"path":"a"}]}"#,
    #"{"Operations":[{"op":1}]}"#, #"{"Operations":[{"op":"add","path":1}]}"#,
  ]

  @Test("what is no PATCH is refused", arguments: badPatches)
  func refusesPatch(text: String) throws {
    let json = try JSONParser.parse(text.utf8)
    #expect(throws: SCIMParseError.self) { try PatchRequest(json) }
  }

  @Test("a PATCH of too many operations is refused")
  func boundedPatch() {
    let many = PatchRequest(operations: Array(repeating: .replace("active", true), count: 1001))
    #expect(throws: SCIMParseError.tooMany("Operations", limit: 1000)) { try PatchRequest(many.json) }
  }

  @Test("a list survives the way through JSON; Resources may be missing when nothing was found")
  func listRoundTrip() throws {
    let list = ListResponse(totalResults: 3, startIndex: 0, itemsPerPage: 1, resources: [["id": "u1"]])
    #expect(try ListResponse(list.json) == list)
    #expect(try ListResponse(["totalResults": 0]).resources.isEmpty)
  }

  static let badLists = [
    "[]", "{}", #"{"totalResults":"1","Resources":[]}"#, #"{"totalResults":-1}"#, #"{"totalResults":1}"#,
    #"{"totalResults":1,"Resources":{}}"#, #"{"totalResults":0,"schemas":["other"]}"#,
  ]

  @Test("what is no list is refused", arguments: badLists)
  func refusesList(text: String) throws {
    let json = try JSONParser.parse(text.utf8)
    #expect(throws: SCIMParseError.self) { try ListResponse(json) }
  }

  @Test("the three shapes of an error's body are told apart")
  func errors() {
    let taken = SCIMErrorResponse(status: 409, scimType: "uniqueness", detail: "taken")
    #expect(SCIMResponse(status: 409, json: taken.json).errorBody == .scim(taken))
    #expect(taken.json["status"] == "409")
    let limited = WebAPIErrorResponse(error: "rate_limit_reached", description: "slow", code: 7, signature: 8)
    let refusal = SCIMResponse(status: 403, json: limited.json)
    #expect(refusal.errorBody == .webAPI(limited))
    #expect(refusal.isRateLimited && !refusal.isAddressTaken)
    #expect(!SCIMResponse(status: 403, json: SCIMErrorResponse(status: 403).json).isRateLimited)
    #expect(SCIMResponse(status: 400, json: WebAPIErrorResponse(error: "email_in_use").json).isAddressTaken)
    let page = SCIMResponse(status: 502, body: Array(" <html>".utf8))
    #expect(page.errorBody == .other && page.isHTML)
    #expect(SCIMErrorResponse(["schemas": ["x"], "status": "400"]) == nil)
  }

  static let paths: [(String, String)] = [
    ("/Users", "/Users"), ("/Users/u1", "/Users/{id}"), ("/Users/a/b", "/Users/{id}"), ("/", "/"), ("", "/"),
    ("/secret", "/{other}"), ("/secret/x", "/{other}/{id}"), ("/Schemas/urn:x", "/Schemas/{id}"),
  ]

  @Test("identifiers never reach a path template", arguments: paths)
  func templates(path: String, template: String) {
    #expect(SCIMRequest(.get, path).pathTemplate == template)
  }

  @Test("queries and identifiers are percent-encoded")
  func encoding() {
    let list = SCIMRequest.listUsers(filter: Filter("userName", .eq, "a+b@c.example"), startIndex: 1, count: 2)
    #expect(list.target == "/Users?filter=userName%20eq%20%22a%2Bb%40c.example%22&startIndex=1&count=2")
    #expect(SCIMRequest.getUser("u1/../é").path == "/Users/u1%2F..%2F%C3%A9")
    #expect(PercentEncoding.decode("a%2Fb+c%C3%A9") == "a/b+cé")
    #expect(PercentEncoding.decode("a+b", plusIsSpace: true) == "a b")
    for broken in ["%", "%4", "%zz", "%ff"] { #expect(PercentEncoding.decode(broken) == nil) }
  }

  @Test("a failure says whether the request may have arrived")
  func failures() {
    let before: [Failure] = [.notSent("x"), .nameResolution, .refused, .unreachable, .connectTimeout, .tls]
    let after: [Failure] = [.timeout, .reset, .truncated, .tooLarge, .malformed, .other("X")]
    #expect(before.allSatisfy { !$0.mayHaveArrived } && after.allSatisfy(\.mayHaveArrived))
    #expect(Set((before + after).map(\.label)).count == before.count + after.count)
  }
}
