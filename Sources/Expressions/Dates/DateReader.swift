import Base

/// Reads one date by a pattern, front to back.
struct DateReader {
  private var rest: Substring
  private var year: Int64 = 1
  private var month: Int64 = 1
  private var day: Int64 = 1
  private var hour: Int64 = 0
  private var isAfternoon: Bool?
  private var minute: Int64 = 0
  private var second: Int64 = 0
  private var fraction: Int64 = 0
  private var offset: Int64 = 0

  /// The moment that a text says by a pattern, UTC unless it says an offset; nil when it does not have that form. White
  /// space at both ends is passed over, as the service's default style does.
  static func read(_ text: String, by pattern: DatePattern) -> ExpressionMoment? {
    var reader = DateReader(rest: text[...].trimmingWhitespace)
    for part in pattern.parts { guard reader.take(part) else { return nil } }
    return reader.rest.isEmpty ? reader.moment : nil
  }

  private init(rest: Substring) { self.rest = rest }

  private var moment: ExpressionMoment? {
    guard let date = CivilDate(year: year, month: month, day: day), ExpressionMoment.years.contains(year) else {
      return nil
    }
    let hours = isAfternoon.map { hour % 12 + ($0 ? 12 : 0) } ?? hour
    guard hours < 24, minute < 60, second < 60 else { return nil }
    let ticks = ((hours * 60 + minute - offset) * 60 + second) * ExpressionMoment.second + fraction
    return ExpressionMoment(date, ticksOfDay: 0)?.adding(ticks: ticks)
  }

  private mutating func take(_ part: DatePattern.Part) -> Bool {
    switch part {
    case .literal(let literal): return take(literal)
    case .field(let letter, let count): return take(letter, count)
    }
  }

  private mutating func take(_ literal: String) -> Bool {
    guard rest.hasPrefix(literal) else { return false }
    rest = rest.dropFirst(literal.count)
    return true
  }

  private mutating func take(_ letter: Character, _ count: Int) -> Bool {
    switch letter {
    case "y": return number(count <= 2 ? 2 : 4, exact: count > 1) { $0.year = count <= 2 ? Self.century($1) : $1 }
    case "M" where count > 2: return name(DatePattern.months, count) { $0.month = Int64($1) + 1 }
    case "M": return number(2, exact: count == 2) { $0.month = $1 }
    case "d" where count > 2: return name(DatePattern.weekdays, count) { _, _ in }
    case "d": return number(2, exact: count == 2) { $0.day = $1 }
    case "H", "h": return number(2, exact: count > 1) { $0.hour = $1 }
    case "m": return number(2, exact: count > 1) { $0.minute = $1 }
    case "s": return number(2, exact: count > 1) { $0.second = $1 }
    case "t": return halfOfDay(count)
    case "f": return part(count, count)
    case "F": return rest.first?.isNumber != true || part(1, count)
    case "g": return name(DatePattern.eras, 1) { _, _ in }
    default: return zone(isRequired: letter == "z")
    }
  }

  /// Two digits mean 1930 to 2029, as .NET's calendar has it.
  private static func century(_ year: Int64) -> Int64 { year < 30 ? 2000 + year : 1900 + year }

  private mutating func number(_ width: Int, exact: Bool, _ set: (inout DateReader, Int64) -> Void) -> Bool {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }.prefix(width)
    guard !digits.isEmpty, !exact || digits.count == width, let value = Int64(digits) else { return false }
    rest = rest.dropFirst(digits.count)
    set(&self, value)
    return true
  }

  private mutating func name(_ names: [String], _ count: Int, _ set: (inout DateReader, Int) -> Void) -> Bool {
    for (index, name) in names.enumerated() {
      let word = count == 3 ? String(name.prefix(3)) : name
      guard rest.prefix(word.count).lowercased() == word.lowercased() else { continue }
      rest = rest.dropFirst(word.count)
      set(&self, index)
      return true
    }
    return false
  }

  private mutating func halfOfDay(_ count: Int) -> Bool {
    let word = rest.prefix(min(count, 2)).uppercased()
    guard ["A", "P", "AM", "PM"].contains(word) else { return false }
    isAfternoon = word.hasPrefix("P")
    rest = rest.dropFirst(word.count)
    return true
  }

  private mutating func part(_ least: Int, _ most: Int) -> Bool {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }.prefix(min(most, 7))
    guard digits.count >= least, let value = Int64(digits.padding(to: 7)) else { return false }
    rest = rest.dropFirst(digits.count)
    fraction = value
    return true
  }

  /// `Z`, `+2`, `+02`, `+02:00` or `+0200`.
  private mutating func zone(isRequired: Bool) -> Bool {
    guard let sign = rest.first, sign == "+" || sign == "-" else {
      if rest.first == "Z" { rest = rest.dropFirst() } else if isRequired { return false }
      return true
    }
    rest = rest.dropFirst()
    var (hours, minutes): (Int64, Int64) = (0, 0)
    guard number(2, exact: false, { _, value in hours = value }) else { return false }
    let hasColon = take(":")
    if hasColon || rest.first?.isNumber == true {
      guard number(2, exact: true, { _, value in minutes = value }) else { return false }
    }
    guard hours <= 14, minutes < 60 else { return false }
    offset = (hours * 60 + minutes) * (sign == "-" ? -1 : 1)
    return true
  }
}

extension Substring {
  /// Without white space at both ends.
  fileprivate var trimmingWhitespace: Substring {
    var part = self
    while part.first?.isWhitespace == true { part.removeFirst() }
    while part.last?.isWhitespace == true { part.removeLast() }
    return part
  }

  fileprivate func padding(to width: Int) -> String { self + String(repeating: "0", count: width - count) }
}
