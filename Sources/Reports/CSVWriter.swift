/// Writes CSV (RFC 4180): CRLF, quotes where needed, and no field that a spreadsheet would run as a formula
/// (reference: compliance-exports.md 6).
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
    needsQuotes =
      needsQuotes || text.hasPrefix(" ") || text.hasSuffix(" ")
      || text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\r" || $0 == "\n" }
    return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
