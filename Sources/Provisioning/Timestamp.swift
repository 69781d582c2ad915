/// A moment in milliseconds since 1970-01-01T00:00:00Z, as the log records it.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Milliseconds since 1970, UTC.
  public var milliseconds: Int64

  /// A moment by its milliseconds since 1970.
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Earlier precedes later.
  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

  /// The moment that lies a span after another one.
  public static func + (moment: Timestamp, span: Duration) -> Timestamp {
    Timestamp(milliseconds: moment.milliseconds + span.milliseconds)
  }

  /// The span from one moment to another.
  public static func - (later: Timestamp, earlier: Timestamp) -> Duration {
    .milliseconds(later.milliseconds - earlier.milliseconds)
  }
}

extension Duration {
  /// Whole milliseconds, cut.
  public var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}

extension Timestamp: CustomStringConvertible {
  /// RFC 3339, UTC, three decimals: `2026-01-02T03:04:05.678Z`.
  public var description: String {
    let (days, ofDay) = milliseconds.flooredDivision(by: 86_400_000)
    let date = civil(fromDays: days)
    var text = [UInt8]()
    text.reserveCapacity(24)
    func append(_ value: Int64, _ width: Int, _ end: Character) {
      let digits = Array(String(value).utf8)
      text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, width - digits.count)))
      text.append(contentsOf: digits)
      text.append(contentsOf: String(end).utf8)
    }
    append(date.year, 4, "-")
    append(date.month, 2, "-")
    append(date.day, 2, "T")
    append(ofDay / 3_600_000, 2, ":")
    append(ofDay / 60_000 % 60, 2, ":")
    append(ofDay / 1000 % 60, 2, ".")
    append(ofDay % 1000, 3, "Z")
    return String(decoding: text, as: UTF8.self)
  }

  /// Reads the form that `description` writes, and nothing else.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    let pattern = Array("0000-00-00T00:00:00.000Z".utf8)
    guard bytes.count == pattern.count else { return nil }
    for (byte, wanted) in zip(bytes, pattern) {
      let digit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      guard wanted == UInt8(ascii: "0") ? digit : byte == wanted else { return nil }
    }
    func number(_ range: Range<Int>) -> Int64 {
      bytes[range].reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }
    let days = daysFromCivil(year: number(0..<4), month: number(5..<7), day: number(8..<10))
    let seconds = number(11..<13) * 3600 + number(14..<16) * 60 + number(17..<19)
    self.init(milliseconds: days * 86_400_000 + seconds * 1000 + number(20..<23))
    guard description == text else { return nil }
  }
}

extension Int64 {
  fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

// The proleptic Gregorian calendar counted in 400-year eras that begin on 1 March, so that a leap day ends a year.

private func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
  let (era, ofEra) = (days + 719_468).flooredDivision(by: 146_097)
  let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
  let dayOfYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shifted = (5 * dayOfYear + 2) / 153
  let month = shifted < 10 ? shifted + 3 : shifted - 9
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
}

private func daysFromCivil(year: Int64, month: Int64, day: Int64) -> Int64 {
  let (era, yearOfEra) = (month <= 2 ? year - 1 : year).flooredDivision(by: 400)
  let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}
