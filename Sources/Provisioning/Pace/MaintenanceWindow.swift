public import Base

/// A planned time in which no call leaves.
public enum MaintenanceWindow: Equatable, Sendable {
  /// Every week, on the days on which it begins; in minutes since midnight UTC. When the end is not after the beginning
  /// it lies on the next day.
  case weekly(days: Set<Weekday>, from: Int, to: Int)
  /// Once.
  case once(from: Timestamp, to: Timestamp)

  /// When the window that a moment lies in ends; nil when it lies in none.
  public func end(at moment: Timestamp) -> Timestamp? {
    switch self {
    case .once(let from, let to): return from <= moment && moment < to ? to : nil
    case .weekly(let days, let from, let to):
      let minutes = Int64(to > from ? to - from : to - from + 1440)
      for day in [moment.day - 1, moment.day] where days.contains(Weekday(day: day)) {
        let start = Timestamp(milliseconds: day * 86_400_000 + Int64(from) * 60_000)
        let end = start + .seconds(minutes * 60)
        if start <= moment, moment < end { return end }
      }
      return nil
    }
  }
}

extension [MaintenanceWindow] {
  /// When the maintenance that a moment lies in is over, also where several windows follow each other; nil when it lies
  /// in none.
  public func end(at moment: Timestamp) -> Timestamp? {
    var end: Timestamp?
    // Windows that cover the whole week never end: looked at a fortnight ahead, then again.
    for _ in 0..<14 {
      guard let next = compactMap({ $0.end(at: end ?? moment) }).max() else { break }
      end = next
    }
    return end
  }
}

extension [MaintenanceWindow] {
  /// True when those that come every week leave no minute of it.
  public var coversTheWeek: Bool {
    var isCovered = [Bool](repeating: false, count: 10_080)
    for case .weekly(let days, let from, let to) in self {
      for (number, day) in Weekday.allCases.enumerated() where days.contains(day) {
        let start = number * 1440 + from
        let end = start + (to > from ? to - from : to - from + 1440)
        for minute in start..<end { isCovered[minute % 10_080] = true }
      }
    }
    return isCovered.allSatisfy(\.self)
  }
}

/// A day of the week, UTC.
public enum Weekday: String, CaseIterable, Sendable {
  case monday, tuesday, wednesday, thursday, friday, saturday, sunday

  /// The weekday of a number of days since 1970-01-01, which was a Thursday.
  fileprivate init(day: Int64) {
    let place = Int((day % 7 + 10) % 7)
    self = Self.allCases[place]
  }
}

extension Timestamp {
  /// Days since 1970-01-01, UTC.
  fileprivate var day: Int64 { (milliseconds - (milliseconds % 86_400_000 + 86_400_000) % 86_400_000) / 86_400_000 }
}
