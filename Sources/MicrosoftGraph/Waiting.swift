public import Base

/// Time, waiting and chance, as reading from afar needs them: given from outside, so that tests have their own.
public struct Waiting: Sendable {
  /// The moment.
  public var now: @Sendable () -> Timestamp
  /// Waits; throws when the task is cancelled.
  public var sleep: @Sendable (Duration) async throws -> Void
  /// A number of 0 up to, and without, 1, by which waits differ from machine to machine.
  public var draw: @Sendable () -> Double

  /// The given ones.
  public init(
    now: @escaping @Sendable () -> Timestamp, sleep: @escaping @Sendable (Duration) async throws -> Void,
    draw: @escaping @Sendable () -> Double
  ) {
    self.now = now
    self.sleep = sleep
    self.draw = draw
  }

  /// This machine's.
  public static let system = Waiting(
    now: SystemClock.now, sleep: { try await Task.sleep(for: $0) }, draw: { Double.random(in: 0..<1) })
}
