import JSON
import Provisioning
import Testing

@Suite("What is lost of a synchronization schema") struct SchemaLossTests {
  private typealias Sample = SynchronizationSchemaTests

  /// The usual schema with one member of its object mapping said otherwise, or one mapping more.
  private static func schema(_ more: [(String, JSONValue)] = [], mapped member: (String, JSONValue)? = nil) -> JSONValue
  {
    var mappings = Sample.usual
    if let member { mappings.append(Sample.mapping("preferredLanguage", Sample.attribute("country"), [member])) }
    return Sample.schema(mappings, more)
  }

  private static func schema(rules: [JSONValue], source: [JSONValue] = [], target: [JSONValue] = []) -> JSONValue {
    let usual = Sample.schema(Sample.usual, rule: [("targetDirectoryName", "TeamViewer")])
    let known: [JSONValue] = [
      ["name": "userPrincipalName"], ["name": "displayName"], ["name": "IsSoftDeleted"],
    ]
    let user: JSONValue = "urn:ietf:params:scim:schemas:core:2.0:User"
    return [
      "directories": [
        ["name": "Azure Active Directory", "objects": [["name": "User", "attributes": .array(source + known)]]],
        ["name": "TeamViewer", "objects": [["name": user, "attributes": .array(target)]]],
      ],
      "synchronizationRules": .array((usual["synchronizationRules"]?.array ?? []) + rules),
    ]
  }

  private static let disabled: JSONValue = [
    "sourceDirectoryName": "Azure Active Directory",
    "objectMappings": [["name": "Old", "enabled": false, "sourceObjectName": "User", "targetObjectName": "User"]],
  ]

  static let members: [(JSONValue, [String])] = [
    (schema(), []),
    (
      schema(mapped: ("flowBehavior", "Never")),
      ["preferredLanguage has the flowBehavior Never; its value is sent when it changes."]
    ),
    (
      schema([("metadata", [["value": "\"x\""]])]),
      ["The metadata without a key (x) of the object mapping has no counterpart."]
    ),
    (
      schema([("flowTypes", "Add, Delete")]),
      ["flowTypes holds Delete without Update; no account is deleted here, and so nobody is disabled."]
    ),
    (schema([("flowTypes", "Add, Update")]), []),
    (
      schema(rules: [["name": "Other", "metadata": [["key": "Foo", "value": "1"]]]]),
      ["The synchronization rule \"Other\" holds no object mapping; it is left out."]
    ),
    (
      schema(rules: [disabled]), ["The object mapping \"Old\" is switched off there (enabled: false); it is left out."]
    ),
  ]

  static let definitions: [(JSONValue, [String])] = [
    (
      schema(
        rules: [], target: [["name": "userName", "caseExact": true], ["name": "displayName", "caseExact": true]]),
      ["caseExact of the target's userName has no counterpart; an address is the same in either case."]
    ),
    (
      schema(
        rules: [],
        target: [
          ["name": "id", "required": true], ["name": "userName", "required": true],
          ["name": "title", "required": true],
        ]),
      ["The target's title is required there, and not mapped."]
    ),
    (
      schema(
        rules: [], target: [["name": "displayName", "defaultValue": "Nobody"], ["name": "x", "defaultValue": "y"]]),
      ["The defaultValue \"Nobody\" of the target's displayName has no counterpart; give the mapping one."]
    ),
    (
      schema(rules: [], source: [["name": "displayName", "metadata": [["key": "MaximumLength", "value": "64"]]]]),
      ["The metadata MaximumLength (64) of the source's displayName has no counterpart."]
    ),
    (
      schema(rules: [], source: [["name": "a", "anchor": true], ["name": "b", "anchor": true]]),
      ["The source's anchors are a, b; Entra has exactly one, and here it is the id."]
    ),
  ]

  @Test("Each thing that is lost is named, and nothing else", arguments: members + definitions)
  func named(_ schema: JSONValue, _ sentences: [String]) {
    let read = SchemaImport(schema)
    #expect(read.refused == [] && read.left == sentences, "\(read.refused) \(read.left)")
  }

  @Test("Where all object mappings of users are switched off, they are still told to be of users") func switchedOff() {
    let user: JSONValue = ["name": "A", "enabled": false, "sourceObjectName": "User"]
    let read = SchemaImport(["synchronizationRules": [["objectMappings": [user, user]]]])
    #expect(read.refused == ["2 object mappings are of users (\"A\", \"A\"); leave one in the file."])
  }
}
