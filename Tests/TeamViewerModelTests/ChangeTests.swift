import JSON
import SCIM
import TeamViewerModel
import Testing

@Suite("Changing users")
struct ChangeTests {
  static let replacements: [(SCIMUser, String, String, Bool)] = [
    (SCIMUser(), "a@corp.example", "An Na", true),
    (SCIMUser(displayName: "New Name"), "a@corp.example", "New Name", true),
    (SCIMUser(displayName: "An Na", name: .init(givenName: "Zed")), "a@corp.example", "An Na", true),
    (SCIMUser(name: .init(formatted: "Form Atted", givenName: "Zed")), "a@corp.example", "Form Atted", true),
    (SCIMUser(active: false), "a@corp.example", "An Na", false),
    (SCIMUser(emails: [.init(value: "n@corp.example")]), "n@corp.example", "An Na", true),
    (
      SCIMUser(userName: "u@corp.example", emails: [.init(value: "n@corp.example")], password: "ignored-1"),
      "u@corp.example", "An Na", true
    ),
  ]

  @Test("PUT takes what it documents and leaves what is absent", arguments: replacements)
  func put(user: SCIMUser, email: String, name: String, active: Bool) throws {
    var company = Company { $0.emailChange = .immediate }
    let id = try company.create("a@corp.example", "An Na")
    let response = company.send(.replaceUser(id, user))
    #expect(response.status == 200)
    let answer = try SCIMUser(#require(response.json))
    #expect(answer.userName == email && answer.displayName == name && answer.active == active)
    #expect(company.model.user(id: id)?.hasPassword == false)
    #expect(company.model.check().isEmpty)
  }

  @Test("PATCH may be unknown, and changes nothing then", arguments: TeamViewerService.Settings.Patch.allCases)
  func unknownPatch(patch: TeamViewerService.Settings.Patch) throws {
    var company = Company { $0.patch = patch }
    let id = try company.create("a@corp.example", "An Na")
    let response = company.patch(id, .replace("displayName", "New"))
    #expect(response.status == Int(patch.rawValue) ?? 200)
    #expect(company.model.user(id: id)?.name == (patch == .supported ? "New" : "An Na"))
    #expect(company.send(.replaceUser(id, SCIMUser(displayName: "Newer"))).status == 200)
    #expect(company.model.check().isEmpty)
  }

  static let patches: [(PatchOperation, String, String, Bool)] = [
    (.replace("active", false), "a@corp.example", "An Na Lee", false),
    (.replace("active", "False"), "a@corp.example", "An Na Lee", false),
    (.replace("userName", "n@corp.example"), "n@corp.example", "An Na Lee", true),
    (.replace("emails.value", "n@corp.example"), "n@corp.example", "An Na Lee", true),
    (.replace("displayName", "New"), "a@corp.example", "New", true),
    (.replace("name.formatted", "New"), "a@corp.example", "New", true),
    (.replace("name.givenName", "Zed"), "a@corp.example", "Zed Na Lee", true),
    (.replace("name.familyName", "Zed"), "a@corp.example", "An Zed", true),
    (.replace("DISPLAYNAME", "New"), "a@corp.example", "New", true),
    (.replace(nil, ["active": false, "displayName": "New"]), "a@corp.example", "New", false),
    (.replace(nil, ["name": ["givenName": "Zed"]]), "a@corp.example", "Zed Na Lee", true),
    (.replace(nil, ["emails": [["value": "n@corp.example"]]]), "n@corp.example", "An Na Lee", true),
    (.replace(nil, ["title": "ignored"]), "a@corp.example", "An Na Lee", true),
    (PatchOperation(op: "Replace", path: "active", value: false), "a@corp.example", "An Na Lee", false),
    (PatchOperation(op: "Add", path: "displayName", value: "New"), "a@corp.example", "New", true),
  ]

  @Test("PATCH takes the documented paths and a partial user", arguments: patches)
  func patch(operation: PatchOperation, email: String, name: String, active: Bool) throws {
    var company = Company { $0.emailChange = .immediate }
    let id = try company.create("a@corp.example", "An Na Lee")
    let response = company.patch(id, operation)
    #expect(response.status == 200)
    let answer = try SCIMUser(#require(response.json))
    #expect(answer.userName == email && answer.displayName == name && answer.active == active)
  }

  static let refused: [(PatchOperation, String)] = [
    (PatchOperation(op: "remove", path: "displayName"), "400 invalidSyntax"),
    (PatchOperation(op: "move", path: "displayName", value: "x"), "400 invalidSyntax"),
    (.replace("title", "x"), "400 invalidPath"), (.replace("emails", [["value": "n@corp.example"]]), "400 invalidPath"),
    (.replace(#"emails[type eq "work"].value"#, "n@corp.example"), "400 invalidPath"),
    (.replace("name", ["givenName": "x"]), "400 invalidPath"), (.replace("id", "u1"), "400 invalidPath"),
    (.replace("", "x"), "400 invalidPath"), (PatchOperation(op: "replace", path: "active"), "400 invalidValue"),
    (.replace("displayName", .null), "400 invalidValue"), (.replace("displayName", 7), "400 invalidValue"),
    (.replace("active", "perhaps"), "400 invalidValue"), (.replace("active", 0), "400 invalidValue"),
    (.replace(nil, "x"), "400 invalidValue"), (.replace(nil, ["displayName": 7]), "400 invalidValue"),
    (.replace("displayName", "x"), "400 invalidValue"), (.replace("userName", "no address"), "400 invalidValue"),
    (.replace("userName", ""), "400 invalidValue"), (.replace("userName", "B@corp.example"), "409 uniqueness"),
  ]

  @Test("a refused operation leaves the whole request undone", arguments: refused)
  func allOrNothing(operation: PatchOperation, verdict: String) throws {
    var company = Company()
    let id = try company.create("a@corp.example", "An Na")
    _ = try company.create("b@corp.example", "Bo Ba")
    let before = company.model.user(id: id)
    #expect(company.patch(id, .replace("active", false), operation).verdict == verdict)
    #expect(company.patch(id, operation, .replace("active", false)).verdict == verdict)
    #expect(company.model.user(id: id) == before)
  }

  @Test("of several operations the later counts; displayName goes before the parts of the name")
  func several() throws {
    var company = Company()
    let id = try company.create("a@corp.example", "An Na")
    _ = company.patch(id, .replace("displayName", "One"), .replace("displayName", "Two"))
    #expect(company.model.user(id: id)?.name == "Two")
    _ = company.patch(id, .replace("displayName", "Whole Name"), .replace("name.givenName", "Zed"))
    #expect(company.model.user(id: id)?.name == "Whole Name")
    _ = company.patch(id, .replace("name.givenName", "Ny"), .replace(nil, ["name": ["familyName": "Ry"]]))
    #expect(company.model.user(id: id)?.name == "Ny Ry")
  }

  @Test("a one-word name counts as given name when a part is replaced")
  func oneWord() throws {
    var company = Company()
    let id = try company.create("a@corp.example", "Prince")
    _ = company.patch(id, .replace("name.familyName", "Rogers"))
    #expect(company.model.user(id: id)?.name == "Prince Rogers")
  }

  @Test("add, string booleans and the second PatchOp URN are refused where the switches say so")
  func strict() throws {
    var company = Company {
      $0.patchAddAsReplace = false
      $0.acceptsBooleanStrings = false
      $0.patchOpURN = .official
    }
    let id = try company.create("a@corp.example", "An Na")
    #expect(
      company.patch(id, PatchOperation(op: "add", path: "displayName", value: "x")).verdict == "400 invalidSyntax")
    #expect(company.patch(id, .replace("active", "False")).verdict == "400 invalidValue")
    #expect(company.patch(id, .replace(nil, ["active": "False"])).verdict == "400 invalidValue")
    #expect(company.patch(id, .replace("active", false)).status == 200)
  }

  @Test(
    "a PATCH must name its message",
    arguments: [
      (SchemaURN.patchOp, "200", "200"), (SchemaURN.legacyPatchOp, "200", "400 invalidSyntax"),
      (SchemaURN.user, "400 invalidSyntax", "400 invalidSyntax"),
    ])
  func urns(urn: String, both: String, official: String) throws {
    var company = Company()
    let id = try company.create("a@corp.example", "An Na")
    let body: JSONValue = [
      "schemas": [.string(urn)], "Operations": [["op": "replace", "path": "active", "value": false]],
    ]
    let request = SCIMRequest(.patch, "/Users/\(id)", body: body)
    #expect(company.send(request).verdict == both)
    company.model.settings.patchOpURN = .official
    #expect(company.send(request).verdict == official)
    #expect(company.send(SCIMRequest(.patch, "/Users/\(id)")).verdict == "400 invalidSyntax")
    #expect(
      company.send(SCIMRequest(.patch, "/Users/\(id)", body: ["schemas": [.string(SchemaURN.patchOp)]])).status == 400)
  }

  @Test("a changed address stays pending until its owner confirms it")
  func pending() throws {
    var company = Company()
    let id = try company.create("a@corp.example", "An Na")
    #expect(company.patch(id, .replace("userName", "n@corp.example")).json?["userName"] == "a@corp.example")
    #expect(company.model.user(id: id)?.pendingEmail == "n@corp.example")
    #expect(try company.names(where: #"userName eq "n@corp.example""#).isEmpty)
    #expect(company.model.confirmEmail(id, now: company.now) == true)
    #expect(company.send(.getUser(id)).json?["userName"] == "n@corp.example")
    #expect(try company.names(where: #"userName eq "a@corp.example""#).isEmpty)
    #expect(company.model.confirmEmail(id, now: company.now) == false)
    #expect(company.model.check().isEmpty)
  }

  @Test("a pending address can be taken back, and can be lost to another account")
  func pendingEnds() throws {
    var company = Company()
    let id = try company.create("a@corp.example", "An Na")
    _ = company.patch(id, .replace("userName", "n@corp.example"))
    _ = company.patch(id, .replace("userName", "a@corp.example"))
    #expect(company.model.user(id: id)?.pendingEmail == nil)
    _ = company.patch(id, .replace("userName", "n@corp.example"))
    _ = try company.create("N@corp.example", "Bo Ba")
    #expect(company.model.confirmEmail(id, now: company.now) == false)
    #expect(company.model.user(id: id)?.email == "a@corp.example")
  }

  @Test("another case of the own address is no duplicate")
  func ownCase() throws {
    var company = Company { $0.emailChange = .immediate }
    let id = try company.create("a@corp.example", "An Na")
    #expect(company.patch(id, .replace("userName", "A@corp.example")).json?["userName"] == "A@corp.example")
    #expect(company.model.check().isEmpty)
  }

  @Test("a disabled account stays and can be enabled again")
  func enable() throws {
    var company = Company()
    let id = try company.create("a@corp.example", "An Na")
    #expect(company.patch(id, .replace("active", false)).json?["active"] == false)
    #expect(company.send(.getUser(id)).json?["active"] == false)
    #expect(company.patch(id, .replace("active", true)).json?["active"] == true)
  }

  @Test("the console's own changes are seen through SCIM")
  func edit() throws {
    var company = Company()
    let id = try company.create("a@corp.example", "An Na")
    _ = try company.create("b@corp.example", "Bo Ba")
    #expect(company.model.edit(id, now: company.now) { $0.name = "X" } == true)
    #expect(company.send(.getUser(id)).json?["displayName"] == "X")
    #expect(company.model.edit(id, now: company.now) { $0.email = "B@corp.example" } == false)
    #expect(company.model.edit("u1", now: company.now) { _ in } == false)
    #expect(company.model.addAccount("B@corp.example", name: "Bo") == nil)
  }
}
