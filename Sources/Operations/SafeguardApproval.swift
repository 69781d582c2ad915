public import Base
public import Ledger
public import Provisioning

/// An operator's approval of what a safeguard holds.
public enum SafeguardApproval {
  /// Appends the approval and a disable for each person who is still a leaver, and returns how many there are.
  ///
  /// Throws `FaultCode.safeguardUnknown` when the safeguard holds nobody.
  public static func approve(
    _ id: String, in ledger: Ledger, actor: Actor, waiting: @escaping Transaction.Waiting = { _ in }
  ) async throws -> Int {
    let policy = ledger.configuration.policy
    return try await Transaction(in: ledger, by: actor, waiting: waiting).run(.cycle) { scene in
      guard let events = Cycle.approve(id, policy: policy, people: try scene.people().people) else {
        throw Fault(
          .safeguardUnknown, "No safeguard \(id) holds anybody; `provledger safeguard list` shows those that do.")
      }
      return Decided(events, events.count - 1)
    }.answer
  }
}
