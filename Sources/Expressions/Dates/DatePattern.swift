import Base

/// A custom pattern for dates, as .NET has them (Microsoft Learn, "Custom date and time format strings"), in the invariant
/// culture: English names, `/` and `:` as they stand.
struct DatePattern: Equatable, Sendable {
  /// One part of a pattern.
  enum Part: Equatable, Sendable {
    /// Characters that stand for themselves.
    case literal(String)
    /// A letter, and how often it stands there.
    case field(Character, Int)
  }

  let parts: [Part]

  /// `M/d/yyyy h:mm:ss tt`, in which dates are written unless an expression says otherwise.
  static let standard = DatePattern(parts: read(Array("M/d/yyyy h:mm:ss tt")) ?? [])

  static let fields = Set<Character>("dMyHhmsfFtzKg")

  /// What .NET calls the years since 1, in the two forms in which it reads them.
  static let eras = ["A.D.", "AD"]

  /// How many digits of a second .NET knows.
  private static let mostDigits = 7

  /// .NET's patterns of one letter.
  private static let letters: [String: String] = [
    "d": "MM/dd/yyyy", "D": "dddd, dd MMMM yyyy", "f": "dddd, dd MMMM yyyy HH:mm", "F": "dddd, dd MMMM yyyy HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm", "G": "MM/dd/yyyy HH:mm:ss", "M": "MMMM dd", "m": "MMMM dd",
    "o": "yyyy-MM-ddTHH:mm:ss.fffffffK", "O": "yyyy-MM-ddTHH:mm:ss.fffffffK", "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'", "s": "yyyy-MM-ddTHH:mm:ss", "t": "HH:mm", "T": "HH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ss'Z'", "U": "dddd, dd MMMM yyyy HH:mm:ss", "Y": "yyyy MMMM", "y": "yyyy MMMM",
  ]

  private init(parts: [Part]) { self.parts = parts }

  /// Why a text is none, without a full stop.
  static func objection(to text: String) -> String {
    "\"\(text.shortened)\" is no form of dates, such as yyyy-MM-dd, or o, s, u or r alone"
  }

  /// A pattern; nil when it is none: empty, an open quote, a backslash or a per cent at the end, an unknown letter alone, more
  /// digits of a second than there are.
  init?(_ text: String) {
    let whole = text.count == 1 ? Self.letters[text] : text
    guard let whole, !whole.isEmpty, let parts = Self.read(Array(whole)) else { return nil }
    self.parts = parts
  }

  private static func read(_ characters: [Character]) -> [Part]? {
    var parts: [Part] = []
    var index = 0
    while index < characters.count {
      let character = characters[index]
      switch character {
      case "'", "\"":
        guard let end = characters[(index + 1)...].firstIndex(of: character) else { return nil }
        parts.append(.literal(String(characters[(index + 1)..<end])))
        index = end
      case "\\":
        index += 1
        guard index < characters.count else { return nil }
        parts.append(.literal(String(characters[index])))
      case "%":
        guard index + 1 < characters.count, characters[index + 1] != "%" else { return nil }
      case _ where fields.contains(character):
        let run = characters[index...].prefix { $0 == character }.count
        if run > mostDigits, character.lowercased() == "f" { return nil }
        parts.append(.field(character, run))
        index += run - 1
      default: parts.append(.literal(String(character)))
      }
      index += 1
    }
    return parts
  }

  static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]
  static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
}

extension DatePattern {
  /// Writes a moment, UTC.
  func write(_ moment: ExpressionMoment) -> String {
    parts.reduce(into: "") { text, part in
      switch part {
      case .literal(let literal): text += literal
      case .field(let letter, let count): Self.write(letter, count, moment, to: &text)
      }
    }
  }

  private static func write(_ letter: Character, _ count: Int, _ moment: ExpressionMoment, to text: inout String) {
    let date = moment.date
    let seconds = moment.ticksOfDay / ExpressionMoment.second
    let hour = seconds / 3600
    switch letter {
    case "y": text += padded(count <= 2 ? date.year % 100 : date.year, count)
    case "M": text += count <= 2 ? padded(date.month, count) : name(months[Int(date.month) - 1], count)
    case "d": text += count <= 2 ? padded(date.day, count) : name(weekdays[moment.weekday], count)
    case "H": text += padded(hour, min(count, 2))
    case "h": text += padded((hour + 11) % 12 + 1, min(count, 2))
    case "m": text += padded(seconds / 60 % 60, min(count, 2))
    case "s": text += padded(seconds % 60, min(count, 2))
    case "t": text += String((hour < 12 ? "AM" : "PM").prefix(min(count, 2)))
    case "f": text += fraction(moment, count)
    case "F": writeShort(fraction(moment, count), to: &text)
    case "g": text += eras[0]
    case "z": text += count == 1 ? "+0" : count == 2 ? "+00" : "+00:00"
    default: text += "Z"
    }
  }

  /// Without zeros at the end, and without the point before it when nothing is left.
  private static func writeShort(_ fraction: String, to text: inout String) {
    let digits = fraction.reversed().drop { $0 == "0" }.reversed()
    if digits.isEmpty, text.hasSuffix(".") { text.removeLast() }
    text += String(digits)
  }

  private static func fraction(_ moment: ExpressionMoment, _ count: Int) -> String {
    String(padded(moment.ticksOfDay % ExpressionMoment.second, mostDigits).prefix(count))
  }

  private static func name(_ name: String, _ count: Int) -> String { count == 3 ? String(name.prefix(3)) : name }

  static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
