import Base

/// How long things took, in milliseconds.
struct Durations {
  private let sorted: [Int64]

  init(_ milliseconds: some Sequence<Int64>) { sorted = milliseconds.sorted() }

  /// The value that so many of a hundred do not exceed (nearest rank); nil for none.
  func percentile(_ percent: Int) -> Int64? {
    if sorted.isEmpty { return nil }
    return sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
  }

  /// Their places on a scale from a minute to a day.
  var bars: [ReportDocument.Bar] {
    let limits: [(String, Int64)] = [
      ("up to 1 minute", 60_000), ("up to 5 minutes", 300_000), ("up to 15 minutes", 900_000),
      ("up to 1 hour", 3_600_000), ("up to 4 hours", 14_400_000), ("up to 1 day", 86_400_000), ("longer", .max),
    ]
    var lower: Int64 = -1
    return limits.map { name, upper in
      defer { lower = upper }
      return ReportDocument.Bar(name: name, count: sorted.count { $0 > lower && $0 <= upper })
    }
  }

  /// A span as people read it: `1 d 2 h`, `3 min 5 s`, `840 ms`.
  static func words(_ milliseconds: Int64) -> String {
    let seconds = milliseconds / 1000
    switch seconds {
    case ..<1: return "\(milliseconds) ms"
    case ..<60: return "\(seconds) s"
    case ..<3600: return "\(seconds / 60) min \(seconds % 60) s"
    case ..<86_400: return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    default: return "\(seconds / 86_400) d \(seconds % 86_400 / 3600) h"
    }
  }
}
