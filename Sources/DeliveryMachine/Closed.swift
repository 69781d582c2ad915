public import Base
public import Provisioning

/// Why no call leaves, and until when.
public struct Closed: Equatable, Sendable {
  /// Why no call leaves.
  public enum Reason: String, CaseIterable, Sendable {
    /// An operator wants none.
    case operatorPause
    /// A planned maintenance.
    case maintenance
    /// TeamViewer asked for a slower pace.
    case targetPause
    /// Faults in a row.
    case circuit
    /// A configured quota is used up.
    case quota
  }

  /// Why no call leaves.
  public var reason: Reason
  /// When that ends by itself; nil when only an operator ends it.
  public var until: Timestamp?
  /// The name of the quota, for `quota`.
  public var quota: String?

  /// A reason, with its end.
  public init(_ reason: Reason, until: Timestamp?, quota: String? = nil) {
    self.reason = reason
    self.until = until
    self.quota = quota
  }

  /// What an operator or the configuration says of a moment, whatever TeamViewer does; nil when calls may leave.
  public static func planned(
    _ pause: DeliveryPaused?, _ maintenance: [MaintenanceWindow], at now: Timestamp
  ) -> Closed? {
    if let pause, pause.isInForce(at: now) { return Closed(.operatorPause, until: pause.until) }
    return maintenance.end(at: now).map { Closed(.maintenance, until: $0) }
  }
}
