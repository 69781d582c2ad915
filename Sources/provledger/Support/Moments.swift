import ArgumentParser
import Base
import Foundation
import Provisioning
import Terminal

/// A moment as an operator writes it: `2026-11-26T22:00Z`, `2026-11-28 06:33`, `yesterday`, `2 hours ago`. Without an offset it is
/// in the zone of `--zone`, else of `$TZ`, else UTC.
struct Moment: ExpressibleByArgument {
  private let text: String
  private let written: WrittenMoment

  init?(argument: String) {
    guard let written = WrittenMoment(argument) else { return nil }
    (self.text, self.written) = (argument, written)
  }

  /// The moment that is meant. Unless it was written in full, standard error says what it was taken for. Throws when no
  /// calendar has it.
  func timestamp(of option: String, now: Timestamp = SystemClock.now()) throws -> Timestamp {
    let moment = try resolved(of: option, now: now)
    if !isFull(moment) { Output.notice("\(option) is \(moment)") }
    return moment
  }

  /// The moment that is meant, for whoever tells it. Throws when no calendar has it.
  func resolved(of option: String, now: Timestamp = SystemClock.now()) throws -> Timestamp {
    guard let moment = written.resolved(in: Self.zone, now: now) else {
      throw ValidationError("\(option): no calendar has \(text). Say it as in \(WrittenMoment.forms).")
    }
    return moment
  }

  /// Whether it was written as an instant in UTC, if perhaps without seconds: nothing had to be guessed.
  private func isFull(_ moment: Timestamp) -> Bool {
    text.hasSuffix("Z") && moment.description.hasPrefix(text.dropLast())
  }

  /// The name of the zone in which moments are read.
  static var zoneName: String { zone == .gmt ? "UTC" : zone.identifier }

  private static var zone: TimeZone {
    let isSet = !(ProcessInfo.processInfo.environment["TZ"] ?? "").isEmpty
    return Screen.shared.settings.zone ?? (isSet ? .current : .gmt)
  }
}

/// A span as an operator writes it: `90s`, `30m`, `2h`, `1d`.
struct TimeSpan: ExpressibleByArgument {
  var duration: Duration

  init(_ duration: Duration) { self.duration = duration }

  /// As a default is shown in help.
  var defaultValueDescription: String { words }

  /// In whole hours where it is so, else in seconds.
  var words: String {
    let seconds = duration.components.seconds
    return seconds % 3600 == 0 ? "\(seconds / 3600)h" : "\(seconds)s"
  }

  init?(argument: String) {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = argument.last.flatMap({ units[$0] }), let count = Int64(argument.dropLast()),
      (1...1_000_000).contains(count)
    else { return nil }
    duration = .seconds(count * unit)
  }
}
