import Base
public import Ledger
public import Provisioning
import Views

/// Legal holds: whoever is under one is not erased, whatever is said.
public struct LegalHolds {
  private let ledger: Ledger
  private let actor: Actor

  /// Holds in a ledger, placed and lifted by `actor`.
  public init(in ledger: Ledger, actor: Actor) {
    self.ledger = ledger
    self.actor = actor
  }

  /// Places a hold and returns its position. Throws `FaultCode.holdThere` when there is one, since lifting one of two
  /// would leave the person unprotected; `FaultCode.alreadyErased`; the faults of the log.
  public func place(_ alias: String, reason: String) async throws -> Int64 {
    try await change(alias) { person in
      if let hold = person.hold {
        throw Fault(
          .holdThere,
          "\(alias) is under a legal hold since \(hold.time) (event \(hold.position)); lift it first, then place one with both reasons."
        )
      }
      return .legalHoldPlaced(LegalHoldPlaced(reason: reason))
    }
  }

  /// Lifts the hold and returns the position. Throws `FaultCode.holdMissing` when there is none, and as `place`.
  public func lift(_ alias: String, reason: String) async throws -> Int64 {
    try await change(alias) { person in
      guard person.hold != nil else {
        throw Fault(.holdMissing, "\(alias) is under no legal hold; `provledger legal-hold list` shows who is.")
      }
      return .legalHoldLifted(LegalHoldLifted(reason: reason))
    }
  }

  private func change(_ alias: String, _ event: (Person) throws -> EventPayload) async throws -> Int64 {
    try await ledger.change(alias, by: actor, waiting: { _ in }, event)
  }
}
