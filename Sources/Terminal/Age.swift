public import Base

/// How long ago something was, or how soon it will be, as people say it.
public enum Age {
  private static let units: [(seconds: Int64, name: String)] = [
    (86_400, "d"), (3600, "h"), (60, "min"), (1, "s"),
  ]

  /// `5 min ago`, `in 2 h`, `now`. Whole units, cut; two days are 48 hours.
  public static func of(_ moment: Timestamp, at now: Timestamp) -> String {
    let seconds = (now - moment).milliseconds / 1000
    if seconds == 0 { return "now" }
    return seconds > 0 ? "\(span(seconds)) ago" : "in \(span(-seconds))"
  }

  /// A span of whole seconds: `12 s`, `5 min`, `47 h`, `3 d`.
  public static func span(_ seconds: Int64) -> String {
    // Below two of a unit the next smaller one says more.
    let unit = units.first { seconds >= 2 * $0.seconds } ?? (1, "s")
    return "\(seconds / unit.seconds) \(unit.name)"
  }
}
