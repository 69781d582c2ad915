import Expressions
import JSON
import Testing

/// .NET counts units: a mark behind a letter, and a line feed behind a carriage return, are characters of their own.
@Suite("Letters with marks, and line ends of two characters") struct ScalarTests {
  private static let name = "Jose\u{301} Garci\u{301}a Lo\u{301}pez"
  private static let emoji = "a👩‍👩‍👧🇩🇪b"

  @Test(
    "Patterns take no neighbour with them",
    arguments: [
      ("[^ -~]", "", name, "Jose Garcia Lopez"), ("\\n", ", ", "Line1\r\nLine2", "Line1\r, Line2"),
      ("\\r", "", "Line1\r\nLine2", "Line1\nLine2"), ("^(?<f>.).*$", "${f}", "E\u{301}mile", "E"),
      ("\\p{IsCombiningDiacriticalMarks}", "", name, "Jose Garcia Lopez"), ("a(?<x>.*)b", "$1", emoji, "👩‍👩‍👧🇩🇪"),
      ("e", "$`|$'", "ae\u{301}b", "aa|\u{301}b\u{301}b"),
      ("(e)", "$1\u{302}", "e\u{301}", "e\u{302}\u{301}"), ("\u{200D}", "-", "👩‍👧", "👩-👧"),
    ])
  func patterns(_ pattern: String, _ template: String, _ text: String, _ expected: String) throws {
    let texts: JSONValue = ["s": .string(text), "p": .string(pattern), "r": .string(template)]
    #expect(try scalars("Replace([s], , [p], , [r])", texts) == Array(expected.unicodeScalars))
  }

  @Test(
    "Texts are parted and replaced by the same",
    arguments: [
      ("Word([s], 2, \"\n\")", "a\r\nb", "b"), ("Word([s], 1, \"\r\")", "a\r\nb", "a"),
      ("Join(\"|\", Split([s], \"\n\"))", "a\r\nb", "a|b"), ("StripSpaces([s])", "a \u{301}b", "a\u{301}b"),
      ("Join(\"|\", Split([s], \",\"))", "a,\u{301}b", "a|\u{301}b"),
      ("Replace([s], \"\u{301}\", , , \"\", , )", "Jose\u{301}", "Jose"),
      ("Replace([s], \"e\", , , \"i\", , )", "Jose\u{301}", "Josi\u{301}"),
      ("Append(\"a\", \"\u{301}b\")", "", "a\u{301}b"), ("PCase([s])", "e\u{301}MILE\r\nzola", "E\u{301}mile\r\nZola"),
      ("Mid([s], 2, 9223372036854775807)", "äbc", "bc"), ("Mid([s], 9223372036854775807, 2)", "äbc", ""),
      ("Left([s], 9223372036854775807)", "äbc", "äbc"), ("ToUpper([s], \"de-DE\")", "straße", "STRAßE"),
      ("ToLower([s], \"el-GR\")", "ΑΣ", "ασ"), ("ToUpper([s], \"az\")", "ilıq", "İLIQ"),
    ])
  func texts(_ expression: String, _ text: String, _ expected: String) throws {
    #expect(try scalars(expression, ["s": .string(text)]) == Array(expected.unicodeScalars))
  }

  @Test("What was written is written again") func written() throws {
    let text = "Append(\"\\\"\u{301}\\\\\u{301}\", \"x\")"
    #expect(try outcome(text).steps.map { Array($0.call.unicodeScalars) } == [Array(text.unicodeScalars)])
  }

  @Test("A mistake behind a line end of two characters stands in the next line") func place() {
    #expect(failure("Append(\"a\",\r\n  ?)")?.place == ExpressionPlace(line: 2, column: 3))
  }

  @Test("A class that is negated and subtracted from", arguments: [("a", false), ("1", false), ("2", true)])
  func subtracted(_ text: String, _ isFound: Bool) throws {
    #expect(try DotNetPattern("[^a-z-[1]]").isFound(in: text) == isFound)
  }

  @Test("Numbers as conditions", arguments: [("0.5", "1"), ("0.0", "0"), ("99999999999999999999", "1"), ("nan", "0")])
  func conditions(_ number: String, _ expected: String) throws {
    #expect(try value("IIF(CBool([n]), \"1\", \"0\")", ["n": .string(number)]) == .string(expected))
  }

  private func scalars(_ expression: String, _ attributes: JSONValue) throws -> [Unicode.Scalar] {
    Array((try value(expression, attributes)?.string ?? "").unicodeScalars)
  }
}
