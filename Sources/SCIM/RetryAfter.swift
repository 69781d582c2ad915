/// When to come back, as an answer says it (RFC 9110 section 10.2.3).
public enum RetryAfter: Equatable, Sendable {
  /// After this many seconds.
  case seconds(Int64)
  /// At this moment, in milliseconds since 1970-01-01T00:00:00Z.
  case date(milliseconds: Int64)

  /// Reads the header's value: whole seconds, or a date in the one form that may be sent (`Sun, 06 Nov 1994 08:49:37
  /// GMT`). Nil for anything else, also for more than ten digits.
  public init?(_ text: String) {
    let text = Array(text.utf8)
    if !text.isEmpty, text.count <= 10, let seconds = Self.number(text[...]) {
      self = .seconds(seconds)
      return
    }
    guard text.count == 29, text[4] == 0x20, text[3] == UInt8(ascii: ","), text[19] == UInt8(ascii: ":"),
      text[22] == UInt8(ascii: ":"), String(decoding: text[26...], as: UTF8.self) == "GMT",
      let month = Self.months.firstIndex(of: String(decoding: text[8..<11], as: UTF8.self)),
      let day = Self.number(text[5..<7]), let year = Self.number(text[12..<16]), let hour = Self.number(text[17..<19]),
      let minute = Self.number(text[20..<22]), let second = Self.number(text[23..<25]),
      (1...31).contains(day), hour < 24, minute < 60, second <= 60
    else { return nil }
    let days = Self.days(year: year, month: Int64(month + 1), day: day)
    self = .date(milliseconds: (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000)
  }

  /// The header's value; milliseconds of a date are cut, since the form has none.
  public var text: String {
    switch self {
    case .seconds(let seconds): return String(seconds)
    case .date(let milliseconds):
      let seconds = max(0, milliseconds / 1000)
      let (days, ofDay) = seconds.quotientAndRemainder(dividingBy: 86_400)
      let (year, month, day) = Self.civil(days)
      let clock = [ofDay / 3600, ofDay / 60 % 60, ofDay % 60].map(Self.twoDigits).joined(separator: ":")
      return
        "\(Self.weekdays[Int(days % 7)]), \(Self.twoDigits(day)) \(Self.months[Int(month - 1)]) \(year) \(clock) GMT"
    }
  }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  /// 1970 began on a Thursday.
  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]

  private static func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int64(digit - UInt8(ascii: "0"))
    }
    return value
  }

  /// Days from 1970-01-01 to a date of the Gregorian calendar; years are counted from March, so that a leap day ends one.
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let marchYear = month > 2 ? year : year - 1
    let sinceMarch = (month + 9) % 12
    return marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400 + (153 * sinceMarch + 2) / 5 + day
      - 719_469
  }

  private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    var year = 1970 + days / 366
    while Self.days(year: year + 1, month: 1, day: 1) <= days { year += 1 }
    var month: Int64 = 1
    while month < 12, Self.days(year: year, month: month + 1, day: 1) <= days { month += 1 }
    return (year, month, days - Self.days(year: year, month: month, day: 1) + 1)
  }
}

extension SCIMResponse {
  /// What the `Retry-After` header says; nil when it is absent or not understood.
  public var retryAfter: RetryAfter? { headers["retry-after"].flatMap { RetryAfter($0) } }
}
