public import Base
public import Foundation

/// A moment as a person writes it: `2026-11-28`, `2026-11-28 06:33`, `2026-11-28T06:33:10+02:00`, `yesterday`, `today 14:00`,
/// `now`, `2 hours ago`, `last week`, `in 30 min`.
public struct WrittenMoment: Equatable, Sendable {
  private enum Day: Equatable { case date(String), offset(Int) }
  private enum Form: Equatable {
    case after(Duration)
    /// A time of a day, `06:33:00.000`; `offset` is the seconds ahead of UTC, nil for those of the zone.
    case civil(Day, time: String, offset: Int64?)
  }

  private let form: Form

  /// Reads it; nil when it has none of the forms.
  public init?(_ text: String) {
    let text = text.trimmingCharacters(in: .whitespaces).lowercased()
    guard let form = Self.span(text) ?? Self.civil(text) else { return nil }
    self.form = form
  }

  /// The moment that is meant in a zone, seen from `now`; nil for one that no calendar has. A day alone is its beginning.
  public func resolved(in zone: TimeZone, now: Timestamp) -> Timestamp? {
    switch form {
    case .after(let span): return now + span
    case .civil(let day, let time, let offset):
      let date =
        switch day {
        case .date(let date): date
        case .offset(let days): Self.date(now + .seconds(zone.offset(at: now) + days * 86_400))
        }
      guard let local = Timestamp("\(date)T\(time)Z") else { return nil }
      return offset.map { local + .seconds(-$0) } ?? Self.instant(local, in: zone)
    }
  }

  /// The forms, for a message.
  public static let forms = "2026-11-28, '2026-11-28 06:33', 2026-11-28T06:33+02:00, yesterday, '2 hours ago'"

  private static func date(_ moment: Timestamp) -> String { String(moment.description.prefix(10)) }

  /// Local time read as if it were UTC, as an instant: of two that a clock shows, when it is put back, the first; of none, when it
  /// is put forward, the moment of that.
  private static func instant(_ local: Timestamp, in zone: TimeZone) -> Timestamp {
    // A zone changes its offset once within two days at most.
    let offsets = [-86_400, 86_400].map { zone.offset(at: local + .seconds($0)) }
    let readings = offsets.map { local + .seconds(-$0) }.sorted()
    let shown = readings.first { $0 + .seconds(zone.offset(at: $0)) == local }
    return shown ?? change(after: readings[0], by: readings[1], in: zone)
  }

  /// The second at which a zone's offset becomes another.
  private static func change(after: Timestamp, by: Timestamp, in zone: TimeZone) -> Timestamp {
    let before = zone.offset(at: after)
    var (old, new) = (after.milliseconds / 1000, by.milliseconds / 1000)
    while new - old > 1 {
      let middle = (old + new) / 2
      if zone.offset(at: Timestamp(milliseconds: middle * 1000)) == before { old = middle } else { new = middle }
    }
    return Timestamp(milliseconds: new * 1000)
  }

  // MARK: Reading

  private static func span(_ text: String) -> Form? {
    if text == "now" { return .after(.zero) }
    if let past = text.wholeMatch(of: #/([0-9]{1,6}|an?) ?([a-z]+) ago/#) {
      return seconds(past.1, past.2).map { .after(.seconds(-$0)) }
    }
    if let past = text.wholeMatch(of: #/last (hour|day|week)/#) {
      return seconds("1", past.1).map { .after(.seconds(-$0)) }
    }
    guard let future = text.wholeMatch(of: #/in ([0-9]{1,6}) ?([a-z]+)/#) else { return nil }
    return seconds(future.1, future.2).map { .after(.seconds($0)) }
  }

  private static func seconds(_ count: Substring, _ unit: Substring) -> Int64? {
    let units: [Set<Substring>: Int64] = [
      ["s", "sec", "second", "seconds"]: 1, ["m", "min", "minute", "minutes"]: 60, ["h", "hour", "hours"]: 3600,
      ["d", "day", "days"]: 86_400, ["w", "week", "weeks"]: 604_800,
    ]
    guard let count = count.hasPrefix("a") ? 1 : Int64(count),
      let length = units.first(where: { $0.key.contains(unit) })?.value
    else {
      return nil
    }
    return count * length
  }

  private static func civil(_ text: String) -> Form? {
    let pattern =
      #/(?<day>\d{4}-\d{2}-\d{2}|today|yesterday|tomorrow)(?:[t ](?<time>\d{2}:\d{2})(?<seconds>:\d{2})?(?<part>\.\d{1,9})?(?: ?(?<offset>z|utc|[+-]\d{2}(?::?\d{2})?))?)?/#
    guard let found = text.wholeMatch(of: pattern) else { return nil }
    let part = (found.part ?? ".0") + "000"
    let time = "\(found.time ?? "00:00")\(found.seconds ?? ":00")\(part.prefix(4))"
    guard let offset = found.offset else { return .civil(day(found.day), time: time, offset: nil) }
    return offsetSeconds(offset).map { .civil(day(found.day), time: time, offset: $0) }
  }

  private static func day(_ word: Substring) -> Day {
    switch word {
    case "today": .offset(0)
    case "yesterday": .offset(-1)
    case "tomorrow": .offset(1)
    default: .date(String(word))
    }
  }

  /// `z`, `+02:00`, `-0530`, `+02`.
  private static func offsetSeconds(_ text: Substring) -> Int64? {
    if text == "z" || text == "utc" { return 0 }
    let digits = text.filter(\.isNumber)
    guard let hours = Int64(digits.prefix(2)), let minutes = Int64(digits.count > 2 ? digits.suffix(2) : "0"),
      hours < 15, minutes < 60
    else {
      return nil
    }
    return (hours * 60 + minutes) * 60 * (text.first == "-" ? -1 : 1)
  }
}
