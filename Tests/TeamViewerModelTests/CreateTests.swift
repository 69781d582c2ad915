import Base
import JSON
import Provisioning
import SCIM
import TeamViewerModel
import Testing

@Suite("Creating users")
struct CreateTests {
  static let sources: [(String, String, String)] = [
    (#""userName":"a@corp.example","displayName":"An Na""#, "a@corp.example", "An Na"),
    (
      #""userName":"a@corp.example","emails":[{"value":"b@corp.example"}],"displayName":"An Na""#, "a@corp.example",
      "An Na"
    ),
    (
      #""emails":[{"value":"b@corp.example"},{"value":"c@corp.example","primary":true}],"displayName":"An Na""#,
      "c@corp.example", "An Na"
    ),
    (
      #""emails":[{"value":"b@corp.example"},{"value":"c@corp.example"}],"displayName":"An Na""#, "b@corp.example",
      "An Na"
    ),
    (
      #""userName":"a@corp.example","displayName":"An Na","name":{"formatted":"X Y","givenName":"U","familyName":"V"}"#,
      "a@corp.example", "An Na"
    ),
    (
      #""userName":"a@corp.example","name":{"formatted":"X Y","givenName":"U","familyName":"V"}"#, "a@corp.example",
      "X Y"
    ),
    (#""userName":"a@corp.example","name":{"givenName":"U","familyName":"V W"}"#, "a@corp.example", "U V W"),
    (#""userName":"a@corp.example","name":{"familyName":"Only"}"#, "a@corp.example", "Only"),
    (#""userName":"a@corp.example","name":{"givenName":"Only"}"#, "a@corp.example", "Only"),
    (#""userName":"a@corp.example","displayName":"An Na","active":false"#, "a@corp.example", "An Na"),
    (#""userName":"a@corp.example","displayName":"An Na","title":"x","groups":[1]"#, "a@corp.example", "An Na"),
  ]

  @Test("address and name come from the first source; the account is active", arguments: sources)
  func precedence(members: String, email: String, name: String) throws {
    var company = Company()
    let body = try JSONParser.parse(#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],\#(members)}"#.utf8)
    let response = company.send(SCIMRequest(.post, "/Users", body: body))
    #expect(response.status == 201)
    let user = try SCIMUser(#require(response.json))
    #expect(user.userName == email && user.emails == [.init(value: email, primary: true)])
    #expect(user.displayName == name && user.name?.formatted == name)
    #expect(user.active == true)
    #expect(response.headers["location"] == "https://webapi.teamviewer.com/scim/v2/Users/\(user.id ?? "")")
  }

  static let splits: [(String, String?, String?)] = [
    ("John Doe", "John", "Doe"), ("Jane Doe Updated", "Jane", "Doe Updated"),
    ("Jane Doe (Updated Name)", "Jane", "Doe (Updated Name)"), ("Prince", nil, nil), ("Doe, Jane", "Doe,", "Jane"),
  ]

  @Test("the name is split at its first space; without one the parts are null", arguments: splits)
  func splitName(name: String, given: String?, family: String?) throws {
    var company = Company()
    let response = company.send(.createUser(SCIMUser(userName: "a@corp.example", displayName: name)))
    let parts = try #require(response.json?["name"])
    #expect(parts["givenName"] == (given.map(JSONValue.string) ?? .null))
    #expect(parts["familyName"] == (family.map(JSONValue.string) ?? .null))
    #expect(parts["formatted"] == .string(name))
  }

  @Test("ids ascend; write-only attributes never come back")
  func writeOnly() throws {
    var company = Company()
    let first = company.send(
      .createUser(
        SCIMUser(
          userName: "a@corp.example", displayName: "An Na", password: "Example-Pass-1", preferredLanguage: "de",
          ssoCustomerId: "7f3c")))
    #expect(try company.create("b@corp.example", "Bo Ba") == "u1000002")
    let account = try #require(company.model.user(id: "u1000001"))
    #expect(account.hasPassword && account.usesSingleSignOn && account.language == "de")
    for response in [first, company.send(.getUser("u1000001")), company.send(.listUsers())] {
      let text = String(decoding: response.body, as: UTF8.self)
      for hidden in ["Example-Pass-1", "password", "7f3c", "ssoCustomerId", "preferredLanguage", "externalId", "meta"] {
        #expect(!text.contains(hidden))
      }
    }
    #expect(
      first.json?.object?.members.map(\.name) == [
        "schemas", "id", "userName", "displayName", "name", "emails", "active",
      ])
  }

  static let refused: [(String, String)] = [
    (#""displayName":"An Na""#, "400 invalidValue"), (#""userName":"a@corp.example""#, "400 invalidValue"),
    (#""userName":"a@corp.example","displayName":"A""#, "400 invalidValue"),
    (#""userName":"a@corp.example","displayName":"""#, "400 invalidValue"),
    (#""userName":"","displayName":"An Na""#, "400 invalidValue"),
    (#""userName":7,"displayName":"An Na""#, "400 invalidValue"),
    (#""userName":"a@corp.example","displayName":"An Na","active":"perhaps""#, "400 invalidValue"),
    (#""userName":"a@corp.example","displayName":"An Na","password":"short""#, "400 invalidValue"),
    (
      #""userName":"a@corp.example","displayName":"An Na","urn:ietf:params:scim:schemas:extension:teamviewer:1.0:SsoUser":{"ssoCustomerId":"x"}"#,
      "400 invalidSyntax"
    ),
  ]

  @Test("what has no source or no valid value is refused", arguments: refused)
  func refuses(members: String, verdict: String) throws {
    var company = Company()
    let body = try JSONParser.parse(#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],\#(members)}"#.utf8)
    #expect(company.send(SCIMRequest(.post, "/Users", body: body)).verdict == verdict)
    #expect(company.model.users.isEmpty && company.model.createAttempts.isEmpty)
  }

  static let noBodies: [JSONValue?] = [
    nil, .array([]), "text", ["userName": "a@corp.example", "displayName": "An Na"],
  ]

  @Test("a body that is no User message is refused", arguments: noBodies)
  func noMessage(body: JSONValue?) {
    var company = Company()
    #expect(company.send(SCIMRequest(.post, "/Users", body: body)).verdict == "400 invalidSyntax")
  }

  static let emails: [(String, Bool)] = [
    ("a@b.de", true), ("a@b.d", false), ("@corp.example", false), ("mia.berg@corp.example", true),
    ("mia..berg@corp.example", false), (".mia@corp.example", false), ("mia.@corp.example", false),
    ("m'ia+x=y_z-1@corp.example", true), ("_mia_@corp.example", true), ("mia berg@corp.example", false),
    ("mía@corp.example", false), ("mia@corp_x.example", false), ("mia@-corp.example", false),
    ("mia@co-rp.example", true), ("mia@co--rp.example", false), ("mia@corp", false), ("mia@corp.e1", false),
    ("mia@corp..example", false), ("mia@x@corp.example", false), ("mia#EXT#@corp.example", false),
    (String(repeating: "a", count: 87) + "@corp.example", true),
    (String(repeating: "a", count: 88) + "@corp.example", false),
  ]

  @Test("addresses have a pattern, unless it is switched off", arguments: emails)
  func emailPattern(email: String, allowed: Bool) {
    var strict = Company()
    let request = SCIMRequest.createUser(SCIMUser(userName: email, displayName: "An Na"))
    #expect(strict.send(request).verdict == (allowed ? "201" : "400 invalidValue"))
    var lenient = Company { $0.emailPattern = false }
    #expect(lenient.send(request).status == 201)
  }

  static let names: [(Int, Bool)] = [(1, false), (2, true), (50, true), (51, false)]

  @Test("names have 2 to 50 characters, unless that is switched off", arguments: names)
  func nameLimits(length: Int, allowed: Bool) {
    let request = SCIMRequest.createUser(
      SCIMUser(userName: "a@corp.example", displayName: String(repeating: "ä", count: length)))
    var strict = Company()
    #expect(strict.send(request).verdict == (allowed ? "201" : "400 invalidValue"))
    var lenient = Company { $0.nameLimits = false }
    #expect(lenient.send(request).status == 201)
  }

  @Test("an address is unique inside and outside the company, whatever its ASCII case")
  func duplicates() throws {
    var company = Company { $0.foreignAccounts = ["free@corp.example"] }
    _ = try company.create("a@corp.example", "An Na")
    for address in ["a@corp.example", "A@Corp.Example", "FREE@corp.example"] {
      let request = SCIMRequest.createUser(SCIMUser(userName: address, displayName: "Bo Ba"))
      #expect(company.send(request).verdict == "409 uniqueness")
      company.model.settings.duplicateStatus = .badRequest
      let refusal = company.send(request)
      #expect(refusal.status == 400 && refusal.isAddressTaken)
      company.model.settings.duplicateStatus = .conflict
    }
    #expect(try company.names(where: #"userName eq "free@corp.example""#).isEmpty)
    #expect(company.model.creates == ["a@corp.example": 1])
    #expect(company.model.createAttempts == ["a@corp.example": 5, "free@corp.example": 2])
    #expect(company.model.check().isEmpty)
  }

  @Test("an account that was taken out of the company keeps its address in use")
  func removed() throws {
    var company = Company()
    let id = try company.create("a@corp.example", "An Na")
    let other = try company.create("b@corp.example", "Bo Ba")
    #expect(company.model.removeFromCompany(id) == true)
    #expect(company.send(.getUser(id)).status == 404 && company.send(.getUser(other)).status == 200)
    #expect(company.send(.createUser(SCIMUser(userName: "a@corp.example", displayName: "An Na"))).status == 409)
    #expect(company.model.check().isEmpty)
  }

  @Test("externalId and meta are absent, or as their switches say")
  func extras() throws {
    var company = Company {
      $0.externalId = .stored
      $0.meta = true
    }
    var body = SCIMUser(userName: "a@corp.example", displayName: "An Na").json
    if case .object(var object) = body {
      object["externalId"] = "oid-1"
      body = .object(object)
    }
    let json = try #require(company.send(SCIMRequest(.post, "/Users", body: body)).json)
    #expect(json["externalId"] == "oid-1")
    #expect(json["meta"]?["created"] == "2025-06-15T15:06:40.000Z")
    company.now = company.now + .seconds(1)
    let changed = try #require(company.patch("u1000001", .replace("active", false)).json)
    #expect(changed["meta"]?["created"] == "2025-06-15T15:06:40.000Z")
    #expect(changed["meta"]?["lastModified"] == "2025-06-15T15:06:41.000Z")
    company.model.settings.externalId = .dropped
    #expect(company.send(.getUser("u1000001")).json?["externalId"] == nil)
  }
}
