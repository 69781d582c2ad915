public import Base
import EventLog
import Ledger
public import Provisioning
import Sealing
import Views

/// Bringing TeamViewer back to what the log had recorded as desired at a moment: a plan first, then exactly that plan.
public struct Restoration: OperationGroup {
  /// How many decisions are opened at a time.
  private static let batch = 1000

  private let transaction: Transaction

  /// Restorations, carried out in the turn of cycles.
  public init(_ transaction: Transaction) { self.transaction = transaction }

  private var ledger: OpenLedger { transaction.ledger }

  /// Compares what is desired now with what was at a moment; nothing is changed. Who had no account then is left as they
  /// are, or is to be disabled when `disablingCreated` says so.
  ///
  /// Throws `FaultCode.momentUnknown`, and the faults of log and views.
  public func plan(asOf moment: Timestamp, disablingCreated: Bool) throws -> RestorePlan {
    try ledger.views.catchUp()
    let last = try ledger.views.position(asOf: moment, now: ledger.clock())
    let (people, size) = try ledger.views.people()
    let newest = try newestDecisions(upTo: last)
    // Of everybody else the newest decision is the same as then.
    let changed = people.filter { $0.erasure == nil && (newest[$0.alias] ?? 0) != $0.decisionPosition }
    let past = try decisions(at: changed.compactMap { newest[$0.alias] })
    var plan = RestorePlan(
      id: ledger.codec.newID(), origin: ledger.configuration.origin, asOf: moment, made: ledger.clock(), size: size)
    plan.compare(people, disablingCreated: disablingCreated) { person in
      past[person.alias] ?? RestorePlan.Past(decision: newest[person.alias] ?? 0)
    }
    return plan
  }

  /// The position of each person's newest decision up to a position.
  private func newestDecisions(upTo last: Int64) throws -> [String: Int64] {
    var newest: [String: Int64] = [:]
    var next: Int64 = 1
    while next <= last {
      let page = try ledger.log.read(types: [Decision.type], from: next, limit: Self.batch)
      for recorded in page where recorded.position <= last {
        if case .user(let alias) = Stream(recorded.stream) { newest[alias] = recorded.position }
      }
      guard let end = page.last else { break }
      next = end.position + 1
    }
    return newest
  }

  /// What some decisions wanted, by alias.
  private func decisions(at positions: [Int64]) throws -> [String: RestorePlan.Past] {
    var past: [String: RestorePlan.Past] = [:]
    for start in stride(from: 0, to: positions.count, by: Self.batch) {
      let part = positions[start..<min(positions.count, start + Self.batch)]
      let recorded = try part.flatMap { try ledger.log.read(from: $0, limit: 1) }
      try ledger.codec.prepare(recorded)
      for recorded in recorded {
        let event = try ledger.codec.decode(recorded)
        guard case .decided(let decision) = event.payload, let alias = event.subject else { continue }
        past[alias] = RestorePlan.Past(decision: recorded.position, desired: decision.desired)
      }
    }
    return past
  }

  /// Appends what a plan says, all of it or nothing. The worker delivers it like any other decision.
  ///
  /// Throws `FaultCode.planForeign`; `FaultCode.planOutdated` when anybody in the plan has a newer decision; the faults of
  /// log and views.
  public func apply(_ plan: RestorePlan) async throws -> RestoreOutcome {
    try Transaction.refuseForeign(plan.origin, ledger)
    let (limits, safeguard) = (ledger.configuration.safeguard, ledger.codec.newID())
    return try await transaction.run(.cycle) { scene in
      let (people, position) = try scene.people()
      try Transaction.refuseEarlier(position, than: plan.size)
      let outcome = try scene.once(plan.id) {
        try plan.decide(people: people, limits: limits, safeguard: safeguard)
      }
      return Decided(outcome.events, outcome)
    }.answer
  }
}
