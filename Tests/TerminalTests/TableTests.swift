import Testing

@testable import Terminal

/// Tables fitted to a terminal.
@Suite("Tables")
struct TableTests {
  private let table = Table(
    ["PERSON", "STATUS", "WHY, AND WHAT TO DO"],
    [
      ["山田太郎@contoso.example", "parked", "the address is in use elsewhere. Ask its owner to free it."],
      ["ada@contoso.example", "delivered", "-"],
    ])

  @Test("without a width nothing is shortened, and columns are aligned, wide characters too")
  func whole() {
    let lines = table.lines()
    #expect(lines[1] == "山田太郎@contoso.example  parked     the address is in use elsewhere. Ask its owner to free it.")
    #expect(lines[2] == "ada@contoso.example       delivered  -")
  }

  @Test("no line is wider than the terminal", arguments: [10, 20, 40, 60, 80, 120, 200])
  func fitted(_ width: Int) {
    let look = Table.Look(width: width)
    #expect(table.lines(look).allSatisfy { $0.columns <= max(2, width) })
    #expect(
      Table.pairs([["last checkpoint", "none yet"], ["", "日本語"]], look).allSatisfy { $0.columns <= max(4, width) })
  }

  @Test("the widest columns give way first")
  func widest() {
    #expect(Table.fitted([10, 40, 90], to: 80) == [10, 33, 33])
    #expect(Table.fitted([10, 9, 20], to: 200) == [10, 9, 20])
    #expect(Table.fitted([10, 20, 30, 40], to: 30) == nil)
    #expect(table.lines(Table.Look(width: 60))[1].hasSuffix("…"))
  }

  @Test("where columns would be too narrow each row is a block, and nothing of it is lost")
  func blocks() {
    let lines = Table(["A", "B", "C", "D", "E"], [["one", "two words", "three", "four", "five and more words"]])
      .lines(Table.Look(width: 20))
    #expect(lines.first == "A  one" && lines.contains("E  five and more"))
  }

  @Test("colours paint whole words that say how something stands, and change no width")
  func coloured() {
    let lines = table.lines(Table.Look(width: 80, isColoured: true))
    #expect(lines[1].contains("\u{1B}[31mparked\u{1B}[0m") && lines[2].contains("\u{1B}[32mdelivered\u{1B}[0m"))
    #expect(lines.map { $0.replacing(#/\u{1B}\[[0-9]+m/#, with: "") } == table.lines(Table.Look(width: 80)))
    #expect(Tone.paintedLead("LOST: events") == "\u{1B}[31mLOST\u{1B}[0m: events")
    #expect(Tone.paintedLead("NOT KNOWN: erasures").hasPrefix("\u{1B}[31mNOT KNOWN\u{1B}[0m:"))
    #expect(Tone.paintedLead("TeamViewer had it") == "TeamViewer had it")
    #expect(Tone.paintedLead("parked deliveries") == "parked deliveries")
  }
}
