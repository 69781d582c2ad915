public import Base

/// Why no call leaves, and until when: one definition for the worker, `status` and `doctor`.
public struct DeliveryBlock: Equatable, Sendable {
  /// Why no call leaves, the gravest first.
  public enum Reason: String, CaseIterable, Sendable {
    /// The target refuses the credentials, or is no SCIM endpoint.
    case quarantine
    /// An operator wants no call.
    case operatorPause
    /// A planned maintenance.
    case maintenance
    /// TeamViewer asked for a slower pace.
    case targetPause
    /// Faults in a row: only probes leave.
    case circuit
    /// A configured quota is used up: none of its calls leave.
    case quota
  }

  /// Why no call leaves.
  public var reason: Reason
  /// When that ends by itself; nil when somebody, or a good call, has to end it.
  public var until: Timestamp?
  /// The name of the quota, for `quota`.
  public var quota: String?

  /// A reason, with its end.
  public init(_ reason: Reason, until: Timestamp? = nil, quota: String? = nil) {
    self.reason = reason
    self.until = until
    self.quota = quota
  }

  /// What an operator or the configuration says of a moment, whatever TeamViewer does; nil when calls may leave.
  public static func planned(
    _ pause: DeliveryPaused?, _ maintenance: [MaintenanceWindow], at now: Timestamp
  ) -> DeliveryBlock? {
    operators(pause, at: now) ?? window(maintenance, at: now)
  }

  /// All that holds calls back at a moment as far as the log and the configuration say, the gravest first.
  public static func all(
    _ condition: TargetCondition, maintenance: [MaintenanceWindow], quotas: [Quota], at now: Timestamp
  ) -> [DeliveryBlock] {
    let target: [DeliveryBlock?] = [
      condition.quarantine.map { _ in DeliveryBlock(.quarantine) },
      operators(condition.operatorPause, at: now),
      window(maintenance, at: now),
      condition.pause.flatMap { $0.until > now ? DeliveryBlock(.targetPause, until: $0.until) : nil },
      condition.circuit.map { _ in DeliveryBlock(.circuit) },
    ]
    return target.compactMap { $0 } + quotas.compactMap { used($0, condition.reservations, at: now) }
  }

  private static func operators(_ pause: DeliveryPaused?, at now: Timestamp) -> DeliveryBlock? {
    pause.flatMap { $0.isInForce(at: now) ? DeliveryBlock(.operatorPause, until: $0.until) : nil }
  }

  private static func window(_ maintenance: [MaintenanceWindow], at now: Timestamp) -> DeliveryBlock? {
    maintenance.end(at: now).map { DeliveryBlock(.maintenance, until: $0) }
  }

  /// A quota of which no further block can be taken; calls of the newest block may still leave.
  private static func used(_ quota: Quota, _ reservations: [QuotaReserved], at now: Timestamp) -> DeliveryBlock? {
    let counting = reservations.filter { $0.quota == quota.name && quota.frees($0) > now }
    guard quota.room(used: counting.reduce(0) { $0 + $1.count }, blocks: counting.count) == 0 else { return nil }
    return DeliveryBlock(.quota, until: counting.map(quota.frees).min(), quota: quota.name)
  }
}
