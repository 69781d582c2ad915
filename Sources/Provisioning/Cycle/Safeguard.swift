/// How many people one cycle may turn inactive before it holds them for an operator.
public struct SafeguardLimits: Equatable, Sendable {
  /// Never trips at this number or below, unless that is more than a third.
  public var minimum: Int
  /// Always trips above this number.
  public var maximum: Int
  /// Between the two: the share, in percent, of the people whose newest decision wants an active account.
  public var percent: Int

  /// Limits; the defaults are 10 percent, at least 5, at most 500.
  public init(minimum: Int = 5, maximum: Int = 500, percent: Int = 10) {
    self.minimum = minimum
    self.maximum = maximum
    self.percent = percent
  }

  /// The number above which the safeguard trips, for a number of people who are meant to be active. In a small company a
  /// third of them is the limit, whatever the minimum says, so that nobody's last people go unasked; one alone never trips
  /// it.
  public func limit(active: Int) -> Int {
    min(max(minimum, min(maximum, active * percent / 100)), max(1, active / 3))
  }
}
