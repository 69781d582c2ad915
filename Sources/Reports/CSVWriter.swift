/// Writes CSV (RFC 4180): CRLF, quotes where needed, and no field that a spreadsheet would run as a formula
/// (CWE-1236; OWASP, "CSV Injection").
public enum CSVWriter {
  private static let formulaStarts: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\t", "\r", "\n", "\0", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
  ]

  /// One line with its end.
  public static func line(_ fields: [String]) -> String {
    fields.map(field).joined(separator: ",") + "\r\n"
  }

  private static func field(_ text: String) -> String {
    var text = text
    var needsQuotes = false
    if let first = text.unicodeScalars.first, formulaStarts.contains(first) {
      text = "'" + text
      needsQuotes = true
    }
    // By scalars: to `Character` a quote and a combining mark after it are one, to a CSV parser they are not.
    let scalars = text.unicodeScalars
    needsQuotes =
      needsQuotes || scalars.first == " " || scalars.last == " "
      || scalars.contains { $0 == "," || $0 == "\"" || $0 == "\r" || $0 == "\n" }
    guard needsQuotes else { return text }
    var quoted = "\"".unicodeScalars
    for scalar in scalars {
      if scalar == "\"" { quoted.append(scalar) }
      quoted.append(scalar)
    }
    quoted.append("\"")
    return String(quoted)
  }
}
