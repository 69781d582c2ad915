import Testing

@testable import Terminal

/// The bar, and the second screen.
@Suite("Bar of progress")
struct BarTests {
  @Test("the line leaves the last column free, at any width", arguments: [1, 2, 20, 40, 80, 200])
  func width(_ width: Int) {
    let bar = Bar("412 delivered, 12 pending, waits 12 s: TeamViewer asks for a pause 日本語", done: 0.5)
    #expect(bar.line(width: width).columns <= max(0, width - 1))
    #expect(Bar("no share").line(width: 80) == "no share")
  }

  @Test("a share that is no share is no crash")
  func shares() {
    for done in [-1, 2, Double.nan, .infinity] { #expect(Bar("x", done: done).plain.hasPrefix("x (")) }
    #expect(Bar("x", done: 0.5).line(width: 40) == "[####----] x")
  }

  @Test("where the terminal became narrower all lines of the bar are erased")
  func erasing() {
    #expect(Screen.erasing(40, width: 80) == "\r\u{1B}[K")
    #expect(Screen.erasing(80, width: 80) == "\r\u{1B}[K")
    #expect(Screen.erasing(79, width: 40) == "\r\u{1B}[1A\u{1B}[J")
  }

  @Test("a frame is no higher than the window, and says what is missing")
  func frame() {
    let frame = AlternateScreen.frame(["a", "b", "c", "d"], height: 3)
    #expect(frame.contains("a\u{1B}[K\r\nb\u{1B}[K\r\n… 2 more lines") && !frame.contains("c\u{1B}"))
    #expect(AlternateScreen.frame(["a"], height: 3) == "\u{1B}[Ha\u{1B}[K\u{1B}[J")
  }
}
