import Expressions
import JSON
import Testing

@Suite("Syntax of expressions") struct ExpressionSyntaxTests {
  @Test(
    "Errors name line and column",
    arguments: [
      ("", 1, 1, "empty"), ("Colour([a])", 1, 1, "no function"),
      ("tolower([a])", 1, 1, "did you mean `ToLower`? Names are"),
      ("ToLowr([a])", 1, 1, "did you mean `ToLower`?"), ("Jion(\" \", [a])", 1, 1, "did you mean `Join`?"),
      ("NormaliseDiacritics([a])", 1, 1, "did you mean `NormalizeDiacritics`?"),
      ("ToLower([a]", 1, 1, "no closing bracket `)`"), ("ToLower([a", 1, 9, "closing bracket `]`"),
      ("Append(\"a\", \"b)", 1, 13, "no closing quote"), ("Append(\"a\" \"b\")", 1, 12, "comma"),
      ("Append(\"a\")", 1, 1, "`suffix`"), ("Append(\"a\",\"b\",\"c\")", 1, 1, "at most 2"),
      ("[a] [b]", 1, 5, "over before this"),
      ("department", 1, 1, "[department]"), ("ToLower", 1, 1, "is a function"), ("'a'", 1, 1, "double quotes"),
      ("[a]=[b]", 1, 4, "IIF"), ("Append([a]=[b],\"c\")", 1, 11, "IIF"),
      ("IIF([a]=[b]=[c],1,2)", 1, 12, "one comparison"), ("Switch([a],\"x\",\"k\")", 1, 1, "pairs"),
      ("Append(\"a\\d\",\"b\")", 1, 10, "backslash"), ("Replace([a], ,\"(\", ,\"x\")", 1, 1, "no pattern"),
      ("Replace([a], ,\"(?(x)y|z)\", ,\"x\")", 1, 1, "conditional"), ("[]", 1, 1, "no attribute"),
      ("Append(ToLower([a]),\n  SelectUniqueValue([a],[b]))", 2, 3, "around the whole"),
      ("BitAnd(&HZZ, 1)", 1, 8, "&HF7"),
      ("Coalesce([a],\n         §)", 2, 10, "no meaning"), (")", 1, 1, "missing"), ("(1)", 1, 1, "behind the name"),
      ("Left([a], 1.2.3)", 1, 11, "no number"), ("Append([a],", 1, 12, "ends where"),
    ]) func places(_ text: String, _ line: Int, _ column: Int, _ word: String)
  {
    let error = failure(text)
    #expect(error?.place == ExpressionPlace(line: line, column: column))
    #expect(error?.sentence.contains(word) == true, "\(error?.sentence ?? "no error")")
  }

  @Test(
    "What pages and exported schemas hold is read",
    arguments: [
      ("Append (\"a\", \"b\")", "ab"), ("  ToUpper(  \"a\"  )  ", "A"), ("\"a \\\"b\\\" \\\\ c\"", "a \"b\" \\ c"),
      ("Mid(\"abcdef\", \"2\", \"3\")", "bcd"), ("Append(\n\"a\",\n\"b\"\n)", "ab"), ("\"\"", ""), ("12", "12"),
      ("Replace(\"x\", \"x\", , , \"y\", , )", "y"), ("Left(\"abc\", -1)", "abc"),
    ]) func read(_ text: String, _ expected: String) throws
  { #expect(try value(text) == .string(expected)) }

  @Test("The place of an error of evaluation is that of its function") func evaluation() {
    let error = failure("Append(\"a\",\n  CDate(\"x\"))")
    #expect(error?.place == ExpressionPlace(line: 2, column: 3))
  }

  @Test(
    "What no attribute could mend is told when the expression is read",
    arguments: [
      "Item([a], 0)", "Mid([a], 0, 1)", "Mid([a], 1, -1)", #"InStr([a], "b", 0)"#, #"DateAdd("q", 1, [a])"#,
      #"FormatDateTime([a], , , "q")"#, #"FormatDateTime([a], , "'open", "s")"#, #"FormatDateTime([a], "s")"#,
      #"FormatDateTime([a], , "o", )"#, #"FormatDateTime([a], , , "ss.ffffffff")"#, #"FormatDateTime([a], "%%", "s")"#,
      #"ToUpper(DateDiff("day", [a], [b]))"#, "RandomString(3,2,2,2,2)", #"RandomString(9,1,0,0,0,"0123456789")"#,
    ]) func constants(_ text: String)
  {
    let error = #expect(throws: ExpressionError.self) { try MappingExpression(text) }
    #expect(error?.kind == .arguments, "\(error?.sentence ?? "no error")")
  }

  @Test("10,000 characters are read, one more is refused") func length() {
    let fits = "\"" + String(repeating: "a", count: MappingExpression.lengthLimit - 2) + "\""
    #expect(failure(fits) == nil)
    #expect(failure(fits + " ")?.sentence.contains("10000 are allowed") == true)
  }

  @Test("Nesting is bounded") func depth() {
    func nested(_ depth: Int) -> String {
      String(repeating: "Trim(", count: depth) + "\"a\"" + String(repeating: ")", count: depth)
    }
    #expect(failure(nested(64)) == nil)
    #expect(failure(nested(65))?.sentence.contains("nested deeper") == true)
  }

  @Test("Attributes and functions are listed with their places") func listed() throws {
    let expression = try MappingExpression("Join(\" \", [givenName],\n  ToUpper([surname]))")
    #expect(expression.attributes.keys.sorted() == ["givenName", "surname"])
    #expect(expression.attributes["surname"] == ExpressionPlace(line: 2, column: 11))
    #expect(expression.functions.keys.sorted() == ["Join", "ToUpper"])
  }

  @Test("Steps tell each call and its value, innermost first") func steps() throws {
    let steps = try outcome("ToUpper(Append([a], \"b\"))", ["a": "x"]).steps
    #expect(steps.map(\.call) == ["Append([a], \"b\")", "ToUpper(Append([a], \"b\"))"])
    #expect(steps.map(\.value) == [.text("xb"), .text("XB")])
  }

  @Test("What Redact touches is marked") func redact() throws {
    #expect(try outcome("Redact([a])", ["a": "x"]).isRedacted)
    #expect(try !outcome("ToUpper([a])", ["a": "x"]).isRedacted)
  }
}
