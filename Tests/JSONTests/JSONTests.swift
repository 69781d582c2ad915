import JSON
import Testing

@Suite("JSON")
struct JSONTests {
  static let documents = [
    "null", "true", "[]", "{}", #"{"a":[1,-2,{"b":"c"}],"d":null}"#, #""\u00e9\ud83d\ude00\n""#, "9223372036854775807",
    "1.50", "[1e3]",
  ]

  @Test("what is written parses to an equal value", arguments: documents)
  func roundTrip(text: String) throws {
    let value = try JSONParser.parse(text.utf8)
    #expect(try JSONParser.parse(value.canonicalBytes) == value)
    #expect(try JSONParser.parse(value.text.utf8) == value)
  }

  @Test("canonical bytes are those of RFC 8785")
  func canonical() throws {
    // The order is that of UTF-16 code units (RFC 8785 section 3.2.3): U+1F600 begins with D83D and so precedes U+FB33.
    let value = try JSONParser.parse(
      #"{"\u20ac":"Euro","\r":"CR","\ufb33":"Dalet","1":"One","\ud83d\ude00":"Smile","\u0080":"C","\u00f6":"o"}"#.utf8)
    let names = try #require(JSONParser.parse(value.canonicalBytes).object).members.map(\.name)
    #expect(names == ["\r", "1", "\u{80}", "\u{f6}", "\u{20ac}", "\u{1f600}", "\u{fb33}"])
    #expect(String(decoding: JSONValue.string("\u{1}\t\"\\/é").canonicalBytes, as: UTF8.self) == #""\u0001\t\"\\/é""#)
  }

  static let refused: [(String, JSONError.Reason)] = [
    ("", .truncated), ("{\"a\":1", .truncated), ("[1,", .truncated), ("\"abc", .truncated), ("tru", .truncated),
    ("-", .truncated), ("{\"a\":1,\"a\":2}", .duplicateName("a")), (#""\ud800""#, .loneSurrogate),
    (#""\udc00\ud800""#, .loneSurrogate), (#""\ud800A""#, .loneSurrogate), ("1 2", .trailing), ("{}{}", .trailing),
    ("01", .unexpected("a number without leading zeros")), ("[1 2]", .unexpected("a comma or the end of the array")),
    (#"{"a" 1}"#, .unexpected("a colon after a member name")), ("'a'", .unexpected("a value")),
    ("\"a\nb\"", .unexpected("no control character inside a string")), (#""\x""#, .unexpected("a valid escape")),
    (#""\u12""#, .unexpected("four hexadecimal digits")),
  ]

  @Test("what is no JSON is refused with its reason", arguments: refused)
  func refuses(text: String, reason: JSONError.Reason) {
    #expect(throws: JSONError.self) { try JSONParser.parse(text.utf8) }
    do { _ = try JSONParser.parse(text.utf8) } catch let error as JSONError { #expect(error.reason == reason) } catch {}
  }

  @Test("nesting far over the limit is refused without exhausting the stack", arguments: ["[", "{\"a\":"])
  func deep(opening: String) {
    let text = String(repeating: opening, count: 100_000)
    let last = JSONParser.defaultDepthLimit * opening.utf8.count
    #expect(throws: JSONError(.tooDeep(limit: JSONParser.defaultDepthLimit), offset: last)) {
      try JSONParser.parse(text.utf8)
    }
  }

  @Test("bytes that are not UTF-8 are refused")
  func invalidUTF8() {
    let bytes: [UInt8] = [0x22, 0xC3, 0x28, 0x22]
    #expect(throws: JSONError(.invalidUTF8, offset: 0)) { try JSONParser.parse(bytes) }
  }

  @Test("every cut of a document is refused, never read past the end")
  func everyCut() {
    let bytes = Array(#"{"a":["\u00e9",true,null,-1.5e3,{"b":"\ud83d\ude00"}]}"#.utf8)
    for length in 0..<bytes.count {
      #expect(throws: JSONError.self, "cut at \(length)") { try JSONParser.parse(bytes[..<length]) }
    }
  }

  @Test("a large object with a doubled name is found")
  func manyMembers() {
    let names = (0..<1000).map { "\"n\($0)\":0" } + ["\"n500\":1"]
    let text = "{" + names.joined(separator: ",") + "}"
    #expect(throws: JSONError.self) { try JSONParser.parse(text.utf8) }
  }

  @Test("canonically equivalent names are different members")
  func equivalentNames() throws {
    let object = try JSONParser.parse("{\"\u{e9}\":1,\"e\u{301}\":2}".utf8)
    #expect(object["\u{e9}"] == 1)
    #expect(object["e\u{301}"] == 2)
  }

  @Test("a pull reads the wanted members and skips the rest")
  func pull() throws {
    let bytes = Array(#"{"skip":{"deep":[1,2,"\n"]},"type":"x","tail":null}"#.utf8)
    let type = try bytes.withUnsafeBufferPointer { buffer in
      try JSONParser.read(buffer) { parser in
        var type: String?
        try parser.object { parser, name in
          if name == "type" { type = try parser.string() } else { try parser.skip() }
        }
        try parser.end()
        return type
      }
    }
    #expect(type == "x")
  }
}
