/// A day of the proleptic Gregorian calendar.
///
/// Counted in 400-year eras that begin on 1 March, so that a leap day ends a year.
public struct CivilDate: Equatable, Sendable {
  /// The year.
  public let year: Int64
  /// The month, 1 to 12.
  public let month: Int64
  /// The day of the month, 1 to 31.
  public let day: Int64

  /// The day that lies a number of days after 1970-01-01.
  public init(days: Int64) {
    let (era, ofEra) = (days + 719_468).flooredDivision(by: 146_097)
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let dayOfYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    month = shifted < 10 ? shifted + 3 : shifted - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    day = dayOfYear - (153 * shifted + 2) / 5 + 1
  }

  /// A day by its numbers; nil when the calendar does not have it.
  public init?(year: Int64, month: Int64, day: Int64) {
    guard (1...12).contains(month), (1...31).contains(day) else { return nil }
    let date = CivilDate(days: Self.days(year, month, day))
    // A day that the calendar does not have comes back as another one.
    guard date.year == year, date.month == month, date.day == day else { return nil }
    self = date
  }

  /// How many days after 1970-01-01 it lies.
  public var days: Int64 { Self.days(year, month, day) }

  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let (era, yearOfEra) = (month <= 2 ? year - 1 : year).flooredDivision(by: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
