import Expressions
import JSON
import Provisioning
import Testing

@Suite("Sources of a synchronization schema, in their two forms") struct SchemaSourceTests {
  private typealias Sample = SynchronizationSchemaTests

  private static func read(_ source: JSONValue) -> SchemaImport {
    SchemaImport(Sample.schema([Sample.usual[0], Sample.mapping("displayName", source), Sample.usual[2]]))
  }

  private static func function(_ name: String, _ text: String, _ parts: JSONValue...) -> JSONValue {
    [
      "type": "Function", "name": .string(name), "expression": .string(text),
      "parameters": .array(parts.map { ["key": "x", "value": $0] }),
    ]
  }

  private static func constant(_ name: String, _ text: String) -> JSONValue {
    ["type": "Constant", "name": .string(name), "expression": .string(text)]
  }

  private static let name: JSONValue = ["type": "Attribute", "name": "displayName", "expression": "[displayName]"]

  static let contradictions: [(JSONValue, String, String)] = [
    (
      function("Append", #"Append([displayName],"x")"#, name, constant("y", #""y""#)), "`x`, `y`",
      #"Append([displayName],"x")"#
    ),
    (function("ToUpper", "ToLower([displayName])", name), "`ToLower`, `ToUpper`", "ToLower([displayName])"),
    (function("ToUpper", "ToLower([displayName])"), "`ToLower`, `ToUpper`", "ToLower([displayName])"),
    (
      function("Append", #"Append(ToLower([displayName]),"x")"#, name, constant("x", #""x""#)), "`ToLower`",
      #"Append(ToLower([displayName]),"x")"#
    ),
    (
      function("Append", #"Append([displayName],"x")"#, name, constant("x", "x"), constant("x", "x")), "`x`",
      #"Append([displayName],"x")"#
    ),
    (constant("de", #""en""#), "`de`, `en`", #""de""#),
    (
      ["type": "Attribute", "name": "displayName", "expression": "[mail]"], "`[displayName]`, `[mail]`",
      "[displayName]"
    ),
  ]

  @Test("What stands in one form alone is named, with what is taken", arguments: contradictions)
  func contradiction(_ source: JSONValue, _ names: String, _ taken: String) {
    let read = Self.read(source)
    let sentence = "displayName has \(names) in one form of its source alone; \(taken) is taken."
    #expect(read.refused == [] && read.left == [sentence], "\(read.refused) \(read.left)")
  }

  static let agreeing: [JSONValue] = [
    name, constant("de", #""de""#), constant("de", ""), ["type": "Constant", "expression": #""de""#],
    ["type": "Function", "expression": "ToLower([displayName])"], function("ToLower", "ToLower([displayName])"),
    function("Switch", #"Switch([displayName], , "a", "")"#, name, constant("a", #""a""#)),
    function("Replace", #"Replace([displayName],"\"",,,"\\")"#, name, constant("\"", ""), constant("\\", "")),
    function("Append", "Append([displayName],Now())", name, ["type": "Function", "name": "Now"]),
    function(
      "Append", "Append([displayName],ToLower([displayName]))", name, function("ToLower", "ToLower([displayName])")),
  ]

  @Test("Forms that say the same are taken without a word", arguments: agreeing)
  func agreement(_ source: JSONValue) {
    let read = Self.read(source)
    #expect(read.refused == [] && read.left == [], "\(read.refused) \(read.left)")
  }

  @Test(
    "What is exported agrees with itself",
    arguments: [
      #"IIF([country]="SE", "Nordic", "Other")"#, #"Replace([mail], , "(?<s>@\\w*)", "s", "", , )"#,
      "Append([mail], BitAnd(&HF, &H7))",
      #"Switch([mail], , "", "b")"#, "Coalesce([mail], 12, NULL)", #"InStr([mail], "a", 1, vbTextCompare)"#,
    ])
  func exported(_ text: String) throws {
    let read = Self.read(try MappingExpression(text).source)
    #expect(read.refused == [] && read.left == [], "\(read.refused) \(read.left)")
  }
}
