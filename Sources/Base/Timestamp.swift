import Glibc

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
    let date = CivilDate(days: days)
    var text: [UInt8] = []
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
    var text = text
    guard let moment = text.withUTF8({ Timestamp(utf8: $0) }) else { return nil }
    self = moment
  }

  /// Reads the bytes of the form that `description` writes, and nothing else.
  public init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count == 24 else { return nil }
    let wellFormed =
      bytes[4] == UInt8(ascii: "-") && bytes[7] == UInt8(ascii: "-") && bytes[10] == UInt8(ascii: "T")
      && bytes[13] == UInt8(ascii: ":") && bytes[16] == UInt8(ascii: ":") && bytes[19] == UInt8(ascii: ".")
      && bytes[23] == UInt8(ascii: "Z")
    guard wellFormed else { return nil }
    func number(_ range: Range<Int>) -> Int64? {
      var value: Int64 = 0
      for index in range {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) else { return nil }
        value = value * 10 + Int64(bytes[index] - UInt8(ascii: "0"))
      }
      return value
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      let thousandth = number(20..<23), hour < 24, minute < 60, second < 60
    else { return nil }
    guard let date = CivilDate(year: year, month: month, day: day) else { return nil }
    self.init(milliseconds: date.days * 86_400_000 + (hour * 60 + minute) * 60_000 + second * 1000 + thousandth)
  }
}

extension Int64 {
  /// Division that rounds down, so that the remainder is never negative.
  public func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

/// The one place that reads the machine's clock.
public enum SystemClock {
  /// Now, to the millisecond, UTC.
  @Sendable public static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
