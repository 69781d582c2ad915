import Base
import EventLog
public import Ledger
public import Provisioning
import Views

/// Waiting until it is known what has become of a decision: one call for whoever has decided something and must say how it
/// went.
public struct DeliveryWait: Sendable {
  /// What became of a decision.
  public enum Outcome: Equatable, Sendable {
    /// TeamViewer is as it, or a newer decision, wants it.
    case delivered(DeliveryCompleted.How?)
    /// TeamViewer refused it for a reason that waiting alone does not cure.
    case parked(DeliveryParked)
    /// An operator lets nothing be sent for this person, or it was given up after 28 days.
    case setAside
    /// Nothing is to be delivered for it: the person was erased, or no account is wanted.
    case nothing
    /// It is still on its way.
    case overdue
  }

  private let ledger: OpenLedger
  private let pause: @Sendable (Duration) async throws -> Void

  /// A wait in a ledger; `pause` lets time pass.
  public init(
    in ledger: OpenLedger,
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.ledger = ledger
    self.pause = pause
  }

  /// What became of somebody's decision, as soon as it is known, and at the latest after a time.
  ///
  /// `decision` is its log position. Throws `FaultCode.personUnknown`, and the faults of log and views.
  public func outcome(of alias: String, decision: Int64, within limit: Duration) async throws -> Outcome {
    try await withThrowingTaskGroup(of: Outcome.self) { group in
      group.addTask { try await settled(alias, decision) }
      group.addTask {
        try await pause(limit)
        return .overdue
      }
      defer { group.cancelAll() }
      return try await group.next() ?? .overdue
    }
  }

  private func settled(_ alias: String, _ decision: Int64) async throws -> Outcome {
    let position = try ledger.views.catchUp()
    if let outcome = try known(alias, decision) { return outcome }
    let streams = Set([Stream.user(alias), .account(alias)].map(\.description))
    for try await batch in ledger.log.follow(from: position + 1)
    where batch.contains(where: { streams.contains($0.stream) }) {
      try ledger.views.catchUp()
      if let outcome = try known(alias, decision) { return outcome }
    }
    throw CancellationError()
  }

  private func known(_ alias: String, _ decision: Int64) throws -> Outcome? {
    guard let person = try ledger.views.person(alias) else {
      throw Fault(
        .personUnknown, "Nobody in the ledger has the alias \(alias); `provledger user list` shows everybody.")
    }
    return Outcome(person, decision: decision)
  }
}

extension DeliveryWait.Outcome {
  /// What a person's present state says of a decision; nil while it is on its way.
  init?(_ person: Person, decision: Int64) {
    let account = person.account
    if person.erasure != nil || person.desired == nil {
      self = .nothing
    } else if account.completed >= decision {
      self = .delivered(account.completedHow)
    } else if person.isSetAsideByOperator || account.isAbandoned {
      self = .setAside
    } else if let parked = account.parked {
      self = .parked(parked)
    } else {
      return nil
    }
  }
}
