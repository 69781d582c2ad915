import Base
import JSON
import SCIM
import Testing

@Suite("SCIM: attributes (RFC 7643 sections 2.1 to 2.5)")
struct SCIMAttributeTests {
  @Test(
    "names are found in any case of their ASCII letters", arguments: ["userName", "USERNAME", "username", "uSERnAME"])
  func anyCase(name: String) {
    let value: JSONValue = ["id": "u1", "userName": "mia"]
    #expect(value.attribute(name) == "mia")
    #expect(([name: "mia"] as JSONValue).attribute("userName") == "mia")
  }

  @Test("of two spellings the exact one counts, else the first")
  func spellings() {
    let value: JSONValue = ["USERNAME": 1, "userName": 2, "username": 3]
    #expect(value.attribute("userName") == 2 && value.attribute("UserName") == 1)
    #expect((["ID": 1, "id": .null] as JSONValue).attribute("id") == nil)
  }

  static let others = [
    ("k", "\u{212A}"), ("s", "ſ"), ("é", "É"), ("a[", "a{"), ("a@", "a`"), ("a_", "a\u{7F}"), ("a", "aa"), ("0", "P"),
  ]

  @Test("no other characters are folded: what is another letter is another name", arguments: others)
  func folding(left: String, right: String) {
    #expect(([left: 1] as JSONValue).attribute(right) == nil)
    #expect(([right: 1] as JSONValue).attribute(left) == nil)
  }

  @Test("null is the same as absent, and what is no object has no attributes")
  func absent() {
    #expect((["a": .null] as JSONValue).attribute("a") == nil && (["A": .null] as JSONValue).attribute("a") == nil)
    for value in [.null, true, 1, "a", ["a"]] as [JSONValue] { #expect(value.attribute("a") == nil) }
  }

  @Test("a text is a string or absent, nothing else")
  func text() throws {
    let value: JSONValue = ["a": "x", "n": .null, "e": ""]
    #expect(try value.text("A") == "x" && value.text("n") == nil && value.text("z") == nil && value.text("e") == "")
    for other in [true, 7, .decimal("1.5"), ["x"], [:]] as [JSONValue] {
      #expect(throws: SCIMParseError.wrongType(attribute: "a", wanted: "string")) {
        try (["a": other] as JSONValue).text("a")
      }
    }
  }

  static let booleans: [(JSONValue, Bool?)] = [
    (true, true), (false, false), ("True", true), ("False", false), ("true", true), ("FALSE", false), ("tRuE", true),
    ("", nil),
    ("1", nil), (1, nil), (0, nil), (" true", nil), ("yes", nil), ("truе", nil), ("ﬀalse", nil), ([true], nil),
    ([:], nil),
  ]

  @Test("a boolean is one, or a string that spells it, as Entra sends it", arguments: booleans)
  func boolean(value: JSONValue, wanted: Bool?) throws {
    #expect(value.lenientBool == wanted)
    let user: JSONValue = ["active": value]
    if let wanted {
      #expect(try user.boolean("ACTIVE") == wanted)
    } else {
      #expect(throws: SCIMParseError.wrongType(attribute: "active", wanted: "boolean")) { try user.boolean("active") }
    }
    #expect(try (["active": .null] as JSONValue).boolean("active") == nil && JSONValue.null.lenientBool == nil)
  }

  @Test("schemas are the strings of a list, whatever else stands there")
  func schemas() {
    #expect((["schemas": ["a", 1, .null, "b"]] as JSONValue).schemas == ["a", "b"])
    #expect((["Schemas": ["a"]] as JSONValue).schemas == ["a"])
    for value in [[:], ["schemas": "a"], ["schemas": .null], ["schemas": []], []] as [JSONValue] {
      #expect(value.schemas.isEmpty)
    }
  }

  @Test("lower case is that of ASCII alone")
  func lowercase() {
    for code in UInt8.min...0x7F {
      let text = String(UnicodeScalar(code))
      let isCapital = ("A"..."Z").contains(text)
      #expect(text.asciiLowercased == (isCapital ? String(UnicodeScalar(code + 32)) : text))
    }
    #expect("ÄÖİ ABC".asciiLowercased == "ÄÖİ abc")
    #expect(Array("E\u{301}\u{212A}".asciiLowercased.utf8) == Array("e\u{301}\u{212A}".utf8))
    #expect("".asciiLowercased == "" && "é7_".asciiLowercased == "é7_")
  }

  static let clauses: [(SCIMParseError, String)] = [
    (.missing("op"), "op is missing"), (.wrongType(attribute: "active", wanted: "boolean"), "active is no boolean"),
    (.filter("is odd"), "the filter is odd"), (.tooMany("Operations", limit: 3), "there are more than 3 Operations"),
  ]

  @Test("each error has a clause that names the attribute", arguments: clauses)
  func clause(error: SCIMParseError, clause: String) { #expect(error.clause == clause) }
}
