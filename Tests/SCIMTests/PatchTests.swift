import JSON
import SCIM
import Testing

@Suite("SCIM: PATCH (RFC 7644 section 3.5.2)")
struct SCIMPatchTests {
  static let patches: [[PatchOperation]] = [
    [.replace("active", false)], [.replace(nil, ["displayName": "Mia", "active": true])],
    [PatchOperation(op: "remove", path: "title")],
    [PatchOperation(op: "Add", path: "emails", value: [["value": "a@b.example"]])],
    [.replace("displayName", .null), PatchOperation(op: "REMOVE"), PatchOperation(op: "")],
    [
      .replace(#"emails[type eq "work"].value"#, "a@b.example"), .replace("name.givenName", "M"),
      .replace(SchemaURN.ssoUser, [:]),
    ],
    [.replace("", ""), .replace("n", .integer(.min)), .replace("d", .decimal("1.50"))],
  ]

  @Test("a request survives the way through JSON, a null value too", arguments: patches)
  func roundTrip(operations: [PatchOperation]) throws {
    let patch = PatchRequest(operations: operations)
    let read = try PatchRequest(json(patch.json.text))
    #expect(read == patch)
    #expect(read.operations.map { $0.value == .null } == operations.map { $0.value == .null })
    #expect(patch.json.schemas == [SchemaURN.patchOp])
  }

  @Test("a request is written as the RFC has it")
  func written() {
    let patch = PatchRequest(operations: [
      .replace("active", false), .replace(nil, ["a": 1]), PatchOperation(op: "remove", path: "x"),
    ])
    #expect(
      patch.json.text
        == #"{"schemas":["\#(SchemaURN.patchOp)"],"Operations":[{"op":"replace","path":"active","value":false},"#
        + #"{"op":"replace","value":{"a":1}},{"op":"remove","path":"x"}]}"#)
  }

  static let sent: [(String, [PatchOperation])] = [
    // As TeamViewer's page shows it, with the URN of another schema.
    (
      #"{"schemas":["\#(SchemaURN.legacyPatchOp)"],"Operations":[{"op":"replace","path":"active","value":"False"}]}"#,
      [.replace("active", "False")]
    ),
    // As Entra sends it without its compliance flag.
    (
      #"{"operations":[{"Op":"Replace","Path":"active","Value":"True"}]}"#,
      [PatchOperation(op: "Replace", path: "active", value: "True")]
    ),
    (#"{"Operations":[{"op":"add","value":{"active":true}}]}"#, [PatchOperation(op: "add", value: ["active": true])]),
    (#"{"Operations":[{"op":"remove","path":null}]}"#, [PatchOperation(op: "remove")]),
    (#"{"Operations":[{"op":"replace","path":"x","value":null}]}"#, [.replace("x", .null)]),
    (#"{"Operations":[{"op":"replace","path":"x","Value":null}]}"#, [.replace("x", .null)]),
    (#"{"Operations":[{"op":"replace","path":"x","VALUE":1,"value":2}]}"#, [.replace("x", 2)]),
    (#"{"Operations":[{"op":"replace","path":"x","VALUE":1,"value":null}]}"#, [.replace("x", .null)]),
    (
      #"{"Operations":[{"op":"frobnicate","path":"][","value":[],"extra":{}}]}"#,
      [PatchOperation(op: "frobnicate", path: "][", value: [])]
    ),
  ]

  @Test("forms that clients send are read as they are written", arguments: sent)
  func reads(text: String, operations: [PatchOperation]) throws {
    let read = try PatchRequest(json(text))
    #expect(read.operations == operations)
    // A null is no missing value: it clears an attribute.
    #expect(read.operations.map(\.value) == operations.map(\.value))
  }

  static let wrong: [(String, SCIMParseError)] = [
    ("{}", .missing("Operations")), ("[]", .missing("Operations")), ("null", .missing("Operations")),
    ("\"x\"", .missing("Operations")),
    (#"{"Operations":null}"#, .missing("Operations")), (#"{"Operations":[]}"#, .missing("Operations")),
    (#"{"Operations":{}}"#, .wrongType(attribute: "Operations", wanted: "array")),
    (#"{"Operations":"replace"}"#, .wrongType(attribute: "Operations", wanted: "array")),
    (#"{"Operations":[1]}"#, .wrongType(attribute: "Operations", wanted: "array of objects")),
    (#"{"Operations":[{"op":"add"},null]}"#, .wrongType(attribute: "Operations", wanted: "array of objects")),
    (#"{"Operations":[[{"op":"add"}]]}"#, .wrongType(attribute: "Operations", wanted: "array of objects")),
    (#"{"Operations":[{}]}"#, .missing("op")), (#"{"Operations":[{"path":"a","value":1}]}"#, .missing("op")),
    (#"{"Operations":[{"op":null}]}"#, .missing("op")),
    (#"{"Operations":[{"op":1}]}"#, .wrongType(attribute: "op", wanted: "string")),
    (#"{"Operations":[{"op":"add","path":1}]}"#, .wrongType(attribute: "path", wanted: "string")),
    (#"{"Operations":[{"op":"add","path":["a"]}]}"#, .wrongType(attribute: "path", wanted: "string")),
  ]

  @Test("what is no request is refused by the part that is wrong", arguments: wrong)
  func refuses(text: String, error: SCIMParseError) throws { try expectFailure(error, text) { try PatchRequest($0) } }

  @Test("a request has at most a thousand operations")
  func bounded() throws {
    let most = PatchRequest(operations: Array(repeating: .replace("active", true), count: PatchRequest.operationLimit))
    #expect(try PatchRequest(most.json) == most)
    let more = PatchRequest(operations: most.operations + [.replace("active", true)])
    #expect(throws: SCIMParseError.tooMany("Operations", limit: 1000)) { try PatchRequest(more.json) }
  }
}
