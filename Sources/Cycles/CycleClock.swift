import Base

/// When the next cycle is due: a span after the last one began, later by a share of it that chance picks, so that many
/// ledgers do not ask one directory at the same moment; after a failure sooner.
public struct CycleClock: Equatable, Sendable {
  /// The share of the span, in percent, by which a cycle may be late.
  static let jitter: Int64 = 5
  /// The wait after the first failure in a row; each further one doubles it.
  static let retry = Duration.seconds(60)

  /// From one cycle to the next.
  let span: Duration
  /// From one look between two cycles to the next; nil for none.
  let between: Duration?
  /// The longest wait after a failure.
  let patience: Duration
  private let retry: Duration

  /// A clock. Spans are a minute at least; `patience` is the longest wait after failures in a row; all of it passes `speed`
  /// times as fast.
  public init(every span: Duration, between: Duration? = nil, patience: Duration, speed: Int = 1) {
    self.span = max(span, .seconds(60)) / speed
    self.between = between.map { max($0, .seconds(60)) / speed }
    self.patience = max(patience, .seconds(60)) / speed
    retry = Self.retry / speed
  }

  /// Failures in a row, and when the newest was.
  struct Failures: Equatable {
    var count: Int
    var newest: Timestamp
  }

  /// When a cycle is due that follows another one; nil for at once, since there was none.
  func cycle(after last: Timestamp?, _ failures: Failures?, _ chance: inout SeededGenerator) -> Timestamp? {
    if let failures {
      let doublings = Int64(min(failures.count - 1, 16))
      return failures.newest + min(patience, .milliseconds(retry.milliseconds << doublings))
    }
    guard let last else { return nil }
    return last + span + .milliseconds(chance.number(in: 0...(span.milliseconds * Self.jitter / 100)))
  }

  /// When a look is due that follows a cycle or another look; nil for never.
  func look(after last: Timestamp?) -> Timestamp? { between.flatMap { span in last.map { $0 + span } } }
}
