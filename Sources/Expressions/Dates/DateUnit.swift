import Base

/// A unit that dates are counted in, by Visual Basic's letters.
enum DateUnit: String, CaseIterable {
  case year = "yyyy"
  case month = "m"
  case day = "d"
  case week = "ww"
  case hour = "h"
  case minute = "n"
  case second = "s"

  /// Why a text is none, without a full stop.
  static func objection(to text: String) -> String {
    "\"\(text.shortened)\" is no interval; use \(allCases.map(\.rawValue).joined(separator: ", "))"
  }

  /// Its ticks, where it always has as many.
  private var ticks: Int64? {
    switch self {
    case .year, .month: nil
    case .week: 7 * ExpressionMoment.day
    case .day: ExpressionMoment.day
    case .hour: 3600 * ExpressionMoment.second
    case .minute: 60 * ExpressionMoment.second
    case .second: ExpressionMoment.second
    }
  }

  /// The moment that lies a number of units after another; nil outside the years that are known.
  func add(_ count: Int64, to moment: ExpressionMoment) -> ExpressionMoment? {
    guard let ticks else {
      let (months, overflow) = count.multipliedReportingOverflow(by: self == .year ? 12 : 1)
      return overflow ? nil : moment.adding(months: months)
    }
    let (span, overflow) = count.multipliedReportingOverflow(by: ticks)
    return overflow ? nil : moment.adding(ticks: span)
  }

  /// How many units lie between two moments: of years and months by their numbers, of weeks the Sundays that are crossed,
  /// else whole units, cut towards none.
  func count(from: ExpressionMoment, to: ExpressionMoment) -> Int64 {
    switch self {
    case .year: to.date.year - from.date.year
    case .month: (to.date.year - from.date.year) * 12 + to.date.month - from.date.month
    case .week: Self.sundays(to) - Self.sundays(from)
    default: (to.ticks - from.ticks) / (ticks ?? 1)
    }
  }

  /// How many Sundays lie between a fixed one and a moment.
  private static func sundays(_ moment: ExpressionMoment) -> Int64 { (moment.days + 4).flooredDivision(by: 7).quotient }
}
