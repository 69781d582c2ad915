import JSON
import Testing

@Suite("JSON: structure (RFC 8259 sections 2 to 5)")
struct JSONGrammarTests {
  // MARK: Tokens and white space

  static let tokens = ["{", "\"a\"", ":", "[", "1", ",", "null", ",", "\"x\"", "]", ",", "\"b\"", ":", "{", "}", "}"]
  static let value: JSONValue = ["a": [1, .null, "x"], "b": [:]]

  @Test(
    "white space may stand before, between and after all tokens",
    arguments: ["", " ", "\t", "\n", "\r", "\r\n", " \t\n\r  "])
  func whiteSpace(space: String) {
    expectRead(space + Self.tokens.joined(separator: space) + space, Self.value)
  }

  static let noSpace = [
    "\u{0}", "\u{8}", "\u{B}", "\u{C}", "\u{1F}", "\u{7F}", "\u{85}", "\u{A0}", "\u{2028}", "\u{3000}", "\u{FEFF}",
    "/**/",
    "#", "\\n",
  ]

  @Test("nothing else counts as white space, at any place", arguments: noSpace)
  func noWhiteSpace(space: String) {
    for gap in 0...Self.tokens.count {
      let before = Self.tokens[..<gap].joined()
      let text = before + space + Self.tokens[gap...].joined()
      let error = #expect(throws: JSONError.self, "gap \(gap)") { try JSONParser.parse(text.utf8) }
      #expect(error?.offset == before.utf8.count, "gap \(gap)")
    }
  }

  @Test("a byte order mark is refused: RFC 8259 section 8.1 lets a reader do either")
  func byteOrderMark() {
    expectRefused("\u{FEFF}{}", .unexpected("a value"), at: 0)
    expectRefused([0xFF, 0xFE, 0x5B, 0, 0x5D, 0], .unexpected("a value"), at: 0)
    expectRefused([0, 0x5B, 0, 0x5D], .unexpected("a value"), at: 0)
  }

  // MARK: Values

