import Base
public import Ledger
public import Provisioning
import Views

/// An operator's approval of what a safeguard holds.
public enum SafeguardApproval {
  /// Appends the approval and a disable for each person who is still a leaver, and returns how many there are.
  ///
  /// Throws `FaultCode.safeguardUnknown` when the safeguard holds nobody.
  public static func approve(_ id: String, in ledger: Ledger, actor: Actor) async throws -> Int {
    let lock = try await ledger.lock(.cycle) { _ in }
    defer { withExtendedLifetime(lock) {} }
    try ledger.views.catchUp()
    let people = try ledger.views.people().people
    guard let events = Cycle.approve(id, policy: ledger.configuration.policy, people: people) else {
      throw Fault(
        .safeguardUnknown, "No safeguard \(id) holds anybody; `provledger safeguard list` shows those that do.")
    }
    try await ledger.append(events, actor: actor)
    try ledger.views.catchUp()
    return events.count - 1
  }
}
