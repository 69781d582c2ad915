public import Base
public import Ledger
public import Provisioning

/// Legal holds: whoever is under one is not erased, whatever is said.
public struct LegalHolds: Sendable {
  private let transaction: Transaction

  /// Holds in a ledger, placed and lifted by `actor`; `waiting` hears who has the turn of cycles.
  public init(in ledger: OpenLedger, actor: Actor, waiting: @escaping Transaction.Waiting = { _ in }) {
    transaction = Transaction(in: ledger, by: actor, waiting: waiting)
  }

  /// Places a hold. Throws as `Person.legalHoldPlaced` and `Scene.person` do.
  @discardableResult
  public func place(_ alias: String, reason: String) async throws -> Receipt {
    try await transaction.change(alias) { try $0.legalHoldPlaced(reason: reason) }
  }

  /// Lifts the hold. Throws as `Person.legalHoldLifted` and `Scene.person` do.
  @discardableResult
  public func lift(_ alias: String, reason: String) async throws -> Receipt {
    try await transaction.change(alias) { try $0.legalHoldLifted(reason: reason) }
  }
}
