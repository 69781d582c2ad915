import Base
import Foundation
import JSON
import Testing

@Suite("JSON: base64 (RFC 4648 section 4)")
struct JSONBase64Tests {
  private func encoded(_ bytes: [UInt8]) -> String {
    written { writer in bytes.withUnsafeBytes { writer.base64($0) } }
  }

  static let texts: [(String, String)] = [
    ("", ""), ("l", "bA=="), ("le", "bGU="), ("led", "bGVk"), ("ledg", "bGVkZw=="), ("ledge", "bGVkZ2U="),
    ("ledger", "bGVkZ2Vy"),
    ("\u{0}\u{0}\u{0}", "AAAA"), ("???>>>", "Pz8/Pj4+"),
  ]

  @Test("texts with known forms", arguments: texts)
  func known(text: String, wanted: String) {
    #expect(encoded(Array(text.utf8)) == wanted)
    #expect(Base64.decode(wanted) == Array(text.utf8))
  }

  @Test(
    "bytes of every length are written as Foundation writes them, and read back",
    arguments: 1...10 as ClosedRange<UInt64>)
  func lengths(seed: UInt64) {
    var dice = Dice(seed: seed)
    for length in 0..<100 {
      let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &dice) }
      let text = encoded(bytes)
      #expect(text == Data(bytes).base64EncodedString())
      #expect(Base64.decode(text) == bytes)
    }
  }

  static let refused = [
    "A", "AA", "AAA", "AAAAA", "=", "==", "===", "====", "A===", "AA=A", "A=AA", "=AAA", "AA==AAAA", "AAA=AAAA",
    "AAAA====",
    "AAA ", "AA\n=", " AAA", "AAAA\n", "AA-_", "AA.A", "éAA", "AAé", "AA\u{0}=", "AB==", "A/==", "AAB=", "AA+=", "AA＝＝",
  ]

  @Test("what the writer would not write is refused: spaces, other alphabets, bits behind the end", arguments: refused)
  func refuses(text: String) { #expect(Base64.decode(text) == nil) }

  @Test("of all endings of a text, those are read that the writer makes")
  func everyEnding() {
    for last in UInt8.min...UInt8.max {
      for end in [[0x41, 0x41, last], [0x41, last, 0x3D], [last, 0x3D, 0x3D], [last, last, last]] as [[UInt8]] {
        for start in [[0x51], Array("bGVkZ".utf8)] { expectExact(start + end) }
      }
    }
  }

  @Test("every character of a text replaced by every byte")
  func replacements() {
    for text in ["bGVkZw==", "bGVkZ2U=", "bGVkZ2Vy"] {
      for place in 0..<text.utf8.count {
        for new in UInt8.min...UInt8.max {
          var bytes = Array(text.utf8)
          bytes[place] = new
          expectExact(bytes)
        }
      }
    }
  }

  /// Expects that a text is read exactly when it is the one that is written for what it stands for.
  private func expectExact(_ text: [UInt8], location: SourceLocation = #_sourceLocation) {
    let decoded = text.withUnsafeBufferPointer { Base64.decode($0) }
    let other = Data(base64Encoded: Data(text)).map { Array($0) }
    if let decoded {
      #expect(Array(encoded(decoded).utf8) == text && decoded == other, "\(text)", sourceLocation: location)
    } else {
      // Foundation passes over bits behind the end.
      #expect(other.map { Array(encoded($0).utf8) } != text, "\(text)", sourceLocation: location)
    }
  }
}
