public import Base
import Ledger
import Provisioning
import Views

/// What operators do with deliveries: retry, skip and hold one person's, pause, resume and release all. A running worker
/// takes it up as it follows the log.
public struct DeliveryControl: OperationGroup, Sendable {
  private let transaction: Transaction

  /// Acts on deliveries.
  public init(_ transaction: Transaction) { self.transaction = transaction }

  private var ledger: OpenLedger { transaction.ledger }

  // MARK: One person

  /// Lets a person's delivery be tried now. Throws as `Person.retried` and `Scene.person` do.
  @discardableResult
  public func retry(_ alias: String, reason: String? = nil) async throws -> Receipt {
    try await transaction.change(alias) { try $0.retried(reason: reason) }
  }

  /// Does not let the present desired state of a person be delivered. Throws as `Person.skipped` and `Scene.person` do.
  @discardableResult
  public func skip(_ alias: String, reason: String) async throws -> Receipt {
    try await transaction.change(alias) { try $0.skipped(reason: reason) }
  }

  /// Lets no call leave for a person, whatever is decided. Throws as `Person.frozen` and `Scene.person` do.
  @discardableResult
  public func hold(_ alias: String, reason: String) async throws -> Receipt {
    try await transaction.change(alias) { try $0.frozen(reason: reason) }
  }

  // MARK: Everybody

  /// How many people one append lets go.
  private static let batch = 1000

  /// Lets all that is parked or was given up be tried now, and returns how many people that is. What an operator skips or
  /// holds stays so.
  ///
  /// Throws `FaultCode.nothingOpen` when there is nobody, and the faults of the log; some may have been let go then.
  public func retryAll(reason: String? = nil) async throws -> Int {
    let lock = try await transaction.take(.cycle)
    defer { withExtendedLifetime(lock) {} }
    let count = try await retryEverybody(reason: reason)
    if count > 0 { return count }
    throw Fault(
      .nothingOpen,
      "Nothing is parked or given up; to end a skip or a hold, name the person: `provledger delivery list`.")
  }

  /// The same, while somebody has the turn of cycles; 0 when there is nobody.
  func retryEverybody(reason: String? = nil) async throws -> Int {
    var count = 0
    for status in [PersonStatus.parked, .abandoned] {
      var last = ""
      while case let page = try ledger.views.openDeliveries(status, after: last, limit: Self.batch),
        let next = page.last?.person.alias
      {
        last = next
        let retried = EventPayload.deliveryRetried(DeliveryRetried(reason: reason))
        try await transaction.append(page.map { Event(.user($0.person.alias), retried) })
        count += page.count
      }
    }
    return count
  }

  /// Lets no call leave, until a moment if one is given. It waits for no turn, since it may be urgent. Throws as
  /// `TargetCondition.paused` does.
  @discardableResult
  public func pause(until: Timestamp? = nil, reason: String) async throws -> Receipt {
    try await transaction.changeTarget { try $0.paused(until: until, reason: reason, at: $1) }
  }

  /// Ends the pause. Throws as `TargetCondition.resumed` does.
  @discardableResult
  public func resume(reason: String? = nil) async throws -> Receipt {
    try await transaction.changeTarget { try $0.resumed(reason: reason, at: $1) }
  }

  /// Lets a copy of a ledger, or a restored backup, deliver from here on; a pause of an operator's ends with it. Throws
  /// `FaultCode.notPaused` for a folder that is none.
  @discardableResult
  public func acceptCopy(reason: String) async throws -> Receipt {
    guard try ledger.isCopy() else {
      throw Fault(.notPaused, "\(ledger.folder) is no copy of a ledger, so there is nothing to accept.")
    }
    let receipt = try await transaction.certain(
      transaction.run(unless: []) { _ in
        Decided([Event(.target, .deliveryResumed(DeliveryResumed(reason: reason)))])
      }.receipt)
    try ledger.claim()
    return receipt
  }

  /// Ends the quarantine by hand; a running worker goes on at once. Throws as `TargetCondition.released` does.
  @discardableResult
  public func release() async throws -> Receipt {
    try await transaction.changeTarget { condition, _ in try condition.released() }
  }
}
