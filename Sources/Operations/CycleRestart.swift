import Base
import Ledger
import Provisioning
import Views

/// Cycles begin anew: what an operator wants forgotten is, and the next cycle reads everybody and decides about everybody
/// (Microsoft Graph REST API v1.0, "synchronizationJob: restart", whose words stand for what is forgotten).
public struct CycleRestart: OperationGroup, Sendable {
  /// What is forgotten.
  public enum Scope: String, CaseIterable, Sendable {
    /// How far the directory was read.
    case watermark = "Watermark"
    /// That deliveries were parked or given up.
    case escrows = "Escrows"
    /// The quarantine.
    case quarantineState = "QuarantineState"
    /// Which account is whose: everybody is matched anew.
    case connectorDataStore = "ConnectorDataStore"

    /// What is forgotten unless something else is said.
    public static let standard: Set<Scope> = [.watermark, .escrows, .quarantineState]
  }

  /// What became of it, in numbers of people.
  public struct Outcome: Equatable, Sendable {
    /// Whose delivery is tried anew.
    public var retried = 0
    /// Whose account is looked for anew.
    public var unlinked = 0
    /// True when there was a quarantine, and there is none now.
    public var isReleased = false

    /// Nothing was there to forget.
    public init() {}
  }

  /// How many people one append concerns.
  private static let batch = 1000

  private let transaction: Transaction

  /// Restarts by a transaction.
  public init(_ transaction: Transaction) { self.transaction = transaction }

  private var ledger: OpenLedger { transaction.ledger }

  /// Forgets, each by an event that names who wanted it so; that the directory is read anew follows from the configuration,
  /// which is applied once more.
  ///
  /// Throws `FaultCode.lockBusy` where accounts are to be matched anew while a worker runs, and the faults of the log; some of
  /// it may have been forgotten then, and a second restart does the rest.
  public func run(_ scopes: Set<Scope> = Scope.standard) async throws -> Outcome {
    let worker = scopes.contains(.connectorDataStore) ? try ledger.lock(.worker) : nil
    defer { withExtendedLifetime(worker) {} }
    let lock = try await transaction.take(.cycle)
    defer { withExtendedLifetime(lock) {} }
    try ledger.views.catchUp()
    var outcome = Outcome()
    if scopes.contains(.connectorDataStore) { outcome.unlinked = try await unlink() }
    if scopes.contains(.escrows) { outcome.retried = try await retry() }
    if scopes.contains(.quarantineState), try ledger.views.target().condition.quarantine != nil {
      try await transaction.append([Event(.target, .quarantineLeft(QuarantineLeft(.released)))])
      outcome.isReleased = true
    }
    // Last, so that a restart that was cut off is seen to be none.
    if scopes.contains(.watermark) {
      let applied = ConfigurationApplied(text: ledger.configurationText)
      try await transaction.append([Event(.configuration, .configurationApplied(applied))])
    }
    return outcome
  }

  /// Whoever waits for the answer of a call keeps the account until it is known.
  private func unlink() async throws -> Int {
    let linked = try ledger.views.people().people.filter {
      $0.erasure == nil && $0.account.believed != nil && $0.account.unanswered == nil
    }
    let events = linked.map { person in
      Event(.account(person.alias), .unlinked(AccountUnlinked(.restarted, id: person.account.believed?.id)))
    }
    for start in stride(from: 0, to: events.count, by: Self.batch) {
      try await transaction.append(Array(events[start..<min(start + Self.batch, events.count)]))
    }
    return events.count
  }

  private func retry() async throws -> Int {
    try await DeliveryControl(transaction).retryEverybody()
  }
}
