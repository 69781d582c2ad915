public import Base
public import Ledger
public import Provisioning
import Views

/// What operators do with deliveries: retry, skip and hold one person's, pause and resume all. A running worker takes it
/// up as it follows the log.
public struct DeliveryControl {
  private let ledger: Ledger
  private let actor: Actor
  private let waiting: (LockHolder?) -> Void

  /// Acts in a ledger by `actor`; `waiting` hears who holds the cycle lock that one of them waits for.
  public init(in ledger: Ledger, actor: Actor, waiting: @escaping (LockHolder?) -> Void = { _ in }) {
    self.ledger = ledger
    self.actor = actor
    self.waiting = waiting
  }

  // MARK: One person

  /// Lets a person's delivery be tried now, and returns the position: ends a parking, an abandonment, a skip, a hold.
  ///
  /// Throws `FaultCode.nothingOpen` when none of them is there, `FaultCode.alreadyErased`, the faults of the log.
  public func retry(_ alias: String, reason: String? = nil) async throws -> Int64 {
    try await change(alias) { person in
      guard person.isSetAside else {
        let what = person.isPending ? "is pending already; the worker tries it" : "has nothing to retry"
        throw Fault(.nothingOpen, "\(alias) \(what); `provledger delivery list` shows what is set aside.")
      }
      return .deliveryRetried(DeliveryRetried(reason: reason))
    }
  }

  /// Does not let the present desired state of a person be delivered, and returns the position. A changed decision or
  /// `retry` ends it.
  ///
  /// Throws `FaultCode.nothingOpen` when nothing is to be delivered, `FaultCode.asideAlready`, and as `retry`.
  public func skip(_ alias: String, reason: String) async throws -> Int64 {
    try await change(alias) { person in
      guard person.isPending else {
        throw Fault(
          .nothingOpen, "\(alias) has nothing to skip: TeamViewer has what is wanted, or nothing is wanted.")
      }
      if person.account.skipped != nil {
        throw Fault(
          .asideAlready, "The delivery of \(alias) is skipped already; `provledger delivery retry` ends that.")
      }
      return .deliverySkipped(DeliverySkipped(decision: person.decisionPosition, reason: reason))
    }
  }

  /// Lets no call leave for a person, whatever is decided, until `retry`; returns the position.
  ///
  /// Throws `FaultCode.asideAlready` when that is so, and as `retry`.
  public func hold(_ alias: String, reason: String) async throws -> Int64 {
    try await change(alias) { person in
      if person.account.held != nil {
        throw Fault(.asideAlready, "\(alias) is on hold already; `provledger delivery retry` ends that.")
      }
      return .deliveryHeld(DeliveryHeld(reason: reason))
    }
  }

  private func change(_ alias: String, _ event: (Person) throws -> EventPayload) async throws -> Int64 {
    try await ledger.change(alias, by: actor, waiting: waiting, event)
  }

  // MARK: Everybody

  /// How many people one append lets go.
  private static let batch = 1000

  /// Lets all that is parked or was given up be tried now, and returns how many people that is. What an operator skips or
  /// holds stays so.
  ///
  /// Throws `FaultCode.nothingOpen` when there is nobody, and the faults of the log; some may have been let go then.
  public func retryAll(reason: String? = nil) async throws -> Int {
    let lock = try await ledger.lock(.cycle, waiting: waiting)
    defer { withExtendedLifetime(lock) {} }
    try ledger.views.catchUp()
    var count = 0
    for status in [PersonStatus.parked, .abandoned] {
      var last = ""
      while true {
        let page = try ledger.views.openDeliveries(status, after: last, limit: Self.batch)
        guard let next = page.last?.person.alias else { break }
        last = next
        let retried = DeliveryRetried(reason: reason)
        try await ledger.append(
          page.map { Event(.user($0.person.alias), .deliveryRetried(retried)) }, actor: actor)
        count += page.count
      }
    }
    if count == 0 {
      throw Fault(
        .nothingOpen,
        "Nothing is parked or given up; to end a skip or a hold, name the person: `provledger delivery list`."
      )
    }
    try ledger.views.catchUp()
    return count
  }

  /// Lets no call leave, until a moment if one is given, and returns the position. It waits for no lock, since it may be
  /// urgent.
  ///
  /// Throws `FaultCode.pausedAlready` while a pause lasts, and the faults of the log.
  public func pause(until: Timestamp? = nil, reason: String) async throws -> Int64 {
    if let pause = try present() {
      let end = pause.until.map { "until \($0)" } ?? "until somebody resumes them"
      throw Fault(
        .pausedAlready, "Deliveries are paused already, \(end); for another pause, `provledger delivery resume` first.")
    }
    return try await append(.deliveryPaused(DeliveryPaused(until: until, reason: reason)))
  }

  /// Ends the pause and returns the position. Throws `FaultCode.notPaused`, and the faults of the log.
  public func resume(reason: String? = nil) async throws -> Int64 {
    guard try present() != nil else {
      throw Fault(.notPaused, "Deliveries are not paused; `provledger status` says what else holds them back.")
    }
    return try await append(.deliveryResumed(DeliveryResumed(reason: reason)))
  }

  /// The pause that lasts now.
  private func present() throws -> DeliveryPaused? {
    try ledger.views.catchUp()
    guard let pause = try ledger.views.target().condition.operatorPause, pause.isInForce(at: ledger.clock()) else {
      return nil
    }
    return pause
  }

  private func append(_ payload: EventPayload) async throws -> Int64 {
    let positions = try await ledger.append([Event(.target, payload)], actor: actor)
    try ledger.views.catchUp()
    return positions.first ?? 0
  }
}
