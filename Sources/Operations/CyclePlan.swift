public import JSON
public import Provisioning

/// What a cycle would decide about one person.
public struct CycleStep: Equatable, Sendable {
  /// What would be done.
  public var action: Decision.Action
  /// Why.
  public var reason: Decision.Reason
  /// The sign-in name, else the object id.
  public var name: String
  /// What would be desired; nil when there is to be no account.
  public var desired: DesiredAccount?
  /// True when that is another than now.
  public var isChange: Bool

  /// True unless it says that everything stays as it is.
  public var isWorthTelling: Bool { isChange || action == .held || action == .skip }

  /// As a JSON object.
  public var json: JSONValue {
    [
      "action": .string(action.rawValue), "reason": .string(reason.rawValue), "userPrincipalName": .string(name),
      "change": .bool(isChange), "desired": desired?.json ?? .null,
    ]
  }
}

/// What a cycle would do.
public struct CyclePlan: Equatable, Sendable {
  /// In numbers; it has no cycle's id, since there is none.
  public var summary: CycleSummary
  /// Person by person, in the order of their names.
  public var steps: [CycleStep]

  /// True when the cycle would change what anybody is to have, or hold somebody.
  public var hasChanges: Bool { steps.contains { $0.isChange || $0.action == .held } }

  /// As a JSON object.
  public var json: JSONValue {
    [
      "changes": .bool(hasChanges), "decisions": .array(steps.map(\.json)),
      "read": .integer(Int64(summary.counts.read)),
    ]
  }

  static func steps(of outcome: CycleOutcome, among people: [Person]) -> [CycleStep] {
    var names = Dictionary(people.map { ($0.alias, $0.user) }) { first, _ in first }
    var steps: [CycleStep] = []
    for event in outcome.events {
      guard let alias = event.subject else { continue }
      switch event.payload {
      case .userObserved(let observed): names[alias] = observed.user
      case .decided(let decision):
        let user = names[alias] ?? nil
        steps.append(
          CycleStep(
            action: decision.action, reason: decision.reason, name: user?[.userPrincipalName] ?? user?.id ?? alias,
            desired: decision.desired, isChange: decision.isChange))
      default: break
      }
    }
    return steps.sorted { $0.name < $1.name }
  }
}
