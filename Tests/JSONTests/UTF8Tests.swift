import JSON
import Testing

@Suite("JSON: well-formed UTF-8 (RFC 8259 section 8.1)")
struct JSONEncodingTests {
  static let wellFormed: [[UInt8]] = [
    [0x7F], [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xEF, 0xBB, 0xBF],
    [0xEF, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF],
  ]

  @Test("the first and last characters of every length are read", arguments: wellFormed)
  func reads(character: [UInt8]) {
    for (before, after) in Self.surroundings {
      let bytes = Array("\"\(before)".utf8) + character + Array("\(after)\"".utf8)
      let wanted = before.replacing("\\n", with: "\n") + String(decoding: character, as: UTF8.self) + after
      #expect(outcome(bytes) == .success(.string(wanted)), "\(shown(bytes))")
    }
  }

  /// The parser has a path for plain strings and one for those with escapes, and looks at eight bytes at a time.
  static let surroundings = [("", ""), ("\\n", ""), ("a", "b"), ("0123456", "0123456789"), ("\\n0123456789", "é")]

  static let illFormed: [(String, [UInt8])] = [
    ("a lone continuation", [0x80]), ("the last continuation", [0xBF]),
    ("a continuation too many", [0xC3, 0xA9, 0x80]),
    ("overlong NUL", [0xC0, 0x80]), ("overlong slash", [0xC0, 0xAF]), ("overlong quote", [0xC0, 0xA2]),
    ("overlong in two", [0xC1, 0xBF]), ("overlong in three", [0xE0, 0x9F, 0xBF]),
    ("overlong in four", [0xF0, 0x8F, 0xBF, 0xBF]),
    ("a high half", [0xED, 0xA0, 0x80]), ("a low half", [0xED, 0xBF, 0xBF]),
    ("both halves", [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80]),
    ("above U+10FFFF", [0xF4, 0x90, 0x80, 0x80]), ("far above", [0xF7, 0xBF, 0xBF, 0xBF]),
    ("five bytes", [0xF8, 0x88, 0x80, 0x80, 0x80]),
    ("six bytes", [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80]), ("FE", [0xFE]), ("FF", [0xFF]), ("Latin-1", [0xE9]),
    ("two of three", [0xE2, 0x82]), ("three of four", [0xF0, 0x9F, 0x98]), ("one of two, then ASCII", [0xC3, 0x28]),
    ("two of three, then a character", [0xE2, 0x82, 0xC3, 0xA9]),
    ("a good character, then a bad one", [0xC3, 0xA9, 0xFF]),
  ]

  @Test("all that is not well-formed is refused, never repaired", arguments: illFormed)
  func refuses(name: String, bytes: [UInt8]) {
    for (before, after) in Self.surroundings {
      let text = Array("\"\(before)".utf8) + bytes + Array("\(after)\"".utf8)
      expectRefused(text, .invalidUTF8, at: 0)
      expectRefused(Array("{".utf8) + text + Array(":1}".utf8), .invalidUTF8, at: 1)
    }
    expectRefused(bytes, .unexpected("a value"), at: 0)
  }

  @Test("all pairs of bytes, and the edges of three and four, are read exactly when they are well-formed")
  func exhaustive() {
    let followers = [UInt8(ascii: "A")] + Array(0x7F...0xFF)
    for lead in UInt8(0x80)...0xFF {
      expectVerdict([lead])
      for second in followers { expectVerdict([lead, second]) }
    }
    let edges: [UInt8] = [0x41, 0x7F, 0x80, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF]
    for lead in UInt8(0xE0)...0xF8 {
      for second in [0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC2] as [UInt8] {
        for third in edges {
          expectVerdict([lead, second, third])
          for fourth in edges { expectVerdict([lead, second, third, fourth]) }
        }
      }
    }
  }

  private func expectVerdict(_ bytes: [UInt8], location: SourceLocation = #_sourceLocation) {
    let quote = UInt8(ascii: "\"")
    switch outcome([quote] + bytes + [quote]) {
    case .success(let value):
      let text = value.string.map { Array($0.utf8) }
      #expect(isWellFormed(bytes) && text == bytes, "\(bytes)", sourceLocation: location)
    case .failure(let error):
      let wanted = JSONError(.invalidUTF8, offset: 0)
      #expect(!isWellFormed(bytes) && error == wanted, "\(bytes)", sourceLocation: location)
    }
  }

  /// Table 3-7 of the Unicode standard.
  private func isWellFormed(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while let lead = rest.popFirst() {
      let second: ClosedRange<UInt8>
      let count: Int
      switch lead {
      case 0...0x7F: (second, count) = (0...0xFF, 0)
      case 0xC2...0xDF: (second, count) = (0x80...0xBF, 1)
      case 0xE0: (second, count) = (0xA0...0xBF, 2)
      case 0xED: (second, count) = (0x80...0x9F, 2)
      case 0xE1...0xEF: (second, count) = (0x80...0xBF, 2)
      case 0xF0: (second, count) = (0x90...0xBF, 3)
      case 0xF4: (second, count) = (0x80...0x8F, 3)
      case 0xF1...0xF3: (second, count) = (0x80...0xBF, 3)
      default: return false
      }
      let more = rest.prefix(count)
      guard more.count == count, more.first.map(second.contains) ?? true,
        more.dropFirst().allSatisfy({ (0x80...0xBF).contains($0) })
      else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
