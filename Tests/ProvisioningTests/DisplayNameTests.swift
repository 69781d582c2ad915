import Base
import Provisioning
import Testing

@Suite("Display name: what TeamViewer accepts, and what can be mended")
struct DisplayNameTests {
  @Test("short names stay, white space at the ends goes")
  func trimming() {
    #expect(DisplayName.mended("Ada Lovelace") == "Ada Lovelace")
    #expect(DisplayName.mended(" \t Ada  Lovelace\u{A0}\r\n") == "Ada  Lovelace")
  }

  @Test("fewer than two code points cannot be mended", arguments: ["", "   ", "X", " X ", "\u{1F600}"])
  func tooShort(name: String) { #expect(DisplayName.mended(name) == nil) }

  @Test("two code points are enough, also within one grapheme", arguments: ["Ng", "e\u{301}", "\u{1F1E9}\u{1F1EA}"])
  func shortest(name: String) { #expect(DisplayName.mended(name) == name) }

  @Test("exactly 50 UTF-16 units stay, the 51st goes")
  func boundary() {
    let fifty = String(repeating: "x", count: 50)
    #expect(DisplayName.mended(fifty) == fifty)
    #expect(DisplayName.mended(fifty + "y") == fifty)
    #expect(DisplayName.mended("   " + fifty + "   ") == fifty)
  }

  /// 48 letters leave two units; none of these fits whole into them.
  @Test(
    "a grapheme is kept whole or dropped",
    arguments: [
      "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}", "e\u{301}\u{302}", "\u{1F1E9}\u{1F1EA}", "\u{1F44D}\u{1F3FD}",
    ])
  func graphemes(last: String) {
    let letters = String(repeating: "x", count: 48)
    #expect(DisplayName.mended(letters + last) == letters)
    let room = String(repeating: "x", count: 50 - last.utf16.count)
    #expect(DisplayName.mended(room + last + "tail") == room + last)
  }

  @Test("white space that a cut lays bare goes too")
  func trimmedAfterCut() {
    let name = String(repeating: "x", count: 48) + "  yy"
    #expect(DisplayName.mended(name) == String(repeating: "x", count: 48))
  }

  @Test("one grapheme that alone is too long cannot be mended")
  func endlessGrapheme() { #expect(DisplayName.mended("e" + String(repeating: "\u{301}", count: 60)) == nil) }

  @Test("a mended name is acceptable, a beginning of the trimmed name, and mended already")
  func property() {
    let pieces = [
      "a", "Z", " ", "\t", "é", "e\u{301}", "\u{301}", "\u{200D}", "ß", "李", "\u{1F600}", "\u{1F468}\u{200D}\u{1F469}",
      "\u{1F1E9}", "\u{1F1EA}\u{1F1F8}", "\u{1F3FD}", "\r\n", "นี่", "\u{FEFF}", "\u{2003}",
    ]
    var random = SeededGenerator(seed: 50)
    var mended = 0
    for _ in 0..<4_000 {
      let count = Int.random(in: 0...60, using: &random)
      let name = (0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
      guard let result = DisplayName.mended(name) else { continue }
      mended += 1
      #expect(result.unicodeScalars.count >= 2 && result.utf16.count <= 50, "\(name.debugDescription)")
      #expect(DisplayName.mended(result)?.hasPrefix(result) == true, "\(name.debugDescription)")
      #expect(DisplayName.mended(result)?.utf8.count == result.utf8.count, "\(name.debugDescription)")
      #expect(name.contains(result), "\(name.debugDescription)")
    }
    #expect(mended > 3_000)
  }
}
