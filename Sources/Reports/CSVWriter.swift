import Base

/// Writes CSV (RFC 4180): CRLF, quotes where needed, nothing that steers a terminal, and no field that a spreadsheet would
/// run as a formula, also where it divides at semicolons or tabs (CWE-1236; OWASP, "CSV Injection").
public enum CSVWriter {
  private static let operators: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
  ]

  /// What some spreadsheets skip before they look for one of these.
  private static let blanks: Set<Unicode.Scalar> = ["\t", "\r", "\n"]

  /// One line with its end.
  public static func line(_ fields: [String]) -> String {
    fields.map(field).joined(separator: ",") + "\r\n"
  }

  /// What begins a field, or a line, to a spreadsheet that divides at another sign than the comma.
  private static let dividers: Set<Unicode.Scalar> = [";", "\t", "\r", "\n"]

  private static func field(_ text: String) -> String {
    let clean = OutsideText.cleaned(text, keeping: ["\t", "\r", "\n"])
    let text = harmless(clean)
    // By scalars: to `Character` a quote and a combining mark after it are one, to a CSV parser they are not.
    let scalars = text.unicodeScalars
    let needsQuotes =
      text.unicodeScalars.count != clean.unicodeScalars.count || scalars.first == " " || scalars.last == " "
      || scalars.contains { $0 == "," || $0 == "\"" || dividers.contains($0) }
    guard needsQuotes else { return text }
    var quoted = "\"".unicodeScalars
    for scalar in scalars {
      if scalar == "\"" { quoted.append(scalar) }
      quoted.append(scalar)
    }
    quoted.append("\"")
    return String(quoted)
  }

  /// A `'` before each sign that would begin a formula: at the front, and behind what may divide fields elsewhere.
  private static func harmless(_ text: String) -> String {
    var harmless = String.UnicodeScalarView()
    var isFirst = true
    var mayBegin = true
    for scalar in text.unicodeScalars {
      if mayBegin && operators.contains(scalar) || isFirst && blanks.contains(scalar) { harmless.append("'") }
      harmless.append(scalar)
      isFirst = false
      mayBegin = dividers.contains(scalar)
    }
    return String(harmless)
  }
}
