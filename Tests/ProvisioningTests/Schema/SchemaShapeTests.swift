import JSON
import Provisioning
import Testing

@Suite("Synchronization schemas whose members are of another type") struct SchemaShapeTests {
  private typealias Sample = SynchronizationSchemaTests

  private static func scoped(_ scope: JSONValue) -> JSONValue { Sample.schema(Sample.usual, scope: scope) }

  private static func compared(_ values: JSONValue) -> JSONValue {
    scoped([
      "groups": [
        [
          "name": "x",
          "clauses": [
            ["sourceOperandName": "city", "operatorName": "EQUALS", "targetOperand": ["values": values]]
          ],
        ]
      ]
    ])
  }

  /// One more mapping, the fourth, with a member that is to be looked at.
  private static func mapped(_ name: String, _ value: JSONValue) -> JSONValue {
    Sample.schema(
      Sample.usual + [Sample.mapping("preferredLanguage", Sample.attribute("country"), [(name, value)])])
  }

  private static let object = "synchronizationRules[0].objectMappings[0]"

  static let cases = scopes + mappings

  private static let scopes: [(JSONValue, [String])] = [
    (["x"], ["The schema is of the JSON type array; it must be an object."]),
    (["synchronizationRules": "x"], ["synchronizationRules is of the JSON type string; it must be an array."]),
    (["synchronizationRules": [.null]], ["synchronizationRules[0] is of the JSON type null; it must be an object."]),
    (scoped("department EQUALS x"), ["\(object).scope is of the JSON type string; it must be an object."]),
    (scoped([["groups": []]]), ["\(object).scope is of the JSON type array; it must be an object."]),
    (scoped(["groups": ["a": 1]]), ["\(object).scope.groups is of the JSON type object; it must be an array."]),
    (
      scoped(["groups": ["x", .null]]),
      [
        "\(object).scope.groups[0] is of the JSON type string; it must be an object.",
        "\(object).scope.groups[1] is of the JSON type null; it must be an object.",
      ]
    ),
    (
      scoped(["groups": [["clauses": ["x": 1]]]]),
      ["\(object).scope.groups[0].clauses is of the JSON type object; it must be an array."]
    ),
    (
      scoped(["inputFilterGroups": true]),
      ["\(object).scope.inputFilterGroups is of the JSON type boolean; it must be an array."]
    ),
    (
      compared(["5", 6, true]),
      [
        "\(object).scope.groups[0].clauses[0].targetOperand.values[1] is of the JSON type number; it must be a string.",
        "\(object).scope.groups[0].clauses[0].targetOperand.values[2] is of the JSON type boolean; it must be a string.",
      ]
    ),
    (
      compared("5"),
      ["\(object).scope.groups[0].clauses[0].targetOperand.values is of the JSON type string; it must be an array."]
    ),
  ]

  private static let mappings: [(JSONValue, [String])] = [
    (
      Sample.schema(Sample.usual + ["text"]),
      ["\(object).attributeMappings[3] is of the JSON type string; it must be an object."]
    ),
    (
      mapped("defaultValue", 5),
      ["\(object).attributeMappings[3].defaultValue is of the JSON type number; it must be a string."]
    ),
    (
      mapped("matchingPriority", "1"),
      ["\(object).attributeMappings[3].matchingPriority is of the JSON type string; it must be a whole number."]
    ),
    (
      mapped("source", ["type": "Function", "expression": "NULL", "parameters": [["key": "x", "value": "y"]]]),
      ["\(object).attributeMappings[3].source.parameters[0].value is of the JSON type string; it must be an object."]
    ),
    (
      Sample.schema(Sample.usual, flowTypes: 7),
      ["\(object).flowTypes is of the JSON type number; it must be a string or an array of strings."]
    ),
    (
      Sample.schema(Sample.usual, flowTypes: ["Add", 7]),
      ["\(object).flowTypes[1] is of the JSON type number; it must be a string."]
    ),
    (
      Sample.schema(Sample.usual, [("enabled", "no")]),
      ["\(object).enabled is of the JSON type string; it must be true or false."]
    ),
    (
      Sample.schema(Sample.usual, [("metadata", [["key": "Disposition", "value": 5]])]),
      ["\(object).metadata[0].value is of the JSON type number; it must be a string."]
    ),
    (
      ["directories": [["name": "x", "objects": ["User"]]], "synchronizationRules": []],
      ["directories[0].objects[0] is of the JSON type string; it must be an object."]
    ),
  ]

  @Test("What is of another type than Microsoft Graph gives it is refused with its path", arguments: cases)
  func refused(_ schema: JSONValue, _ sentences: [String]) {
    #expect(SchemaImport(schema).refused == sentences)
  }

  @Test("Other members of a clause's operand are named") func operand() {
    let clause: JSONValue = [
      "sourceOperandName": "city", "operatorName": "EQUALS", "targetOperand": ["values": ["x"], "ignoreCase": true],
    ]
    let read = SchemaImport(Self.scoped(["groups": [["name": "x", "clauses": [clause]]]]))
    #expect(read.refused == [])
    #expect(
      read.left == ["ignoreCase of the operand of `city` in the scoping filter \"x\" has no counterpart."])
  }
}
