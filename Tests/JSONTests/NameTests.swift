import JSON
import Testing

@Suite("JSON: the names of an object are unique (RFC 7493 section 2.3)")
struct JSONNameTests {
  static let doubled: [(String, String, Int)] = [
    (#"{"a":1,"a":2}"#, "a", 11), (#"{"a":1,"b":2,"a":1}"#, "a", 17), (#"{"":1,"":2}"#, "", 9),
    (#"{"a":1,"\u0061":2}"#, "a", 16), (#"{"\n":1,"\u000a":2}"#, "\n", 17), (#"{"é":1,"\u00e9":2}"#, "é", 17),
    (#"{"😀":1,"\ud83d\ude00":2}"#, "😀", 25), (#"[{"x":{"a":1,"a":1}}]"#, "a", 17), (#"{"a":{"a":1},"a":2}"#, "a", 17),
  ]

  @Test("a name that is there already is refused behind its colon, however it is spelt", arguments: doubled)
  func refuses(text: String, name: String, offset: Int) { expectRefused(text, .duplicateName(name), at: offset) }

  @Test("names of other objects do not matter")
  func others() {
    expectRead(
      #"{"a":{"a":{"a":1},"b":1},"b":[{"a":1},{"a":1}]}"#, ["a": ["a": ["a": 1], "b": 1], "b": [["a": 1], ["a": 1]]])
  }

  static let alike = [
    ("a", "A"), ("a", "a "), ("é", "e\u{301}"), ("Å", "\u{212B}"), ("ﬁ", "fi"), ("k", "\u{212A}"), ("", "\u{0}"),
  ]

  @Test("names that only look alike are different members", arguments: alike)
  func different(left: String, right: String) throws {
    let text = written { $0.value([left: 1, right: 2], canonical: false) }
    let object = try #require(JSONParser.parse(text.utf8).object)
    #expect(object.members.count == 2)
    #expect(object[left] == 1 && object[right] == 2)
  }

  @Test("the doubled one of many members is found, wherever both stand", arguments: [2, 15, 16, 17, 18, 40])
  func many(count: Int) {
    // Few names are compared one by one, many are hashed.
    for first in [0, (count - 1) / 2, count - 2] {
      var names = (0..<count).map { "n\($0)" }
      names[count - 1] = names[first]
      let text = "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
      expectRefused(text, .duplicateName(names[first]), at: text.utf8.count - 2)
    }
    let names = (0..<count).map { "n\($0)" }
    let text = "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
    #expect((try? JSONParser.parse(text.utf8))?.object?.members.map(\.name) == names)
  }

  @Test("many names that only look alike are different members")
  func manyAlike() throws {
    let names = (0..<20).flatMap { ["\($0)é", "\($0)e\u{301}"] }
    let text = "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
    let read = try #require(JSONParser.parse(text.utf8).object).members.map { Array($0.name.utf8) }
    #expect(read == names.map { Array($0.utf8) })
  }
}
