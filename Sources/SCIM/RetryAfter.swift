import Base

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
      let date = CivilDate(year: year, month: Int64(month + 1), day: day), hour < 24, minute < 60, second <= 60
    else { return nil }
    self = .date(milliseconds: (((date.days * 24 + hour) * 60 + minute) * 60 + second) * 1000)
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
}

extension SCIMResponse {
  /// What the `Retry-After` header says; nil when it is absent or not understood.
  public var retryAfter: RetryAfter? { headers["retry-after"].flatMap { RetryAfter($0) } }
}
