import Expressions
import JSON
import Testing

@Suite("Patterns as .NET has them") struct DotNetPatternTests {
  @Test(
    "Forms that ICU spells otherwise",
    arguments: [
      ("(?'n'x)\\k'n'", "xx", true), ("(?<n>x)\\k<n>", "xx", true), ("^a{,3}$", "a{,3}", true),
      ("^a{,3}$", "aa", false), ("^{x}$", "{x}", true), ("^a{2,}$", "aaa", true), ("^\\p{L}{2}$", "éa", true),
      ("(?<=a)b", "ab", true), ("^[a-z-[aeiou]]+$", "xyz", true), ("^[a-z-[aeiou]]+$", "abc", false),
      ("(?i)ABC", "xabcx", true), ("abc", "ABC", false), ("^[]x]$", "]", true), ("^[[]$", "[", true),
      ("\\p{Lu}", "é", false), ("\\w+$", "abc\n", true), ("([1-9][0-9])", "a42", true),
      ("^[a&&b]$", "&", true), ("^[a&&b]$", "b", true), ("^[+--]$", ",", true), ("^[{}|~ #$-]+$", "-#", true),
      ("^[\\b]$", "\u{8}", true), ("^a.b$", "a\rb", true), ("^a.b$", "a\u{2028}b", true), ("^a.b$", "a\nb", false),
      ("^a$", "a\r", false), ("^a\\Z", "a\r\n", false), ("^a\\Z", "a\n", true), ("^\\v$", "\n", false),
      ("^\\p{IsBasicLatin}+$", "abc", true), ("^\\p{IsBasicLatin}+$", "ж", false), ("^\\p{IsCyrillic}$", "ж", true),
      ("^(?<a_1>x)\\k<a_1>$", "xx", true), ("^(?<n>x)(y)\\1$", "xyy", true), ("^(?<n>x)(y)\\2$", "xyx", true),
      ("^(?n)(x)(?<n>y)\\1$", "xyy", true),
      ("^(?x) a b [ ] # (a\n $", "ab ", true),
      ("^(?x: a b) c$", "ab c", true), ("^((?i)a)b$", "Ab", true), ("^((?i)a)b$", "AB", false),
      ("^(?#(a)b$", "b", true),
      ("^(?i-s:a)$", "A", true), ("^(?<é>x)$", "x", true), ("]", "]", true),
    ]) func forms(_ pattern: String, _ text: String, _ isFound: Bool) throws
  {
    #expect(try DotNetPattern(pattern).isFound(in: text) == isFound)
  }

  @Test(
    "What ICU does not have is refused by name",
    arguments: [
      ("(?<a>x)(?<a>y)", "two groups"), ("\\1", "does not have"), ("\\k<b>", "does not have"), ("\\Qa\\E", "\\Q"),
      ("a++", "behind another"), ("a*{2}", "behind another"), ("(?<a", "does not close"), ("[\\h]", "\\h"),
      ("(?(a)b|c)", "conditional"), ("(?<a-b>x)", "balancing"), ("(?<1a>x)", "needs a name"), ("(", "no pattern"),
      (String(repeating: "a", count: 1001), "1000 characters"), ("*", "no pattern"), ("[a", "no pattern"),
    ])
  func refused(_ pattern: String, _ word: String) {
    let flaw = #expect(throws: PatternFlaw.self) { try DotNetPattern(pattern) }
    #expect(flaw?.sentence.contains(word) == true, "\(flaw?.sentence ?? "")")
  }

  @Test("Whole-value matching") func whole() throws {
    #expect(try DotNetPattern("[1-9][0-9]", matchesWhole: true).isFound(in: "42"))
    #expect(try !DotNetPattern("[1-9][0-9]", matchesWhole: true).isFound(in: "142"))
    #expect(try DotNetPattern("DE|DEU", matchesWhole: true).isFound(in: "DEU"))
    #expect(try DotNetPattern("a*?", matchesWhole: true).isFound(in: "aaa"))
    #expect(try DotNetPattern("(?x) D E # a comment", matchesWhole: true).isFound(in: "DE"))
  }

  /// Each would take longer than anybody waits; the bound counts the engine's steps, not time.
  @Test(
    "Patterns that explode end with an error of their own",
    arguments: ["^(a+)+$", "^(a|aa)+$", "^(a|a)*$", "(.*)*x", "(a*)*b", "^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y"])
  func bounded(_ pattern: String) throws {
    let text = String(repeating: pattern.contains("x+") ? "x" : "a", count: 5_000) + "!"
    let flaw = #expect(throws: PatternFlaw.self) { try DotNetPattern(pattern).isFound(in: text) }
    #expect(flaw?.sentence.contains("too long") == true)
  }

  @Test("In an expression the error names the function") func inExpression() {
    let text = String(repeating: "a", count: 100) + "!"
    #expect(failure(#"Replace([a], , "^(a+)+$", , "x")"#, ["a": .string(text)])?.sentence.contains("`Replace`") == true)
  }

  @Test("A pattern out of an attribute is bounded, too") func fromAttribute() {
    let text: JSONValue = .string(String(repeating: "a", count: 100) + "!")
    #expect(
      failure(#"Replace([a], , [p], , "x")"#, ["a": text, "p": "^(a+)+$"])?.sentence.contains("too long") == true)
    #expect(failure(#"Replace([a], , [p], , "x")"#, ["a": text, "p": "("])?.sentence.contains("no pattern") == true)
  }

  @Test(
    "Groups with names are counted behind the others, and what is around a match can be put in its place",
    arguments: [
      ("(?<a>x)(y)", "$1$2", "1yx2"), ("(?<a>x)(y)", "${a}-${b}", "1x-${b}2"), ("(x)(y)", "$+", "1y2"),
      ("(?<a>x)(z)?y", "[$+]", "1[x]2"), ("xy", "$`", "112"), ("xy", "$'", "122"), ("xy", "$_", "11xy22"),
      ("xy", "$$&$&", "1$&xy2"), ("xy", "$9", "1$92"),
    ])
  func replaced(_ pattern: String, _ template: String, _ expected: String) throws {
    let texts: JSONValue = ["s": "1xy2", "p": .string(pattern), "r": .string(template)]
    #expect(try value("Replace([s], , [p], , [r])", texts) == .string(expected))
  }
}
