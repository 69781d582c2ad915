import Base
import Expressions
import JSON
import Testing

/// ASCII goes a way of its own; one letter that is none leads to the tables of Unicode, and must not change the rest.
@Suite("Texts of ASCII alone come to the same as others") struct PlainTextTests {
  private static let alphabet = Array("aAzZ09 '-.@&_\t\n\r!~\u{1}\u{7F}")

  private static func texts(_ seed: UInt64) -> [String] {
    var chance = SeededGenerator(seed: seed)
    return (0..<200).map { _ in
      String((0..<chance.number(in: 0...12)).compactMap { _ in alphabet.randomElement(using: &chance) })
    }
  }

  private func text(_ expression: String, of text: String) throws -> String {
    try value(expression, ["x": .string(text)])?.string ?? ""
  }

  @Test("case, words, replacement", arguments: 1...5 as ClosedRange<UInt64>) func made(seed: UInt64) throws {
    for text in Self.texts(seed) {
      #expect(try self.text("ToLower([x])", of: text + "Ω") == self.text("ToLower([x])", of: text) + "ω")
      #expect(try self.text("ToUpper([x])", of: text + "ω") == self.text("ToUpper([x])", of: text) + "Ω")
      #expect(try self.text("PCase([x])", of: text + " Ω") == self.text("PCase([x])", of: text) + " Ω")
      for (old, new) in [("a", "b"), ("aA", ""), (" ", "  ")] {
        let replace = "Replace([x], \"\(old)\", , , \"\(new)\", , )"
        #expect(try self.text(replace, of: text + "Ω") == self.text(replace, of: text) + "Ω", "\(text)")
      }
    }
  }

  @Test("parts", arguments: 1...5 as ClosedRange<UInt64>) func parts(seed: UInt64) throws {
    for text in Self.texts(seed) {
      for count in 0...text.utf16.count {
        let mid = "Mid([x], \(count + 1), 3)"
        let other = try self.text(mid, of: text + "ΩΩΩ").replacing("Ω", with: "")
        #expect(try self.text(mid, of: text) == other, "\(text)")
      }
      #expect(try self.text("Left([x], 99)", of: text) == text)
      let split = "Join(\"|\", Split([x] , \"@\"), \"\")"
      let all = try [self.text(split, of: text), "Ω"].filter { !$0.isEmpty }.joined(separator: "|")
      #expect(try self.text(split, of: text + "@Ω") == all, "\(text)")
    }
  }

  @Test("white space at both ends") func trimmed() throws {
    for (text, kept) in [
      ("", ""), (" \t\r\n\u{B}\u{C}", ""), (" a b\n", "a b"), ("a", "a"), ("\u{A0}a\u{2003}", "a"), (" Ω ", "Ω"),
      ("\u{1}a\u{7F}", "\u{1}a\u{7F}"),
    ] {
      #expect(try self.text("Trim([x])", of: text) == kept, "\(text.debugDescription)")
    }
  }
}
