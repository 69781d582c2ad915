public import Base
public import Ledger
public import Provisioning

/// An operator's approval of what a safeguard holds.
public enum SafeguardApproval {
  /// How many people an approval lets be disabled, and given an account.
  public struct Outcome: Equatable, Sendable {
    /// Those who are still leavers.
    public var disabled = 0
    /// Those who are still to have an account.
    public var created = 0

    init(_ events: [Event]) {
      for case .decided(let decision) in events.map(\.payload) {
        switch decision.action {
        case .disable: disabled += 1
        case .create: created += 1
        default: break
        }
      }
    }
  }

  /// Appends the approval, a disable for each person who is still a leaver, and a create for each who is still to have an
  /// account.
  ///
  /// Throws `FaultCode.safeguardUnknown` when the safeguard holds nobody.
  public static func approve(
    _ id: String, in ledger: OpenLedger, actor: Actor, waiting: @escaping Transaction.Waiting = { _ in }
  ) async throws -> Outcome {
    let policy = ledger.configuration.policy
    return try await Transaction(in: ledger, by: actor, waiting: waiting).run(.cycle) { scene in
      guard let events = Cycle.approve(id, policy: policy, people: try scene.people().people) else {
        throw Fault(
          .safeguardUnknown, "No safeguard \(id) holds anybody; `provledger safeguard list` shows those that do.")
      }
      return Decided(events, Outcome(events))
    }.answer
  }
}
