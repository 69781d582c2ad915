import JSON
import Testing

@Suite("JSON: pulling values out of a document")
struct JSONPullTests {
  // MARK: The same as the tree

  /// Reads one value through the closures alone.
  private static func pulled(_ parser: inout JSONParser) throws -> JSONValue {
    switch try parser.peek() {
    case UInt8(ascii: "{"):
      var object = JSONObject()
      try parser.object { parser, name in object[name] = try pulled(&parser) }
      return .object(object)
    case UInt8(ascii: "["):
      var elements: [JSONValue] = []
      try parser.array { parser in elements.append(try pulled(&parser)) }
      return .array(elements)
    case UInt8(ascii: "\""): return .string(try parser.string())
    default: return try parser.value()
    }
  }

  @Test("members and elements that are pulled are those of the tree", arguments: Documents.all)
  func sameAsTree(text: String) throws {
    let pulled = try pull(Array(text.utf8)) { parser in
      let value = try Self.pulled(&parser)
      try parser.end()
      return value
    }
    #expect(try pulled == JSONParser.parse(text.utf8))
  }

  @Test("a skip passes over exactly one value and says where it stands", arguments: Documents.all)
  func skipped(text: String) throws {
    let bytes = Array("[ 1 , \(text) , \"end\"]".utf8)
    let range = try pull(bytes) { parser in
      var ranges: [Range<Int>] = []
      try parser.array { parser in ranges.append(try parser.skip()) }
      try parser.end()
      return ranges[1]
    }
    #expect(try JSONParser.parse(bytes[range]) == JSONParser.parse(text.utf8))
    let first = bytes[range].first, last = bytes[range].last
    #expect(first != UInt8(ascii: " ") && last != UInt8(ascii: " ") && last != UInt8(ascii: "\n"))
  }

