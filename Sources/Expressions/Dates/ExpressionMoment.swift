public import Base

/// A moment in ticks of 100 nanoseconds since 1601-01-01T00:00:00Z, as Active Directory counts it (Windows' FILETIME).
public struct ExpressionMoment: Hashable, Comparable, Sendable {
  /// Ticks since 1601.
  public let ticks: Int64

  static let second: Int64 = 10_000_000
  static let day: Int64 = 86_400 * second
  /// 1601-01-01 as days since 1970.
  private static let epoch: Int64 = -134_774
  /// The years that .NET knows.
  static let years: ClosedRange<Int64> = 1...9999

  /// A moment; nil outside the years 1 to 9999.
  public init?(ticks: Int64) {
    self.ticks = ticks
    guard Self.years.contains(date.year) else { return nil }
  }

  /// The moment of the log's clock.
  public init(_ moment: Timestamp) {
    ticks = (moment.milliseconds - Self.epoch * 86_400_000) * 10_000
  }

  /// A moment by its day and the ticks of that day; nil outside the years 1 to 9999.
  init?(_ date: CivilDate, ticksOfDay: Int64) {
    self.init(ticks: (date.days - Self.epoch) * Self.day + ticksOfDay)
  }

  /// The day.
  var date: CivilDate { CivilDate(days: ticks.flooredDivision(by: Self.day).quotient + Self.epoch) }
  /// Days since 1970.
  var days: Int64 { ticks.flooredDivision(by: Self.day).quotient + Self.epoch }
  /// The ticks since midnight.
  var ticksOfDay: Int64 { ticks.flooredDivision(by: Self.day).remainder }
  /// The day of the week, 0 for Sunday.
  var weekday: Int { Int((days + 4).flooredDivision(by: 7).remainder) }

  /// Earlier precedes later.
  public static func < (left: ExpressionMoment, right: ExpressionMoment) -> Bool { left.ticks < right.ticks }

  /// The moment that lies some ticks later; nil outside the years 1 to 9999.
  func adding(ticks more: Int64) -> ExpressionMoment? {
    let (sum, overflow) = ticks.addingReportingOverflow(more)
    return overflow ? nil : ExpressionMoment(ticks: sum)
  }

  /// The same time of day some months later; a day that the month does not have is its last one.
  func adding(months: Int64) -> ExpressionMoment? {
    let date = date
    let (months, overflow) = months.addingReportingOverflow(date.year * 12 + date.month - 1)
    guard !overflow else { return nil }
    let (year, month) = months.flooredDivision(by: 12)
    guard Self.years.contains(year) else { return nil }
    let day = stride(from: date.day, to: 0, by: -1).lazy.compactMap {
      CivilDate(year: year, month: month + 1, day: $0)
    }.first
    return day.flatMap { ExpressionMoment($0, ticksOfDay: ticksOfDay) }
  }
}

extension ExpressionMoment: CustomStringConvertible {
  /// `M/d/yyyy h:mm:ss tt`, UTC.
  public var description: String { DatePattern.standard.write(self) }
}
