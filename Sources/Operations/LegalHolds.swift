import Base
import Ledger
import Provisioning

/// Legal holds: whoever is under one is not erased, whatever is said.
public struct LegalHolds: OperationGroup, Sendable {
  private let transaction: Transaction

  /// Holds, placed and lifted in the turn of cycles.
  public init(_ transaction: Transaction) { self.transaction = transaction }

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
