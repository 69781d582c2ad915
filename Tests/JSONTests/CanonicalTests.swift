import Base
import JSON
import Testing

@Suite("JSON: the canonical form (RFC 8785)")
struct JSONCanonicalTests {
  static let forms: [(String, String)] = [
    (" null ", "null"), ("\ttrue\n", "true"), ("-0", "0"), ("[ ]", "[]"), ("{ \n }", "{}"),
    ("[ 3 , 1 , 2 ]", "[3,1,2]"),
    (#"{"b":1,"a":2}"#, #"{"a":2,"b":1}"#), (#"{"aa":1,"a":2,"":3}"#, #"{"":3,"a":2,"aa":1}"#),
    (#"{"10":1,"9":2,"1":3}"#, #"{"1":3,"10":1,"9":2}"#), (#"{"a":1,"B":2,"_":3}"#, #"{"B":2,"_":3,"a":1}"#),
    (#"{"z":[{"b":1,"a":{"d":2,"c":3}},{}],"y":"x"}"#, #"{"y":"x","z":[{"a":{"c":3,"d":2},"b":1},{}]}"#),
    (#"{"\u0062":"\u0061","a":"\/"}"#, #"{"a":"/","b":"a"}"#), (#""\u00C4\u00e4""#, #""Ää""#),
    (#""e\u0301""#, "\"e\u{301}\""),
    (#""\uD83D\uDE00""#, #""😀""#), (#"{"ab\u0000":1,"ab":2}"#, #"{"ab":2,"ab\u0000":1}"#),
    ("9007199254740991", "9007199254740991"), ("-9007199254740991", "-9007199254740991"),
  ]

  @Test("a document has one form, whatever its white space, escapes and order", arguments: forms)
  func form(text: String, wanted: String) throws {
    let value = try JSONParser.parse(text.utf8)
    #expect(String(decoding: value.canonicalBytes, as: UTF8.self) == wanted)
    #expect(try JSONParser.parse(wanted.utf8).canonicalBytes == Array(wanted.utf8))
  }

  // MARK: Strings (section 3.2.2.2)

  @Test("quotes, backslashes and control characters are escaped in the shortest way, all else stands for itself")
  func escapes() {
    let short: [UInt32: String] = [
      0x08: #"\b"#, 0x09: #"\t"#, 0x0A: #"\n"#, 0x0C: #"\f"#, 0x0D: #"\r"#, 0x22: #"\""#, 0x5C: #"\\"#,
    ]
    // All of the first plane's beginning, and the edges of what others like to escape.
    for code in Array(UInt32(0)...0x300) + [0x2028, 0x2029, 0xD7FF, 0xE000, 0xFEFF, 0xFFFD, 0xFFFF, 0x1F600, 0x10FFFF] {
      guard let scalar = Unicode.Scalar(code) else { continue }
      let digits = String(code, radix: 16)
      let long = "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      let wanted = short[code] ?? (code < 0x20 ? long : String(scalar))
      let text = written { $0.string("x\(scalar)y\(scalar)") }
      #expect(Array(text.utf8) == Array("\"x\(wanted)y\(wanted)\"".utf8), "\(digits)")
    }
  }

  // MARK: Order (section 3.2.3)

  /// Names in the order of their UTF-16 code units, in which all above U+FFFF come before U+E000 to U+FFFF.
  static let names = [
    "", "\u{0}", "\n", "\r", "\u{1F}", " ", "!", "\"", "0", "10", "2", "A", "Z", "\\", "_", "a", "a\u{0}", "aa", "ab",
    "a\u{10000}",
    "a\u{E000}", "b", "e\u{301}", "\u{7F}", "\u{80}", "\u{E9}", "\u{FF}", "\u{7FF}", "\u{800}", "\u{20AC}", "\u{D7FF}",
    "\u{10000}",
    "\u{10000}a", "\u{103FF}", "\u{10400}", "\u{1F600}", "\u{1F600}\u{FFFF}", "\u{1F601}", "\u{10FFFF}", "\u{E000}",
    "\u{E000}\u{10000}",
    "\u{FB01}", "\u{FEFF}", "\u{FFFF}",
  ]

  private func sorted(_ names: [String]) -> [String] {
    JSONObject(present: names.map { ($0, .null) }).canonicalMembers.map(\.name)
  }

  private func expectSame(_ left: [String], _ right: [String], location: SourceLocation = #_sourceLocation) {
    // Bytes, since strings that are canonically equivalent would do, too.
    #expect(left.map { Array($0.utf8) } == right.map { Array($0.utf8) }, sourceLocation: location)
  }

  @Test("members are ordered by the UTF-16 code units of their names", arguments: 1...50 as ClosedRange<UInt64>)
  func order(seed: UInt64) {
    var dice = Dice(seed: seed)
    expectSame(sorted(Self.names.shuffled(using: &dice)), Self.names)
  }

  @Test("any two names stand in that order, also behind a common beginning")
  func pairs() {
    for (place, left) in Self.names.enumerated() {
      for right in Self.names[(place + 1)...] {
        for start in ["", "x", "é", "\u{FFFF}", "\u{1F600}"] {
          expectSame(sorted([start + right, start + left]), [start + left, start + right])
          expectSame(sorted([start + left, start + right]), [start + left, start + right])
        }
      }
    }
  }

  @Test(
    "random names stand in the order that a plain sort of the code units gives",
    arguments: 1...20 as ClosedRange<UInt64>)
  func randomNames(seed: UInt64) {
    var dice = Dice(seed: seed)
    let edges: [ClosedRange<UInt32>] = [
      0x60...0x63, 0x7E...0x81, 0x7FE...0x801, 0xD7FE...0xD7FF, 0xE000...0xE001, 0xFFFE...0xFFFF, 0x10000...0x10001,
      0x10FFFE...0x10FFFF,
    ]
    let names = (0..<200).map { _ in
      let scalars = (0...dice.below(3)).compactMap { _ in
        Unicode.Scalar(UInt32.random(in: dice.pick(edges), using: &dice))
      }
      return String(String.UnicodeScalarView(scalars))
    }
    let wanted = names.sorted { Array($0.utf16).lexicographicallyPrecedes(Array($1.utf16)) }
    expectSame(sorted(names), wanted)
  }

  // MARK: Properties

  @Test("the form is stable, and does not depend on the order of members", arguments: 1...20 as ClosedRange<UInt64>)
  func stable(seed: UInt64) throws {
    var random = RandomText(seed: seed + 3000)
    for _ in 0..<100 {
      guard case .success(let value) = outcome(random.document()) else { continue }
      let bytes = value.canonicalBytes
      let again = try JSONParser.parse(bytes)
      #expect(again == value && again.canonicalBytes == bytes, "\(value.text)")
      let shuffled = value.shuffled(using: &random.dice)
      #expect(shuffled == value && shuffled.canonicalBytes == bytes, "\(value.text)")
      // The compact text has the members in their own order, and is the same value.
      let compact = try JSONParser.parse(shuffled.text.utf8)
      #expect(compact == value && compact.text == shuffled.text, "\(value.text)")
    }
  }
}

extension JSONValue {
  /// The same value with the members of each object in another order.
  fileprivate func shuffled(using dice: inout Dice) -> JSONValue {
    switch self {
    case .array(let elements): return .array(elements.map { $0.shuffled(using: &dice) })
    case .object(let object):
      let members = object.members.map { ($0.name, Optional($0.value.shuffled(using: &dice))) }
      return .object(JSONObject(present: members.shuffled(using: &dice)))
    default: return self
    }
  }
}
