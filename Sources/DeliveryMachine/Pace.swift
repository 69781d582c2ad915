import Base
import Provisioning

/// How many calls may be on their way at once: grows while answers are good and quick, halves when TeamViewer refuses
/// or fails, never above a limit.
struct Pace: Equatable {
  /// The strict upper limit.
  let limit: Int
  /// The present width; calls leave while fewer than its whole part are on their way.
  private(set) var window: Double
  /// The latency of an unhurried TeamViewer, in milliseconds: at once what is lower, slowly what is higher.
  private(set) var baseline: Double?
  /// True until the first refusal or fault: the window grows by one with each good answer, then by one a round trip.
  private var isStarting = true
  /// When it was halved last; calls sent before say nothing about the present width.
  private var halved: Timestamp?

  /// The width of a start.
  static let start = 8
  /// The part of a higher latency that the baseline takes over with each answer.
  private static let adaption = 0.01
  /// Latency above the baseline that is no sign of strain, in milliseconds.
  private static let slack = 50.0

  init(limit: Int) {
    self.limit = max(1, limit)
    window = Double(min(Self.start, self.limit))
  }

  /// The number of calls that may be on their way at once.
  var width: Int { Int(window) }

  /// A call was answered well.
  mutating func wentWell(after latency: Duration) {
    let latency = Double(max(0, latency.milliseconds))
    let known = baseline ?? latency
    baseline = latency < known ? latency : known + (latency - known) * Self.adaption
    guard latency <= max(2 * known, known + Self.slack) else { return }
    window = min(Double(limit), window + (isStarting ? 1 : 1 / window))
  }

  /// A call that left at a moment was refused for pace, timed out or failed; at most one halving a round trip.
  mutating func wentBadly(sent: Timestamp, now: Timestamp) {
    if let halved, sent < halved { return }
    halved = now
    isStarting = false
    window = max(1, window / 2)
  }
}
