import JSON
import SCIM
import Testing

@Suite("SCIM: users (RFC 7643 section 4.1)")
struct SCIMUserTests {
  static let users: [SCIMUser] = [
    SCIMUser(), SCIMUser(id: "", userName: "", displayName: "", password: "", preferredLanguage: "", ssoCustomerId: ""),
    SCIMUser(id: "u1", userName: "mia.berg@corp.example", displayName: "Mia \"M\" Berg\n", active: false),
    SCIMUser(name: .init()), SCIMUser(name: .init(givenName: "Jürgen")),
    SCIMUser(emails: [.init(value: "", primary: false)]),
    SCIMUser(
      userName: "o@corp.example", name: .init(formatted: "O H", givenName: "O", familyName: "H"),
      emails: [.init(value: "a@corp.example"), .init(value: "b@corp.example", primary: true)], active: true,
      password: "Example-Pass-1", preferredLanguage: "de", ssoCustomerId: "7f3c9b21e0"),
  ]

  @Test("a user survives the way through JSON", arguments: users)
  func roundTrip(user: SCIMUser) throws {
    #expect(try SCIMUser(json(user.json.text)) == user)
    #expect(user.json.schemas.first == SchemaURN.user)
    #expect(user.json.schemas.contains(SchemaURN.ssoUser) == (user.ssoCustomerId != nil))
  }

  @Test("what is not set is not written")
  func sparse() {
    #expect(SCIMUser().json == ["schemas": [.string(SchemaURN.user)]])
    #expect(SCIMUser(active: false).json.object?.members.map(\.name) == ["schemas", "active"])
    #expect(SCIMUser(emails: [.init(value: "a")]).json["emails"] == [["value": "a"]])
    #expect(SCIMUser(ssoCustomerId: "c").json[SchemaURN.ssoUser] == ["ssoCustomerId": "c"])
  }

  static let tolerated: [(String, SCIMUser)] = [
    ("{}", SCIMUser()), (#"{"id":null,"name":null,"emails":null,"active":null}"#, SCIMUser()),
    (#"{"schemas":"odd","title":7,"groups":[{"value":"x"}],"meta":[]}"#, SCIMUser()),
    (#"{"USERNAME":"a@b.example","ACTIVE":"False"}"#, SCIMUser(userName: "a@b.example", active: false)),
    (#"{"emails":[]}"#, SCIMUser()), (#"{"emails":[{},{"type":"work"},{"value":null}]}"#, SCIMUser()),
    (
      #"{"emails":[{"Value":"a","Primary":"True","type":"work"},{"value":"b","primary":null}]}"#,
      SCIMUser(emails: [.init(value: "a", primary: true), .init(value: "b")])
    ),
    (#"{"name":{}}"#, SCIMUser(name: .init())), (#"{"name":{"givenName":null,"x":1}}"#, SCIMUser(name: .init())),
    (#"{"NAME":{"FAMILYNAME":"B"}}"#, SCIMUser(name: .init(familyName: "B"))),
    (#"{"\#(SchemaURN.ssoUser)":{}}"#, SCIMUser()), (#"{"\#(SchemaURN.ssoUser)":null}"#, SCIMUser()),
    (#"{"\#(SchemaURN.ssoUser.uppercased())":{"ssocustomerid":"c"}}"#, SCIMUser(ssoCustomerId: "c")),
    (#"{"\#(SchemaURN.enterpriseUser)":{"manager":7}}"#, SCIMUser()),
  ]

  @Test("a user is read tolerantly", arguments: tolerated)
  func tolerant(text: String, user: SCIMUser) throws { #expect(try SCIMUser(json(text)) == user) }

  @Test("what is no object is no user", arguments: ["null", "true", "7", "\"u1\"", "[]", "[{}]"])
  func noObject(text: String) throws {
    try expectFailure(.wrongType(attribute: "the user", wanted: "object"), text) { try SCIMUser($0) }
  }

  static let strings = ["id", "userName", "displayName", "password", "preferredLanguage"]

  @Test("a text that is none is refused by name", arguments: strings, ["7", "true", "[\"a\"]", "{}"])
  func noText(name: String, value: String) throws {
    try expectFailure(.wrongType(attribute: name, wanted: "string"), #"{"\#(name)":\#(value)}"#) { try SCIMUser($0) }
  }

  static let wrong: [(String, String, String)] = [
    (#"{"active":"perhaps"}"#, "active", "boolean"), (#"{"active":1}"#, "active", "boolean"),
    (#"{"active":[]}"#, "active", "boolean"),
    (#"{"name":"Mia"}"#, "name", "object"), (#"{"name":[]}"#, "name", "object"),
    (#"{"name":{"givenName":7}}"#, "givenName", "string"),
    (#"{"name":{"familyName":{}}}"#, "familyName", "string"), (#"{"name":{"formatted":false}}"#, "formatted", "string"),
    (#"{"emails":"a@b.example"}"#, "emails", "array"), (#"{"emails":{"value":"a"}}"#, "emails", "array"),
    (#"{"emails":["a@b.example"]}"#, "emails", "array of objects"),
    (#"{"emails":[null]}"#, "emails", "array of objects"),
    (#"{"emails":[{"value":7}]}"#, "value", "string"),
    (#"{"emails":[{"value":"a","primary":"x"}]}"#, "primary", "boolean"),
    (#"{"\#(SchemaURN.ssoUser)":{"ssoCustomerId":7}}"#, "ssoCustomerId", "string"),
    (#"{"\#(SchemaURN.ssoUser)":"7f3c"}"#, SchemaURN.ssoUser, "object"),
    (#"{"\#(SchemaURN.ssoUser)":[]}"#, SchemaURN.ssoUser, "object"),
  ]

  @Test("a known attribute of another type is refused by name, never by value", arguments: wrong)
  func wrongType(text: String, attribute: String, wanted: String) throws {
    try expectFailure(.wrongType(attribute: attribute, wanted: wanted), text) { try SCIMUser($0) }
  }
}
