public import Base
public import Foundation

/// How instants inside text are shown: as they are, in a zone's local time, and with how long ago they were.
public struct Instants: Sendable {
  /// The zone of local times; nil for UTC as the log writes it.
  public var zone: TimeZone?
  /// The moment from which ages count; nil for none.
  public var now: Timestamp?

  /// As the log writes them, unless said otherwise.
  public init(zone: TimeZone? = nil, now: Timestamp? = nil) {
    self.zone = zone
    self.now = now
  }

  /// The length of an instant as the log writes it: `2026-01-02T03:04:05.678Z`.
  private static let length = 24

  /// The text with every instant in it shown so. What stands between backticks is a command, and stays.
  public func shown(in text: String) -> String {
    guard zone != nil || now != nil, text.utf8.count >= Self.length else { return text }
    let bytes = Array(text.utf8)
    var shown: [UInt8] = []
    var index = 0
    var isCommand = false
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "`") { isCommand.toggle() }
      if !isCommand, let moment = Self.moment(at: index, in: bytes) {
        shown += self.text(moment).utf8
        index += Self.length
      } else {
        shown.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: shown, as: UTF8.self)
  }

  /// Of all bytes only a digit with a `T` ten further on is looked at closer.
  private static func moment(at index: Int, in bytes: [UInt8]) -> Timestamp? {
    guard index + length <= bytes.count, bytes[index + 10] == UInt8(ascii: "T"),
      bytes[index + length - 1] == UInt8(ascii: "Z")
    else { return nil }
    return bytes[index..<(index + length)].withUnsafeBufferPointer { Timestamp(utf8: $0) }
  }

  /// One instant.
  public func text(_ moment: Timestamp) -> String {
    let instant = zone.map { Self.local(moment, $0) } ?? moment.description
    return now.map { "\(instant) (\(Age.of(moment, at: $0)))" } ?? instant
  }

  /// `2026-11-28 20:04:05 +01:00`.
  static func local(_ moment: Timestamp, _ zone: TimeZone) -> String {
    let offset = zone.offset(at: moment)
    let local = (moment + .seconds(offset)).description
    return "\(local.prefix(10)) \(local.dropFirst(11).prefix(8)) \(offsetText(offset))"
  }

  /// `+01:00`.
  private static func offsetText(_ seconds: Int) -> String {
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let minutes = abs(seconds) / 60
    return "\(seconds < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
  }
}

extension TimeZone {
  /// The seconds that local time is ahead of UTC at a moment.
  func offset(at moment: Timestamp) -> Int {
    secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000))
  }
}

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