  static let values: [(String, JSONValue)] = [
    ("null", .null), ("true", true), ("false", false), ("7", 7), ("\"a\"", "a"), ("[]", []), ("{}", [:]),
    ("[null,true,false]", [.null, true, false]), ("[[],[[]],{}]", [[], [[]], [:]]), ("{\"\":0}", ["": 0]),
    (#"{"a":{"a":{"a":[]}}}"#, ["a": ["a": ["a": []]]]), ("[{},{\"a\":1},{\"a\":1}]", [[:], ["a": 1], ["a": 1]]),
  ]

  @Test("any value may be the document", arguments: values)
  func reads(text: String, value: JSONValue) { expectRead(text, value) }

  @Test("members keep the order in which they stand")
  func order() throws {
    let object = try #require(JSONParser.parse(#"{"b":1,"a":2,"":3,"B":4}"#.utf8).object)
    #expect(object.members.map(\.name) == ["b", "a", "", "B"])
    #expect(object.members.map(\.value) == [1, 2, 3, 4])
  }

  static let literals: [(String, JSONError.Reason, Int)] = [
    ("Null", .unexpected("a value"), 0), ("NULL", .unexpected("a value"), 0), ("nULL", .unexpected("null"), 1),
    ("nul1", .unexpected("null"), 3), ("nil", .unexpected("null"), 1), ("TRUE", .unexpected("a value"), 0),
    ("tRUE", .unexpected("true"), 1), ("trye", .unexpected("true"), 2), ("fals3", .unexpected("false"), 4),
    ("False", .unexpected("a value"), 0), ("undefined", .unexpected("a value"), 0), ("nan", .unexpected("null"), 1),
    ("NaN", .unexpected("a value"), 0), ("Infinity", .unexpected("a value"), 0), ("nullx", .trailing, 4),
    ("truefalse", .trailing, 4), ("n", .truncated, 1), ("tr", .truncated, 2), ("fals", .truncated, 4),
    ("[nul]", .unexpected("null"), 4), ("[truefalse]", .unexpected("a comma or the end of the array"), 5),
  ]

  @Test("the three literals have one spelling", arguments: literals)
  func literal(text: String, reason: JSONError.Reason, offset: Int) { expectRefused(text, reason, at: offset) }

  // MARK: Arrays and objects

  static let arrays: [(String, JSONError.Reason, Int)] = [
    ("[", .truncated, 1), ("[1", .truncated, 2), ("[1,", .truncated, 3), ("[[]", .truncated, 3),
    ("]", .unexpected("a value"), 0), ("[,]", .unexpected("a value"), 1), ("[,1]", .unexpected("a value"), 1),
    ("[1,]", .unexpected("a value"), 3), ("[1,,2]", .unexpected("a value"), 3),
    ("[1 2]", .unexpected("a comma or the end of the array"), 3),
    ("[1:2]", .unexpected("a comma or the end of the array"), 2),
    ("[1}", .unexpected("a comma or the end of the array"), 2),
    ("[\"a\":1]", .unexpected("a comma or the end of the array"), 4),
    ("[1;2]", .unexpected("a comma or the end of the array"), 2),
    ("(1)", .unexpected("a value"), 0), ("[1]]", .trailing, 3), ("[1],", .trailing, 3),
  ]

  @Test("what is no array is refused where it goes wrong", arguments: arrays)
  func array(text: String, reason: JSONError.Reason, offset: Int) { expectRefused(text, reason, at: offset) }

  static let objects: [(String, JSONError.Reason, Int)] = [
    ("{", .truncated, 1), ("{\"a\"", .truncated, 4), ("{\"a\":", .truncated, 5), ("{\"a\":1", .truncated, 6),
    ("{\"a\":1,", .truncated, 7), ("{\"a", .truncated, 3), ("}", .unexpected("a value"), 0),
    ("{,}", .unexpected("a member name in quotes"), 1), ("{\"a\":1,}", .unexpected("a member name in quotes"), 7),
    ("{\"a\":1,,\"b\":2}", .unexpected("a member name in quotes"), 7),
    ("{a:1}", .unexpected("a member name in quotes"), 1), ("{'a':1}", .unexpected("a member name in quotes"), 1),
    ("{1:1}", .unexpected("a member name in quotes"), 1), ("{null:1}", .unexpected("a member name in quotes"), 1),
    ("{[]:1}", .unexpected("a member name in quotes"), 1), ("{\"a\" 1}", .unexpected("a colon after a member name"), 5),
    ("{\"a\",1}", .unexpected("a colon after a member name"), 4),
    ("{\"a\"}", .unexpected("a colon after a member name"), 4),
    ("{\"a\"=1}", .unexpected("a colon after a member name"), 4), ("{\"a\":}", .unexpected("a value"), 5),
    ("{\"a\"::1}", .unexpected("a value"), 5),
    ("{\"a\":1 \"b\":2}", .unexpected("a comma or the end of the object"), 7),
    ("{\"a\":1]", .unexpected("a comma or the end of the object"), 6),
    ("{\"a\":1:2}", .unexpected("a comma or the end of the object"), 6), ("{}}", .trailing, 2), ("{}{}", .trailing, 2),
  ]

  @Test("what is no object is refused where it goes wrong", arguments: objects)
  func object(text: String, reason: JSONError.Reason, offset: Int) { expectRefused(text, reason, at: offset) }

  // MARK: One document

  @Test("nothing at all is no document", arguments: ["", " ", "\t\r\n "])
  func empty(text: String) { expectRefused(text, .truncated, at: text.utf8.count) }

  static let documents = ["null", "false", "7", "-1.5", "\"a\"", "[1]", "{\"a\":1}"]

  @Test(
    "one document, and nothing after it but white space", arguments: documents,
    ["x", "\"", "[", "}", ",", "\u{0}", "/"])
  func trailing(text: String, more: String) {
    expectRefused(text + " " + more, .trailing, at: text.utf8.count + 1)
    #expect(throws: Never.self) { try JSONParser.parse((text + "\r\n\t ").utf8) }
  }

  @Test("offsets count from the start of what was handed in, also inside a larger buffer")
  func slices() {
    let bytes = Array("[1,]....[1,]".utf8)
    #expect(throws: JSONError(.unexpected("a value"), offset: 3)) { try JSONParser.parse(bytes[8...]) }
    // What stands before and behind a slice is not looked at.
    #expect(throws: Never.self) { try JSONParser.parse(Array("x[1]x".utf8)[1..<4]) }
    #expect(throws: JSONError(.truncated, offset: 2)) { try JSONParser.parse(Array("x[1]x".utf8)[1..<3]) }
  }
}
