import Testing

@testable import Terminal

/// The columns that text takes, and what fits into some.
@Suite("Width of text")
struct WidthTests {
  @Test(
    "wide characters take two columns, marks none, emoji two (UAX #11)",
    arguments: [
      ("", 0), ("abc", 3), ("日本語", 6), ("한국", 4), ("ﾊﾝｶｸ", 4), ("ＡＢ", 4), ("é", 1), ("e\u{301}", 1),
      ("a\u{200D}b", 2), ("👍", 2), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("☺\u{FE0F}", 2), ("☺", 1), ("ﷺ", 1), ("\u{1100}\u{1161}", 2),
      ("กำ", 2), ("Ω", 1), ("…", 1), ("\u{20000}", 2),
    ])
  func columns(_ text: String, _ columns: Int) { #expect(text.columns == columns) }

  @Test("a text is shortened at a grapheme, and is never wider than asked for")
  func shortened() {
    #expect("abcdef".shortened(to: 6) == "abcdef")
    #expect("abcdef".shortened(to: 4) == "abc…")
    #expect("日本語".shortened(to: 4) == "日…")
    #expect("e\u{301}e\u{301}e\u{301}".shortened(to: 2) == "e\u{301}…")
    #expect("👩‍👩‍👧x".shortened(to: 2) == "…")
    #expect("abc".shortened(to: 0) == "")
    for width in 0...12 { #expect("naïve 日本語 👍 text".shortened(to: width).columns <= width) }
  }

  @Test("a text is wrapped between words; a word that fits nowhere is cut; nothing is lost")
  func wrapped() {
    #expect("one two three".wrapped(to: 8) == ["one two", "three"])
    #expect("  one two three".wrapped(to: 9) == ["  one two", "  three"])
    #expect("one two".wrapped(to: 20, indent: 4) == ["one two"])
    #expect("aaa bbbbbbbbbb".wrapped(to: 6) == ["aaa", "bbbbbb", "bbbb"])
    #expect("日本語日本語".wrapped(to: 5) == ["日本", "語日", "本語"])
    for width in 1...30 {
      let text = "The directory shows 山田太郎 (taro@contoso.example), sign-in allowed."
      let lines = text.wrapped(to: width)
      #expect(lines.allSatisfy { $0.columns <= max(2, width) })
      #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
    }
  }
}
