import Reports
import Testing

@Suite("Reports: CSV")
struct CSVTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var field: String
    var written: String
    var testDescription: String { field.debugDescription }

    init(_ field: String, _ written: String) {
      self.field = field
      self.written = written
    }
  }

  static let quoting = [
    Row("", ""), Row("plain", "plain"), Row("a b", "a b"), Row("a,b", "\"a,b\""), Row("a\"b", "\"a\"\"b\""),
    Row("a\rb", "\"a\rb\""), Row("a\nb", "\"a\nb\""), Row("a\r\nb", "\"a\r\nb\""), Row(" a", "\" a\""),
    Row("a ", "\"a \""), Row(" ", "\" \""), Row("\"", "\"\"\"\""), Row("é😀李", "é😀李"), Row("a;b'c", "\"a;b'c\""),
    // A quote or space that a combining mark follows is one with it to a reader, but not to a CSV parser.
    Row("x\"\u{301},y", "\"x\"\"\u{301},y\""), Row("x\"\u{301}", "\"x\"\"\u{301}\""), Row(" \u{301}a", "\" \u{301}a\""),
    Row(",\u{301}", "\",\u{301}\""), Row("a\u{202E}b", "a\u{FFFD}b"),
    Row("\u{1B}[31ma\u{7}\u{9B}", "\u{FFFD}[31ma\u{FFFD}\u{FFFD}"), Row("a=1", "a=1"), Row("a-b", "a-b"),
  ]

  static let formulas = [
    Row("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""), Row("+1+1", "\"'+1+1\""),
    Row("-2+3", "\"'-2+3\""), Row("@SUM(A1)", "\"'@SUM(A1)\""), Row("\t=1", "\"'\t'=1\""), Row("\r=1", "\"'\r'=1\""),
    Row("\n=1", "\"'\n'=1\""), Row("\r\n=1", "\"'\r\n'=1\""), Row("\0=1", "\u{FFFD}=1"),
    Row("a;=cmd|x;b", "\"a;'=cmd|x;b\""), Row("a\t+1", "\"a\t'+1\""),
    Row("\u{FF1D}1+1", "\"'\u{FF1D}1+1\""),
    Row("\u{FF0B}1", "\"'\u{FF0B}1\""), Row("\u{FF0D}1", "\"'\u{FF0D}1\""), Row("\u{FF20}A", "\"'\u{FF20}A\""),
    Row("=\u{338}1", "\"'=\u{338}1\""), Row("-", "\"'-\""), Row("\"a\"\",=1\"", "\"\"\"a\"\"\"\",=1\"\"\""),
  ]

  @Test("fields are quoted where RFC 4180 asks for it", arguments: quoting)
  func isQuoted(row: Row) { #expect(Array(CSVWriter.line([row.field]).utf8) == Array((row.written + "\r\n").utf8)) }

  @Test("no field begins a formula", arguments: formulas)
  func isHarmless(row: Row) { #expect(Array(CSVWriter.line([row.field]).utf8) == Array((row.written + "\r\n").utf8)) }

  @Test("a line has its fields in order and ends with CR LF")
  func line() { #expect(CSVWriter.line(["a", "", "b,c", "=d"]) == "a,,\"b,c\",\"'=d\"\r\n") }
}
