import Expressions
import JSON
import Testing

@testable import Provisioning

@Suite("Synchronization schemas") struct SynchronizationSchemaTests {
  static func mapping(
    _ target: String, _ source: JSONValue, priority: Int64 = 0, _ more: [(String, JSONValue)] = []
  ) -> JSONValue {
    var object = JSONObject(present: [
      ("targetAttributeName", .string(target)), ("source", source), ("matchingPriority", .integer(priority)),
    ])
    for (name, value) in more { object[name] = value }
    return .object(object)
  }

  static func attribute(_ name: String) -> JSONValue {
    ["type": "Attribute", "name": .string(name), "expression": .string("[\(name)]"), "parameters": []]
  }

  static func function(_ text: String) -> JSONValue {
    ["type": "Function", "expression": .string(text)]
  }

  /// A function whose text reads another attribute than its parts.
  private static let parted: JSONValue = [
    "type": "Function", "name": "ToLower", "expression": "ToLower([country])",
    "parameters": [["key": "source", "value": ["type": "Attribute", "name": "city"]]],
  ]

  static let usual = [
    mapping("userName", attribute("userPrincipalName"), priority: 1), mapping("displayName", attribute("displayName")),
    mapping("active", function(#"Switch([IsSoftDeleted], , "False", "True", "True", "False")"#)),
  ]

  static func schema(
    _ mappings: [JSONValue], scope: JSONValue = .null, flowTypes: JSONValue = "Add, Update, Delete",
    _ more: [(String, JSONValue)] = [], rule: [(String, JSONValue)] = []
  ) -> JSONValue {
    var object = JSONObject(present: [
      ("name", "Users"), ("sourceObjectName", "User"),
      ("targetObjectName", "urn:ietf:params:scim:schemas:core:2.0:User"),
      ("enabled", true), ("flowTypes", flowTypes), ("scope", scope), ("attributeMappings", .array(mappings)),
    ])
    for (name, value) in more { object[name] = value }
    var rules = JSONObject(present: [
      ("sourceDirectoryName", "Azure Active Directory"), ("objectMappings", [.object(object)]),
    ])
    for (name, value) in rule { rules[name] = value }
    return ["synchronizationRules": [.object(rules)]]
  }

  @Test("The gallery application's schema is the mapping without a line of configuration") func gallery() {
    let read = SchemaImport(Self.schema(Self.usual))
    #expect(read.mapping == Mapping() && read.filter == ScopingFilter() && read.left == [] && read.refused == [])
  }

  @Test("Mappings, the actions and the scope are carried over") func carried() throws {
    let scope: JSONValue = [
      "groups": [
        [
          "name": "EU engineers",
          "clauses": [
            [
              "sourceOperandName": "department", "operatorName": "EQUALS",
              "targetOperand": ["values": ["Engineering", "R&D"]],
            ],
            ["sourceOperandName": "employeeId", "operatorName": "is not null", "targetOperand": ["values": []]],
          ],
        ]
      ], "inputFilterGroups": [], "categoryFilterGroups": [],
    ]
    let mappings = [
      Self.mapping("userName", Self.attribute("mail"), priority: 1),
      Self.mapping(
        "displayName", Self.function(#"Join(" ", [givenName], [surname])"#), [("defaultValue", "Unnamed")]),
      Self.mapping("preferredLanguage", ["type": "Constant", "name": "de"], [("defaultValue", "")]),
      Self.mapping(
        "urn:ietf:params:scim:schemas:extension:teamviewer:2.0:User:ssoCustomerId",
        ["type": "Constant", "name": "sso-1"],
        [("flowType", "ObjectAddOnly")]),
      Self.usual[2],
    ]
    let read = SchemaImport(Self.schema(mappings, scope: scope, flowTypes: ["Add", "Update"]))
    #expect(read.refused == [] && read.left == [])
    #expect(read.mapping.userName == .mail && read.mapping.ssoCustomerId == "sso-1")
    #expect(read.mapping.actions == [.create, .update, .disable])
    #expect(read.mapping.own.map(\.target) == [.displayName, .preferredLanguage])
    #expect(read.mapping.own[0].defaultValue == "Unnamed" && read.mapping.own[1].source.constant == "de")
    let group = try #require(read.filter.groups.first)
    #expect(group.name == "EU engineers" && group.clauses.map(\.comparison) == [.equals, .isNotNull])
    #expect(group.clauses[0].values == ["Engineering", "R&D"])
  }

  static let left: [(JSONValue, String)] = [
    (schema(usual + [mapping("emails[type eq \"work\"].value", attribute("mail"))]), "emails[type eq"),
    (schema(usual + [mapping("name.givenName", attribute("givenName"))]), "name.givenName cannot be sent"),
    (schema(usual + [mapping("title", attribute("jobTitle"))]), "title cannot be sent"),
    (schema(usual + [mapping("externalId", attribute("mailNickname"), priority: 2)]), "externalId is a matching"),
    (schema(usual + [mapping("preferredLanguage", .null)]), "preferredLanguage has no source"),
    (
      schema(usual + [mapping("preferredLanguage", attribute("country"), [("flowType", "AttributeAddOnly")])]),
      "flowType AttributeAddOnly"
    ),
    (
      schema(usual + [mapping("preferredLanguage", attribute("country"), [("flowBehavior", "FlowAlways")])]),
      "FlowAlways"
    ),
    (schema(usual, [("metadata", [["key": "EscrowBehavior", "value": "\"Strict\""]])]), "metadata EscrowBehavior"),
    (
      schema(usual, [("metadata", [["key": "OriginalJoiningProperty", "value": "\"mail\""]])]),
      "metadata OriginalJoiningProperty (mail) of the object mapping"
    ),
    (
      schema(usual, rule: [("metadata", [["key": "Unknown", "value": "\"x\""]])]),
      "metadata Unknown (x) of the synchronization rule"
    ),
    (
      schema(usual, scope: ["groups": [], "inputFilterGroups": [["name": "x"]]]), "scope.inputFilterGroups"
    ),
    (schema(Array(usual.prefix(2))), "active is not mapped"),
    (schema([usual[0], usual[1], mapping("active", .null)]), "active has no source"),
    (
      schema([
        usual[0], usual[1], mapping("active", function("Not([IsSoftDeleted])"), [("flowType", "ObjectAddOnly")]),
      ]),
      "active has the flowType ObjectAddOnly"
    ),
    (
      schema(usual + [mapping("preferredLanguage", attribute("country"), [("flowType", "Always")])]),
      "with a new account only"
    ),
    (
      schema(usual + [mapping("urn:ietf:params:scim:schemas:extension:acme:2.0:User:displayName", attribute("a"))]),
      "acme:2.0:User:displayName cannot be sent"
    ),
    (
      schema([
        mapping("userName", attribute("mail"), priority: 1, [("defaultValue", "a@x.example")]), usual[1], usual[2],
      ]),
      "userName has the defaultValue"
    ),
    (
      schema(usual + [mapping("preferredLanguage", attribute("country"), [("flowNullValues", true)])]),
      "flowNullValues of the mapping of preferredLanguage"
    ),
    (schema(usual + [mapping("preferredLanguage", parted)]), "preferredLanguage has `[city]`, `[country]` in one form"),
    (
      schema(usual, scope: ["groups": [], "somethingNew": true]), "somethingNew of the scope"
    ),
    (schema(usual, rule: [("enabled", false)]), "The synchronization rule is switched off there"),
  ]

  @Test("What cannot be carried over is named, and the rest is", arguments: left) func named(
    _ text: JSONValue, _ words: String
  ) {
    let read = SchemaImport(text)
    #expect(read.refused == [] && read.left.contains { $0.contains(words) }, "\(read.left) \(read.refused)")
  }

  static let refused: [(JSONValue, String)] = [
    (["id": "x"], "no synchronizationRules"), (schema([], rule: [("objectMappings", [])]), "No object mapping"),
    (schema(usual, [("enabled", false)]), "is disabled"),
    (schema(usual + [usual[1]]), "displayName is mapped twice"),
    (schema(usual + [["matchingPriority": 0]]), "A mapping has no targetAttributeName"),
    (schema([usual[0], usual[2], mapping("displayName", .null)]), "displayName has no source"),
    (
      schema([mapping("userName", ["type": "Constant", "name": "a@x.example"], priority: 1), usual[1], usual[2]]),
      "map an attribute"
    ),
    (
      schema(usual + [mapping("urn:ietf:params:scim:schemas:core:2.0:User:displayName", attribute("mail"))]),
      "is mapped twice"
    ),
    (
      schema([usual[0], mapping("urn:ietf:params:scim:schemas:core:2.0:User:displayName", .null)]),
      "urn:ietf:params:scim:schemas:core:2.0:User:displayName has no source"
    ),
    (
      schema([
        usual[0], mapping("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:displayName", attribute("mail")),
      ]),
      "displayName is not mapped (urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:displayName is another"
    ),
    (schema([usual[0], usual[2]]), "displayName is not mapped"), (schema([usual[1]]), "userName is not mapped"),
    (schema([mapping("userName", attribute("mail")), usual[1]]), "userName is no matching attribute"),
    (schema(usual + [mapping("id", attribute("objectId"))]), "id is mapped"),
    (schema([usual[0], mapping("displayName", function("ToUpr([a])"))]), "no function"),
    (schema([usual[0], mapping("displayName", function("Append([a]"))]), "line 1, column 1"),
    (schema([usual[0], mapping("displayName", function("NULL"))]), "never has a value"),
    (
      schema([usual[0], mapping("displayName", ["type": "Function", "name": "Join"])]),
      "without type, name or expression"
    ),
    (schema([usual[0], usual[1], mapping("active", attribute("accountEnabled"))]), "IsSoftDeleted"),
    (schema(usual, flowTypes: "Add, Destroy"), "Destroy"),
    (schema(usual, scope: ["groups": [["name": "x", "clauses": []]]]), "holds no clause"),
    (
      schema(
        usual, scope: ["groups": [["name": "x", "clauses": [["sourceOperandName": "a", "operatorName": "LIKE"]]]]]),
      "LIKE"
    ),
    (
      schema(
        usual,
        scope: ["groups": [["name": "x", "clauses": [["sourceOperandName": "manager", "operatorName": "IS NULL"]]]]]),
      "scoping filter, as in Microsoft Entra"
    ),
  ]

  @Test("What is wrong, here or in Entra, is refused", arguments: refused) func refuse(
    _ text: JSONValue, _ words: String
  ) {
    let read = SchemaImport(text)
    #expect(read.refused.contains { $0.contains(words) }, "\(read.refused)")
  }

  @Test("A mapping that is switched off is left out and named, whatever else it says") func disabled() {
    let off: [(String, JSONValue)] = [("enabled", false)]
    let mapping = Self.mapping("preferredLanguage", Self.function("Foo([x])"), priority: 1, off)
    let read = SchemaImport(Self.schema(Self.usual + [mapping, Self.mapping("displayName", .null, off)]))
    #expect(read.refused == [] && read.mapping == Mapping())
    #expect(
      read.left == [
        "The mapping of preferredLanguage is switched off there (enabled: false); it is left out.",
        "The mapping of displayName is switched off there (enabled: false); it is left out.",
      ])
    let on = Self.mapping("preferredLanguage", Self.attribute("country"), [("enabled", true)])
    #expect(SchemaImport(Self.schema(Self.usual + [on])).left == [])
    let needed = SchemaImport(Self.schema([Self.usual[0], Self.mapping("displayName", Self.attribute("mail"), off)]))
    #expect(needed.refused.contains { $0.hasPrefix("displayName is not mapped") }, "\(needed.refused)")
  }

  @Test("A default value without a source is a constant of a new account") func unsourced() throws {
    let mappings = [
      Self.usual[0], Self.mapping("displayName", .null, [("defaultValue", "Unnamed")]), Self.usual[2],
    ]
    let read = SchemaImport(Self.schema(mappings))
    #expect(read.refused == [] && read.left == [])
    let constant = MappingExpression(constant: "Unnamed")
    let mapping = try AttributeMapping(to: "displayName", from: constant, onCreateOnly: true)
    #expect(read.mapping.own == [mapping])
  }
}
