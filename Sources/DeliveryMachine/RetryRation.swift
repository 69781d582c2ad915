import Base
import DequeModule

/// How many deliveries that were parked are tried again by themselves: a bounded number in any ten days, however many are
/// parked, so that a TeamViewer that refuses everybody does not fill the log. What goes well lets more be tried.
struct RetryRation {
  /// How many may be tried in one span.
  static let most = 60
  /// The span.
  static let span = Duration.seconds(10 * 86_400)
  /// How many further ones a try that goes well is worth.
  private static let worth = 2

  /// When the newest were tried, oldest first.
  private var tries: Deque<Timestamp> = []

  /// As after those that were tried at these moments, in any order.
  init(tried moments: [Timestamp] = []) { tries = Deque(moments.sorted().suffix(Self.most)) }

  /// When the next may be tried; nil for at once.
  func next(at now: Timestamp) -> Timestamp? {
    guard tries.count >= Self.most, let oldest = tries.first, oldest + Self.span > now else { return nil }
    return oldest + Self.span
  }

  /// One is tried.
  mutating func take(at now: Timestamp) {
    while let oldest = tries.first, oldest + Self.span <= now { tries.removeFirst() }
    tries.append(now)
  }

  /// One that was parked went well: whatever was wrong may be mended.
  mutating func wentWell() { tries.removeFirst(min(Self.worth, tries.count)) }
}
