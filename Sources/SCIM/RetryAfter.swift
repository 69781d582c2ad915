import Base

/// When to come back, as an answer says it (RFC 9110 section 10.2.3).
public enum RetryAfter: Equatable, Sendable {
  /// After this many seconds.
  case seconds(Int64)
  /// At this moment, in milliseconds since 1970-01-01T00:00:00Z.
  case date(milliseconds: Int64)

  /// Reads the header's value: whole seconds, or a date in one of the three forms that a recipient must take (RFC 9110
  /// section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`.
  /// Nil for anything else, also for more than ten digits and for a day that no month has.
  public init?(_ text: String) {
    let text = Array(text.utf8)
    if !text.isEmpty, text.count <= 10, let seconds = Self.number(text[...]) {
      self = .seconds(seconds)
      return
    }
    for (form, weekdays) in Self.forms {
      guard let weekday = weekdays.first(where: { text.starts(with: $0.utf8) }),
        let seconds = Self.seconds(text.dropFirst(weekday.utf8.count), form)
      else { continue }
      self = .date(milliseconds: seconds * 1000)
      return
    }
    return nil
  }

  /// The seconds since 1970 that a date says in one form, behind its weekday; nil when it has another form.
  private static func seconds(_ text: ArraySlice<UInt8>, _ form: String) -> Int64? {
    let pairs = Array(zip(form.utf8, text))
    guard form.utf8.count == text.count, pairs.allSatisfy({ "doyhis".utf8.contains($0.0) || $0.0 == $0.1 }) else {
      return nil
    }
    func field(_ letter: Character) -> ArraySlice<UInt8> { pairs.filter { $0.0 == letter.asciiValue }.map(\.1)[...] }
    // A day of one digit may have a space before it in any form, as it has in the third.
    let digits = field("d")
    guard let day = number(digits.first == 0x20 ? digits.dropFirst() : digits), let year = number(field("y")),
      let month = months.firstIndex(of: String(decoding: field("o"), as: UTF8.self)).map({ Int64($0 + 1) }),
      let hour = number(field("h")), let minute = number(field("i")), let second = number(field("s")),
      hour < 24, minute < 60, second <= 60
    else { return nil }
    // Two digits are of 1970 to 2069: there is no clock here to tell the century by.
    let fullYear = field("y").count == 4 ? year : year < 70 ? 2000 + year : 1900 + year
    guard let date = CivilDate(year: fullYear, month: month, day: day) else { return nil }
    return ((date.days * 24 + hour) * 60 + minute) * 60 + second
  }

  /// The header's value; milliseconds of a date are cut, since the form has none.
  public var text: String {
    switch self {
    case .seconds(let seconds): return String(seconds)
    case .date(let milliseconds):
      let seconds = max(0, milliseconds / 1000)
      let (days, ofDay) = seconds.quotientAndRemainder(dividingBy: 86_400)
      let date = CivilDate(days: days)
      let clock = [ofDay / 3600, ofDay / 60 % 60, ofDay % 60].map(Self.twoDigits).joined(separator: ":")
      return
        "\(Self.weekdays[Int(days % 7)]), \(Self.twoDigits(date.day)) \(Self.months[Int(date.month - 1)]) \(date.year) \(clock) GMT"
    }
  }

  /// What stands behind the weekday: a day, the letters of a month, a year, an hour, a minute and a second.
  private static let forms: [(String, weekdays: [String])] = [
    (", dd ooo yyyy hh:ii:ss GMT", weekdays), (", dd-ooo-yy hh:ii:ss GMT", longWeekdays),
    (" ooo dd hh:ii:ss yyyy", weekdays),
  ]

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  /// 1970 began on a Thursday.
  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let longWeekdays = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"]

  private static func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int64(digit - UInt8(ascii: "0"))
    }
    return value
  }
}

extension SCIMResponse {
  /// What the `Retry-After` header says; nil when it is absent or not understood.
  public var retryAfter: RetryAfter? { headers["retry-after"].flatMap { RetryAfter($0) } }
}
