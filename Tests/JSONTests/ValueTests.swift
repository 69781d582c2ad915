import Base
import JSON
import Testing

@Suite("JSON: values")
struct JSONValueTests {
  static let kinds: [(JSONValue, String)] = [
    (.null, "null"), (true, "boolean"), (7, "number"), (.decimal("1.5"), "number"), ("a", "string"), ([1], "array"),
    (["a": 1], "object"),
  ]

  @Test("a value is of one kind, and shows itself as that alone", arguments: kinds)
  func oneKind(value: JSONValue, kind: String) {
    #expect(value.kind == kind)
    #expect((value.bool != nil) == (kind == "boolean"))
    #expect((value.integer != nil) == (value == 7))
    #expect((value.string != nil) == (kind == "string"))
    #expect((value.array != nil) == (kind == "array"))
    #expect((value.object != nil) == (kind == "object"))
    #expect((value["a"] != nil) == (kind == "object"))
  }

  @Test("values of different kinds are never equal")
  func different() {
    for (place, (left, _)) in Self.kinds.enumerated() {
      for (other, (right, _)) in Self.kinds.enumerated() { #expect((left == right) == (place == other)) }
    }
    #expect(JSONValue.integer(1) != .decimal("1.0") && JSONValue.decimal("1.0") != .decimal("1.00"))
    #expect(JSONValue.string("1") != .decimal("1") && JSONValue.null != false && JSONValue.integer(0) != false)
  }

  @Test("arrays are equal in one order, objects in any")
  func order() {
    #expect(([1, 2] as JSONValue) != [2, 1])
    #expect((["a": 1, "b": ["c": 2, "d": 3]] as JSONValue) == ["b": ["d": 3, "c": 2], "a": 1])
    #expect((["a": 1] as JSONValue) != ["a": 2])
    #expect((["a": 1] as JSONValue) != ["b": 1])
    #expect((["a": 1] as JSONValue) != ["a": 1, "b": 2])
    #expect((["a": .null] as JSONValue) != [:])
  }

  static let equivalent = [("é", "e\u{301}"), ("Å", "\u{212B}"), ("Ω", "\u{2126}"), ("한", "\u{1112}\u{1161}\u{11AB}")]

  @Test("strings that only look alike are different values, as their canonical bytes are", arguments: equivalent)
  func lookAlikes(left: String, right: String) {
    #expect(left == right && !left.hasSameBytes(as: right))
    #expect(left.hasSameBytes(as: left) && right.hasSameBytes(as: right) && !left.hasSameBytes(as: "x"))
    #expect(JSONValue.string(left) != .string(right))
    #expect(([.string(left)] as JSONValue) != [.string(right)])
    #expect((["a": .string(left)] as JSONValue) != ["a": .string(right)])
    let members = [JSONObject(present: [(left, 1)]), JSONObject(present: [(right, 1)])].map(\.members)
    #expect(members[0] != members[1])
    #expect(([left: 1] as JSONValue) != [right: 1])
  }

  @Test("a member is set, replaced in its place, and removed")
  func members() {
    var object = JSONObject()
    #expect(object.isEmpty && object["a"] == nil)
    object["a"] = 1
    object["b"] = .null
    object["c"] = 3
    object["a"] = "one"
    #expect(object.members.map(\.name) == ["a", "b", "c"])
    #expect(object["a"] == "one" && object["b"] == .null && object["A"] == nil)
    object["b"] = nil
    object["none"] = nil
    #expect(object.members.map(\.name) == ["a", "c"] && !object.isEmpty)
    #expect(JSONObject(present: [("a", "one"), ("b", nil), ("c", 3)]) == object)
  }

  @Test("of two equal names in a literal the later one counts")
  func literals() {
    #expect((["a": 1, "b": 2, "a": 3] as JSONValue).text == #"{"a":3,"b":2}"#)
  }

  @Test("what is not there is null, and never left out")
  func orNull() {
    #expect(JSONValue(orNull: "a") == "a" && JSONValue(orNull: "") == "")
    #expect(JSONValue(orNull: 7) == 7 && JSONValue(orNull: Int.min) == .integer(.min))
    let (text, number): (String?, Int?) = (nil, nil)
    #expect(
      (["a": JSONValue(orNull: text), "b": JSONValue(orNull: number)] as JSONValue).text == #"{"a":null,"b":null}"#)
  }

  static let clauses: [(JSONError.Reason, String)] = [
    (.truncated, "the JSON ends before it is complete"), (.unexpected("a value"), "expected a value"),
    (.duplicateName("a"), "the member \"a\" appears twice in one object"),
    (.loneSurrogate, "a string holds one half of a surrogate pair"), (.invalidUTF8, "a string is not valid UTF-8"),
    (.tooDeep(limit: 64), "the nesting is deeper than 64 levels"),
    (.trailing, "more text follows after the end of the document"),
  ]

  @Test("each reason has a clause for people", arguments: clauses)
  func clause(reason: JSONError.Reason, clause: String) {
    #expect(JSONError(reason, offset: 3).clause == clause)
  }
}
