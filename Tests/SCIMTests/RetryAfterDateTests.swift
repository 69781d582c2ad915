import SCIM
import Testing

@Suite("SCIM: dates of Retry-After (RFC 9110 section 5.6.7)")
struct SCIMRetryAfterDateTests {
  static let weekdays = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"]
  static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  // MARK: The three forms

  static let forms: [(String, Int64)] = [
    ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777_000), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777_000),
    ("Sun Nov  6 08:49:37 1994", 784_111_777_000), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ("Thursday, 01-Jan-70 00:00:00 GMT", 0),
    ("Thu Jan  1 00:00:00 1970", 0), ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199_000),
    ("Thu Feb 29 23:59:59 2024", 1_709_251_199_000),
    ("Thursday, 29-Feb-24 23:59:59 GMT", 1_709_251_199_000), ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799_000),
    ("Wed, 31 Dec 1969 23:59:59 GMT", -1_000), ("Tue, 19 Jan 2038 03:14:08 GMT", 2_147_483_648_000),
    ("Sun,  6 Nov 1994 08:49:37 GMT", 784_111_777_000), ("Sunday,  6-Nov-94 08:49:37 GMT", 784_111_777_000),
    // A leap second, as the RFC's grammar has it.
    ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800_000),
  ]

  @Test("a date is read in each of the three forms", arguments: forms)
  func reads(text: String, milliseconds: Int64) { #expect(RetryAfter(text) == .date(milliseconds: milliseconds)) }

  @Test("two digits of a year mean 1970 to 2069: there is no clock here to tell the century by")
  func twoDigits() {
    for (digits, year) in [("70", 1970), ("99", 1999), ("00", 2000), ("26", 2026), ("69", 2069)] {
      #expect(RetryAfter("Monday, 15-Jun-\(digits) 12:00:00 GMT") == RetryAfter("Mon, 15 Jun \(year) 12:00:00 GMT"))
    }
  }

  // MARK: The calendar

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

  private func length(_ month: Int, _ year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month]
  }

  @Test("every day of four centuries is read, and written back")
  func calendar() {
    // Counted one by one, so that no formula is tested by itself.
    var days: Int64 = 0
    for year in 1970...2370 {
      for month in 0..<12 {
        for day in 1...length(month, year) {
          let isEdge = day == 1 || day >= 28 || year == 2024
          if isEdge { expectDay(days, year, month, day) }
          days += 1
        }
        expectNoDay(year, month, length(month, year) + 1)
        expectNoDay(year, month, 0)
      }
    }
  }

  private func expectDay(_ days: Int64, _ year: Int, _ month: Int, _ day: Int) {
    let weekday = Self.weekdays[Int(days % 7)], month = Self.months[month]
    let clock = "13:05:09"
    let date = RetryAfter.date(milliseconds: (days * 86_400 + 13 * 3600 + 5 * 60 + 9) * 1000)
    let text = "\(weekday.prefix(3)), \(two(day)) \(month) \(year) \(clock) GMT"
    #expect(RetryAfter(text) == date && date.text == text, "\(text)")
    let old = "\(weekday.prefix(3)) \(month) \(day < 10 ? " " : "")\(day) \(clock) \(year)"
    #expect(RetryAfter(old) == date, "\(old)")
    guard year < 2070 else { return }
    let older = "\(weekday), \(two(day))-\(month)-\(two(year % 100)) \(clock) GMT"
    #expect(RetryAfter(older) == date, "\(older)")
  }

  private func expectNoDay(_ year: Int, _ month: Int, _ day: Int) {
    let (day, month) = (two(day), Self.months[month])
    #expect(RetryAfter("Mon, \(day) \(month) \(year) 00:00:00 GMT") == nil, "\(day) \(month) \(year)")
    #expect(RetryAfter("Mon \(month) \(day) 00:00:00 \(year)") == nil, "\(day) \(month) \(year)")
    #expect(
      RetryAfter("Monday, \(day)-\(month)-\(two(year % 100)) 00:00:00 GMT") == nil || year >= 2070,
      "\(day) \(month) \(year)")
  }

  @Test("every second of a day is read, and written back; the ends of the clock are kept")
  func clock() {
    for second in stride(from: Int64(0), to: 86_400, by: 7) {
      let date = RetryAfter.date(milliseconds: (20_000 * 86_400 + second) * 1000)
      #expect(RetryAfter(date.text) == date)
    }
    for clock in [
      "24:00:00", "23:60:00", "23:59:61", "99:99:99", "-1:00:00", "1:00:00", "01:0:00", " 1:00:00", "01:00", "01.00.00",
    ] {
      #expect(
        RetryAfter("Sun, 06 Nov 1994 \(clock) GMT") == nil && RetryAfter("Sun Nov  6 \(clock) 1994") == nil, "\(clock)")
    }
  }

  @Test("milliseconds are cut, and what is before 1970 is written as its beginning")
  func written() {
    #expect(RetryAfter.date(milliseconds: 784_111_777_999).text == "Sun, 06 Nov 1994 08:49:37 GMT")
    for milliseconds in [Int64.min, -1, 0, 999] {
      #expect(RetryAfter.date(milliseconds: milliseconds).text == "Thu, 01 Jan 1970 00:00:00 GMT")
    }
  }

  // MARK: Nonsense

  static let nonsense = [
    "Sun, 06 Xxx 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 NOV 1994 08:49:37 GMT",
    "Sun, 6 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 gmt",
    "Sun, 06 Nov 1994 08:49:37 +0000",
    "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT ", " Sun, 06 Nov 1994 08:49:37 GMT",
    "06 Nov 1994 08:49:37 GMT",
    "Xyz, 06 Nov 1994 08:49:37 GMT", "sun, 06 Nov 1994 08:49:37 GMT", "Sun. 06 Nov 1994 08:49:37 GMT",
    "Sun, 06xNov 1994 08:49:37 GMT",
    "Sun, 06 Nov-1994 08:49:37 GMT", "Sun, 06 Nov 1994T08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37ZGMT",
    "Sun, 06-Nov-1994 08:49:37 GMT",
    "Sunday, 06 Nov 1994 08:49:37 GMT", "Sun, 06-Nov-94 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT",
    "Sunday, 06-Nov-94 08:49:37",
    "Sunday, 06 Nov 94 08:49:37 GMT", "Someday, 06-Nov-94 08:49:37 GMT", "Sunday Nov  6 08:49:37 1994",
    "Sun Nov 6 08:49:37 1994",
    "Sun Nov  6 08:49:37 1994 GMT", "Sun Nov  6 08:49:37 94", "Sun, Nov  6 08:49:37 1994", "Sun Nov _6 08:49:37 1994",
    "Sun Nov 6  08:49:37 1994",
    "Sun Nov    08:49:37 1994", "Sun, 06 Nov 199x 08:49:37 GMT", "Sun, 06 Nov -994 08:49:37 GMT",
    "Sun, 0６ Nov 94 08:49:37 GMT", "1994-11-06T08:49:37Z",
    "Sun, 06 Nov 1994 08:49:37 GMT, 120", "784111777.0", "never", ",", "GMT", "Sun", "Sunday,",
  ]

  @Test("what has another form is no date", arguments: nonsense)
  func refuses(text: String) { #expect(RetryAfter(text) == nil) }

  @Test("every cut of a date is none, from either end", arguments: Array(forms.prefix(3)))
  func cuts(text: String, milliseconds: Int64) {
    for part in prefixes(text) { #expect(RetryAfter(part) == nil, "\(part)") }
    for start in 1...text.utf8.count {
      // The year that ends one of the forms is a number of seconds when it stands alone.
      if case .date? = RetryAfter(String(text.dropFirst(start))) { Issue.record("from \(start)") }
    }
  }

  @Test("every character of a date replaced: refused, or another date that survives", arguments: Array(forms.prefix(3)))
  func replacements(text: String, milliseconds: Int64) {
    for place in 0..<text.utf8.count {
      for code in UInt8.min...0x7F {
        var bytes = Array(text.utf8)
        guard bytes[place] != code else { continue }
        bytes[place] = code
        guard let date = RetryAfter(String(decoding: bytes, as: UTF8.self)) else { continue }
        // Only a digit, a month or a weekday of the same length may have become another.
        let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(code), isSpace = code == 0x20
        #expect(
          isDigit || isSpace || UnicodeScalar(code).properties.isAlphabetic, "\(String(decoding: bytes, as: UTF8.self))"
        )
        if case .date(0...) = date { #expect(RetryAfter(date.text) == date) }
      }
    }
  }
}
