import ArgumentParser
import Base
import Provisioning

/// A moment as an operator writes it: `2026-11-26T22:00Z`, with seconds and their thousandths if wanted; UTC.
struct Moment: ExpressibleByArgument {
  var timestamp: Timestamp

  init?(argument: String) {
    let whole =
      switch argument.utf8.count {
      case 17: "\(argument.dropLast()):00.000Z"
      case 20: "\(argument.dropLast()).000Z"
      default: argument
      }
    guard argument.hasSuffix("Z"), let timestamp = Timestamp(whole) else { return nil }
    self.timestamp = timestamp
  }
}

/// A span as an operator writes it: `90s`, `30m`, `2h`, `1d`.
struct TimeSpan: ExpressibleByArgument {
  var duration: Duration

  init?(argument: String) {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = argument.last.flatMap({ units[$0] }), let count = Int64(argument.dropLast()),
      (1...1_000_000).contains(count)
    else { return nil }
    duration = .seconds(count * unit)
  }
}
