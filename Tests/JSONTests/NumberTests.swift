import JSON
import Testing

@Suite("JSON: numbers (RFC 8259 section 6)")
struct JSONNumberTests {
  static let integers: [(String, Int64)] = [
    ("0", 0), ("-0", 0), ("1", 1), ("-1", -1), ("10", 10), ("-907", -907), ("4294967296", 4_294_967_296),
    ("9007199254740993", 9_007_199_254_740_993), ("9223372036854775807", .max), ("-9223372036854775808", .min),
  ]

  @Test("a whole number of 64 bits is exact", arguments: integers)
  func integer(text: String, value: Int64) {
    expectRead(text, .integer(value))
    expectRead("[\(text),\(text)]", [.integer(value), .integer(value)])
  }

  static let decimals = [
    "9223372036854775808", "-9223372036854775809", "100000000000000000000000000000000000001", "0.0", "-0.0", "1.0",
    "1.50", "0.1", "1e0", "1E0", "1e+5", "1E-5", "0e0", "0E99999", "-1.25e-300", "1e400", "1e-400", "0.000", "10e01",
  ]

  @Test("any other number keeps its text, to the last digit", arguments: decimals)
  func decimal(text: String) {
    expectRead(text, .decimal(text))
    #expect(JSONValue.decimal(text).text == text)
  }

  static let refused: [(String, JSONError.Reason, Int)] = [
    ("-", .truncated, 1), ("1.", .truncated, 2), ("1e", .truncated, 2), ("1E+", .truncated, 3),
    ("1.5e-", .truncated, 5),
    ("[-]", .unexpected("a value"), 2), ("[1.]", .unexpected("a value"), 3), ("[1.e1]", .unexpected("a value"), 3),
    ("[1e]", .unexpected("a value"), 3), ("[1e+]", .unexpected("a value"), 4),
    ("[1e1.5]", .unexpected("a comma or the end of the array"), 4),
    ("--1", .unexpected("a value"), 1), ("-+1", .unexpected("a value"), 1), ("- 1", .unexpected("a value"), 1),
    ("+1", .unexpected("a value"), 0), (".5", .unexpected("a value"), 0), ("-.5", .unexpected("a value"), 1),
    ("1..5", .unexpected("a value"), 2), ("1e--5", .unexpected("a value"), 3), ("-a", .unexpected("a value"), 1),
    ("01", .unexpected("a number without leading zeros"), 0), ("00", .unexpected("a number without leading zeros"), 0),
    ("-01", .unexpected("a number without leading zeros"), 0),
    ("[ 007]", .unexpected("a number without leading zeros"), 2),
    ("00.5", .unexpected("a number without leading zeros"), 0), ("0x10", .trailing, 1), ("1_000", .trailing, 1),
    ("1,5", .trailing, 1), ("1-", .trailing, 1), ("1+1", .trailing, 1), ("1.5.5", .trailing, 3), ("1f", .trailing, 1),
    ("-Infinity", .unexpected("a value"), 1), ("٣", .unexpected("a value"), 0), ("1٣", .trailing, 1),
  ]

  @Test("what is no number is refused where it goes wrong", arguments: refused)
  func refuses(text: String, reason: JSONError.Reason, offset: Int) { expectRefused(text, reason, at: offset) }

  @Test("of all short texts of signs and digits, the grammar's numbers are read and no others")
  func everyShortText() {
    var texts = [""]
    for _ in 0..<5 {
      texts = texts.flatMap { text in ["0", "1", "-", "+", ".", "e"].map { text + $0 } }
      for text in texts {
        let isRead = (try? JSONParser.parse(text.utf8)) != nil
        #expect(isRead == Self.isNumber(text), "\(text)")
      }
    }
  }

  /// The grammar once more, as a machine of states.
  private static func isNumber(_ text: String) -> Bool {
    enum State { case start, minus, zero, whole, point, fraction, exponent, sign, power }
    var state = State.start
    for character in text {
      let isDigit = character == "0" || character == "1"
      switch (state, character) {
      case (.start, "-"): state = .minus
      case (.start, "0"), (.minus, "0"): state = .zero
      case (.start, "1"), (.minus, "1"): state = .whole
      case (.whole, _) where isDigit: state = .whole
      case (.zero, "."), (.whole, "."): state = .point
      case (.point, _) where isDigit, (.fraction, _) where isDigit: state = .fraction
      case (.zero, "e"), (.whole, "e"), (.fraction, "e"): state = .exponent
      case (.exponent, "+"), (.exponent, "-"): state = .sign
      case (.exponent, _) where isDigit, (.sign, _) where isDigit, (.power, _) where isDigit: state = .power
      default: return false
      }
    }
    return [.zero, .whole, .fraction, .power].contains(state)
  }
}
