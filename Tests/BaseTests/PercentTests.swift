import Base
import Testing

@Suite("Percent-encoding (RFC 3986 section 2)")
struct PercentTests {
  static let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)

  private func escape(_ byte: UInt8, uppercase: Bool = true) -> String {
    "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: uppercase)
  }

  @Test("of ASCII the unreserved characters stand for themselves, all others are encoded")
  func everyCharacter() {
    for byte in UInt8.min...0x7F {
      let text = String(UnicodeScalar(byte))
      let wanted = Self.unreserved.contains(byte) ? text : escape(byte)
      #expect(PercentEncoding.encode(text) == wanted)
      for encoded in [wanted, escape(byte), escape(byte, uppercase: false)] {
        #expect(PercentEncoding.decode(encoded) == text)
      }
    }
  }

  @Test(
    "other characters are encoded by the bytes of their UTF-8",
    arguments: ["é", "ß", "€", "名", "😀", "\u{301}", "\u{10FFFF}", "\u{FEFF}"])
  func otherCharacters(text: String) {
    let encoded = PercentEncoding.encode("a\(text)b")
    #expect(encoded == "a" + text.utf8.map { escape($0) }.joined() + "b")
    #expect(PercentEncoding.decode(encoded).map { Array($0.utf8) } == Array("a\(text)b".utf8))
    // What should have been encoded is taken as it is.
    #expect(PercentEncoding.decode(text) == text)
  }

  @Test("single bytes above ASCII are no text, pairs of them where they are a character")
  func everyByte() {
    for first in UInt8(0x80)...0xFF {
      #expect(PercentEncoding.decode(escape(first)) == nil)
      for second in [0x00, 0x41, 0x7F, 0x80, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF] as [UInt8] {
        let isCharacter = (0xC2...0xDF).contains(first) && (0x80...0xBF).contains(second)
        #expect((PercentEncoding.decode(escape(first) + escape(second)) != nil) == isCharacter)
      }
    }
  }

  static let broken = [
    "%", "%4", "%zz", "%4g", "%g4", "%ff", "a%", "a%a", "%%41", "%+1", "% 41", "%-1", "%é", "%C3", "%C3%28",
    "%ED%A0%80", "%C0%AF", "%４１",
  ]

  @Test("a broken escape, and bytes that are no UTF-8, are refused", arguments: broken)
  func refuses(text: String) {
    #expect(PercentEncoding.decode(text) == nil)
    #expect(PercentEncoding.decode("x" + text, plusIsSpace: true) == nil)
  }

  static let spaces: [(String, String, String)] = [
    ("a+b", "a+b", "a b"), ("+", "+", " "), ("%2B", "+", "+"), ("%20+%20", " + ", "   "), ("", "", ""),
    ("a%2fB", "a/B", "a/B"),
  ]

  @Test("a plus is a space in a form's query only, an encoded one never", arguments: spaces)
  func plus(text: String, path: String, query: String) {
    #expect(PercentEncoding.decode(text) == path)
    #expect(PercentEncoding.decode(text, plusIsSpace: true) == query)
    #expect(PercentEncoding.decode(text[...]) == path)
  }
}
