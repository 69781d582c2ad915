import JSON
import Testing

@Suite("JSON: strings (RFC 8259 section 7)")
struct JSONStringTests {
  static let escapes: [(String, String)] = [
    (#"\""#, "\""), (#"\\"#, "\\"), (#"\/"#, "/"), (#"\b"#, "\u{8}"), (#"\f"#, "\u{C}"), (#"\n"#, "\n"), (#"\r"#, "\r"),
    (#"\t"#, "\t"), (#"\u0000"#, "\u{0}"), (#"\u0022"#, "\""), (#"\u005C"#, "\\"), (#"\u00e9"#, "é"), (#"\u20AC"#, "€"),
    (#"\uFFFF"#, "\u{FFFF}"), (#"\uFeFf"#, "\u{FEFF}"), (#"\uD83D\uDE00"#, "😀"), (#"\ud800\udc00"#, "\u{10000}"),
    (#"\uDBFF\uDFFF"#, "\u{10FFFF}"), (#"\u0065\u0301"#, "e\u{301}"), (#"\\u0041"#, #"\u0041"#), (#"\\\n"#, "\\\n"),
    (#"\\\\"#, #"\\"#), (#"\\\""#, "\\\""), (#"\u005cn"#, #"\n"#),
  ]

  @Test("every escape is understood, alone and among text", arguments: escapes)
  func escape(text: String, wanted: String) {
    expectRead("\"\(text)\"", .string(wanted))
    expectRead("\"0123456\(text)é\(text)tail\"", .string("0123456\(wanted)é\(wanted)tail"))
    expectRead("{\"\(text)\":0}", [wanted: 0])
  }

  @Test("no other letter may follow a backslash")
  func otherEscapes() {
    for byte in UInt8.min...UInt8.max where !Array("\"\\/bfnrtu".utf8).contains(byte) {
      let escape: [UInt8] = [UInt8(ascii: "\\"), byte, UInt8(ascii: "x")]
      expectRefused(Array("\"ab".utf8) + escape + Array("\"".utf8), .unexpected("a valid escape"), at: 3)
    }
  }

  static let badHex: [(String, Int)] = [
    (#""\u""#, 3), (#""\u1""#, 4), (#""\u12""#, 5), (#""\u123""#, 6), (#""\uG000""#, 3), (#""\u00g0""#, 5),
    (#""\u000 ""#, 6),
    (#""\u+123""#, 3), (#""\u-001""#, 3), (#""\u0x41""#, 4), (#""ab\u12\n34""#, 7), (#""\ud83d\ude0""#, 12),
    (#""\ud83d\uzz00""#, 9),
    (#""\u004１""#, 6),
  ]

  @Test("a code unit has four hexadecimal digits", arguments: badHex)
  func hexadecimal(text: String, offset: Int) {
    expectRefused(text, .unexpected("four hexadecimal digits"), at: offset)
  }

  // MARK: Surrogates

  static let halves: [(String, Int)] = [
    (#""\ud800""#, 1), (#""\udc00""#, 1), (#""\uDFFF""#, 1), (#""\udbff""#, 1), (#""ab\ud800cd""#, 3),
    (#""\ud800A""#, 1),
    (#""\ud800\ud800""#, 1), (#""\udc00\ud800""#, 1), (#""\ud800\u0041""#, 1), (#""\ud800\ue000""#, 1),
    (#""\ud800 \udc00""#, 1),
    (#""\ud83d\ude00\ude00""#, 13), (#""\ud800\\udc00""#, 1), (#""\ud800\n""#, 1), (#""\ud800\nabcdef""#, 1),
    (#""\ud800\/\udc00""#, 1),
    (#""\ud800\t1""#, 1),
  ]

  @Test("half of a surrogate pair is refused where it stands, whatever follows", arguments: halves)
  func loneSurrogate(text: String, offset: Int) {
    expectRefused(text, .loneSurrogate, at: offset)
    expectRefused("{" + text + ":1}", .loneSurrogate, at: offset + 1)
  }

  @Test("of all 65,536 code units those that are scalars are read, and the halves are refused")
  func everyCodeUnit() {
    for unit in UInt16.min...UInt16.max {
      let text = "\"\\u\(hexadecimal(unit))\""
      switch (outcome(Array(text.utf8)), Unicode.Scalar(unit)) {
      case (.success(let value), let scalar?): #expect(value == .string(String(scalar)), "\(text)")
      case (.failure(let error), nil): #expect(error == JSONError(.loneSurrogate, offset: 1), "\(text)")
      default: Issue.record("\(text)")
      }
    }
  }

  static let repaired: [(String, String)] = [
    (#"cut \ud83d"#, "cut \u{FFFD}"), (#"\udc00 first"#, "\u{FFFD} first"), (#"\ud800\u0041"#, "\u{FFFD}A"),
    (#"\ud800\ud83d\ude00"#, "\u{FFFD}😀"), (#"\ud83d\ude00"#, "😀"), (#"\ud800\n"#, "\u{FFFD}\n"),
  ]

  @Test("where somebody else's texts are to be read, half a pair is U+FFFD, and all else as ever", arguments: repaired)
  func repairedHalf(text: String, wanted: String) throws {
    let read = try JSONParser.repaired(Array("{\"a\":\"\(text)\",\"b\":1}".utf8))
    #expect(read == ["a": .string(wanted), "b": 1])
  }

  @Test("bytes that are not UTF-8 are U+FFFD there too; what is no JSON is refused")
  func repairedBytes() throws {
    let quote = UInt8(ascii: "\"")
    let plain = try JSONParser.repaired([quote, 0x41, 0xC3, quote])
    #expect(plain == "A\u{FFFD}")
    let escaped = try JSONParser.repaired([quote, UInt8(ascii: "\\"), UInt8(ascii: "n"), 0xC3, quote])
    #expect(escaped == "\n\u{FFFD}")
    for text in [#""\ud8""#, #"{"a":1,"a":2}"#, #"["\ud800""#] {
      #expect(throws: JSONError.self, "\(text)") { try JSONParser.repaired(Array(text.utf8)) }
    }
  }

  @Test("every high half pairs with every low one")
  func pairs() {
    for high in UInt16(0xD800)...0xDBFF {
      for low in [0xDC00, 0xDC01, 0xDE5A, 0xDFFF] as [UInt16] { expectPair(high, low) }
    }
    for low in UInt16(0xDC00)...0xDFFF {
      for high in [0xD800, 0xDA11, 0xDBFF] as [UInt16] { expectPair(high, low) }
    }
  }

  private func expectPair(_ high: UInt16, _ low: UInt16, location: SourceLocation = #_sourceLocation) {
    expectRead(
      "\"\\u\(hexadecimal(high))\\u\(hexadecimal(low))\"", .string(String(decoding: [high, low], as: UTF16.self)),
      location: location)
  }

  private func hexadecimal(_ unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }

  // MARK: Plain characters

  @Test("control characters must be escaped, wherever in eight bytes they stand")
  func controlCharacters() {
    for byte in 0..<UInt8(0x20) {
      for before in 0..<17 {
        let bytes = Array("\"".utf8) + [UInt8](repeating: 0x61, count: before) + [byte] + Array("bcdefghijk\"".utf8)
        expectRefused(bytes, .unexpected("no control character inside a string"), at: before + 1)
      }
    }
  }

  @Test("every other character of ASCII stands for itself")
  func plain() {
    for byte in UInt8(0x20)...0x7F where byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") {
      let text = String(UnicodeScalar(byte))
      expectRead("\"\(text)\"", .string(text))
    }
  }

  @Test(
    "a string ends with a quote", arguments: ["\"", "\"a", #""\""#, #""a\"#, #""\\\""#, "\"é", #""\u00e9"#, "\"a'"])
  func unterminated(text: String) { expectRefused(text, .truncated, at: text.utf8.count) }

  @Test("strings of any length are read, plain, escaped or not ASCII")
  func lengths() {
    for length in 0..<70 {
      let run = String(repeating: "x", count: length)
      expectRead("\"\(run)\"", .string(run))
      expectRead("[\"\(run)\\n\",\"\(run)é\"]", [.string(run + "\n"), .string(run + "é")])
    }
  }
}