  @Test("one member may be left to the caller, and the others come as of the tree")
  func leaving() throws {
    let bytes = Array(#"{"a":1,"b":{"a":[2]},"c":"\u00e9"}"#.utf8)
    for name in ["a", "b", "c", "d"] {
      let (rest, left) = try pull(bytes) { parser in
        var left: JSONValue?
        let rest = try parser.object(leaving: name) { left = try $0.value() }
        try parser.end()
        return (rest, left)
      }
      let whole = try #require(try JSONParser.parse(bytes).object)
      #expect(left == whole[name])
      #expect(rest.members == whole.members.filter { $0.name != name })
    }
  }

  @Test("a name that stands there twice is refused, the one that is left too", arguments: ["a", "b"])
  func leavingTwice(name: String) {
    let bytes = Array(#"{"a":1,"b":2,"\#(name)":3}"#.utf8)
    #expect(throws: JSONError.self) {
      try pull(bytes) { parser in _ = try parser.object(leaving: "b") { try $0.skip() } }
    }
  }

  @Test("the place of a member is found at the first level alone, however its name is written; the last of two counts")
  func range() throws {
    let text = #" {"b":{"a":1},"x\"a":2,"é":3,"a" : [4, {"a":5}] ,"c":"\"a\":6"} "#
    func found(_ text: String, _ name: StaticString) throws -> String? {
      let bytes = Array(text.utf8)
      return try pull(bytes) { try $0.range(of: name) }.map { String(decoding: bytes[$0], as: UTF8.self) }
    }
    #expect(try found(text, "a") == #"[4, {"a":5}]"#)
    #expect(try found(text, "é") == "3" && found(text, "d") == nil && found("{}", "a") == nil)
    #expect(try found(#"{"\u0061":7}"#, "a") == "7" && found(#"{"a":1,"a":2}"#, "a") == "2")
    for text in [#"{"a":1"#, #"{"a"}"#, #"{"a":1,}"#, #"{a:1}"#, #"["a"]"#, #"{"a":tru}"#, #"{"\ud800":1}"#] {
      #expect(throws: JSONError.self, "\(text)") { try found(text, "a") }
    }
  }

  @Test("a plain string is its bytes; one with an escape is none")
  func plain() throws {
    let bytes = Array(#" "é b" "#.utf8)
    #expect(try bytes[pull(bytes) { try $0.plainString() }].elementsEqual("é b".utf8))
    for text in [#""\u0041""#, "1", #""a"#] {
      #expect(throws: JSONError.self, "\(text)") { try pull(Array(text.utf8)) { _ = try $0.plainString() } }
    }
  }

  @Test("each member may be parsed or skipped, in any choice")
  func everyChoice() throws {
    let bytes = Array(
      #" { "a" : [ 1 , {"x":"\"}]"} ] , "b\n" : "é" , "c":-1.5 , "d" : null , "e":{"f":[true]} } "#.utf8)
    let whole = try #require(JSONParser.parse(bytes).object)
    for choice in 0..<(1 << whole.members.count) {
      let taken = try pull(bytes) { parser in
        var (object, place) = (JSONObject(), 0)
        try parser.object { parser, name in
          if choice >> place & 1 == 1 { object[name] = try parser.value() } else { try parser.skip() }
          place += 1
        }
        try parser.end()
        return object.members
      }
      #expect(taken == whole.members.indices.filter { choice >> $0 & 1 == 1 }.map { whole.members[$0] })
    }
  }

  // MARK: What a skip looks at

  @Test("a skip refuses what is no structure, with the parser's own error", arguments: Documents.closed)
  func skipRefusesCuts(text: String) {
    let bytes = Array(text.utf8)
    for count in 0..<bytes.count {
      #expect(throws: JSONError(.truncated, offset: count)) { try pull(Array(bytes[..<count])) { try $0.skip() } }
    }
  }

  static let structures = [
    JSONGrammarTests.literals, JSONGrammarTests.arrays, JSONGrammarTests.objects, JSONNumberTests.refused,
  ].flatMap { $0 }

  @Test("a skip refuses the same as a parse does, but for what follows the value", arguments: structures)
  func skipRefuses(text: String, reason: JSONError.Reason, offset: Int) {
    let bytes = Array(text.utf8)
    if reason == .trailing {
      #expect((try? pull(bytes) { try $0.skip() }) == 0..<offset)
    } else {
      #expect(throws: JSONError(reason, offset: offset)) { try pull(bytes) { try $0.skip() } }
    }
  }

  static let unread = [#""\x""#, #""\ud800""#, #""\u12""#, #"{"a":1,"a":2}"#, #"["\q"]"#]

  @Test("a skip makes no strings: it takes what only a parse of them refuses", arguments: unread)
  func skipIsShallow(text: String) {
    #expect((try? pull(Array(text.utf8)) { try $0.skip() }) == 0..<text.utf8.count)
    #expect(throws: JSONError.self) { try JSONParser.parse(text.utf8) }
  }

  static let badNames: [(String, JSONError.Reason, Int)] = [
    (#"{"\x":1}"#, .unexpected("a valid escape"), 2), (#"{"\udc00":1}"#, .loneSurrogate, 2),
    (#"{"é\u1":1}"#, .unexpected("four hexadecimal digits"), 7),
  ]

  @Test("a skip reads the names with escapes", arguments: badNames)
  func skipReadsNames(text: String, reason: JSONError.Reason, offset: Int) {
    #expect(throws: JSONError(reason, offset: offset)) { try pull(Array(text.utf8)) { try $0.skip() } }
    let bytes: [UInt8] = Array("{\"".utf8) + [0xC3, 0x28] + Array("\":1}".utf8)
    #expect(throws: JSONError(.invalidUTF8, offset: 1)) { try pull(bytes) { try $0.skip() } }
  }

  // MARK: Wishes that are not met

  @Test("what is something else than was asked for is refused where it stands")
  func otherKinds() {
    let bytes = Array("  7".utf8)
    #expect(throws: JSONError(.unexpected("a string"), offset: 2)) { try pull(bytes) { try $0.string() } }
    #expect(throws: JSONError(.unexpected("an array"), offset: 2)) { try pull(bytes) { try $0.array { _ in } } }
    #expect(throws: JSONError(.unexpected("an object"), offset: 2)) { try pull(bytes) { try $0.object { _, _ in } } }
    #expect(throws: JSONError(.truncated, offset: 0)) { try pull([]) { try $0.peek() } }
    #expect(throws: JSONError(.trailing, offset: 2)) { try pull(bytes) { try $0.end() } }
  }

  @Test("a closure that consumes nothing, or too much, is found out")
  func badClosures() {
    let array = Array("[1,2]".utf8)
    let comma = JSONError.Reason.unexpected("a comma or the end of the array")
    #expect(throws: JSONError(comma, offset: 1)) { try pull(array) { try $0.array { _ in } } }
    #expect(throws: JSONError(.unexpected("a value"), offset: 2)) {
      try pull(array) { try $0.array { parser in _ = (try parser.value(), try parser.value()) } }
    }
    #expect(throws: JSONError(.unexpected("a comma or the end of the object"), offset: 5)) {
      try pull(Array("{\"a\":1}".utf8)) { try $0.object { _, _ in } }
    }
  }

  private struct Enough: Error, Equatable {}

  @Test("an error of a closure comes through, and the parser stays where it was")
  func ownErrors() {
    var offset = 0
    #expect(throws: Enough()) {
      try pull(Array("[1,[2,3]]".utf8)) { parser in
        defer { offset = parser.offset }
        try parser.array { parser in if try parser.value() == 1 { throw Enough() } }
      }
    }
    #expect(offset == 2)
  }

  @Test("a pull may stop early; the offset says how far it came")
  func offsets() throws {
    try pull(Array(" [ 1 , 2 ] rest".utf8)) { parser in
      #expect(parser.offset == 0)
      let first = try parser.peek()
      #expect(first == UInt8(ascii: "[") && parser.offset == 1)
      let value = try parser.value()
      #expect(value == [1, 2] && parser.offset == 10)
    }
  }

  // MARK: The scanner

  @Test("the end of plain text is found for every byte at every place among eight")
  func plainEnd() {
    for length in 0..<20 {
      for place in 0..<length {
        for byte in UInt8.min...UInt8.max { expectPlainEnd(length, byte, at: place) }
      }
    }
  }

  private func expectPlainEnd(_ length: Int, _ byte: UInt8, at place: Int) {
    // Neighbours from which a borrow could come: the bytes just above and below those that are looked for.
    var bytes: [UInt8] = (0..<length).map { [0x20, 0x23, 0x5D, 0x7F, 0x21, 0x5B][$0 % 6] }
    bytes[place] = byte
    let isPlain = byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    let wanted = isPlain ? length : place
    let found = bytes.withUnsafeBufferPointer { JSONParser.plainEnd($0, from: 0) }
    #expect(found == wanted, "\(bytes)")
    let after = bytes.withUnsafeBufferPointer { JSONParser.plainEnd($0, from: place + 1) }
    #expect(after == length, "\(bytes)")
  }
}
