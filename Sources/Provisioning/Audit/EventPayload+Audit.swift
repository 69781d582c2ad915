import Base
import JSON

/// What an event says of a person beside its codes: what changed, names, words.
extension EventPayload {
  /// The names of the attributes that the event changed, seen from the person before it; all that it set, of somebody new.
  func changedAttributes(of before: Person?) -> [String] {
    switch self {
    case .userObserved(let observed): observed.user.changes(since: before?.user)
    case .decided(let decision):
      decision.desired.map { wanted in
        let known = before?.lastDesired
        return wanted.attributes.names.filter { wanted[$0] != known?[$0] }.map(\.description)
      } ?? []
    case .callStarted(let started): started.changes(since: before)
    case .driftDetected(let drift):
      drift.account.map { shown in
        let known = before?.account.believed
        return shown.attributes.names.filter { !$0.agrees(shown[$0], known?[$0]) }.map(\.description)
      } ?? []
    default: []
    }
  }

  /// Free text that the event carries: a reason that an operator gave, or what TeamViewer answered.
  var words: String? {
    switch self {
    case .callFinished(let finished): finished.detail
    case .deliveryParked(let parked): parked.detail
    case .deliveryRetried(let retried): retried.reason
    case .deliverySkipped(let skipped): skipped.reason
    case .deliveryHeld(let held): held.reason
    case .deliveryPaused(let paused): paused.reason
    case .deliveryResumed(let resumed): resumed.reason
    case .targetResumed(let resumed): resumed.reason
    case .legalHoldPlaced(let placed): placed.reason
    case .legalHoldLifted(let lifted): lifted.reason
    case .reviewDecided(let decided): decided.rationale
    default: nil
    }
  }

  /// Every name, address and id of a person, or operator, that the event holds; empty for an erased one.
  public var names: [AuditName] {
    switch self {
    case .userObserved(let observed): observed.user.names
    case .decided(let decision):
      (decision.desired?.attributes.names(of: [.userName, .displayName]) ?? []) + AuditName.all([decision.cutFrom])
    case .linked(let linked): linked.account?.names ?? []
    case .unlinked(let unlinked): AuditName.all([unlinked.id])
    case .callStarted(let started): AuditName.all([started.userName])
    case .callFinished(let finished): finished.account?.names ?? []
    case .accountVerified(let verified): verified.account?.names ?? []
    case .driftDetected(let drift): drift.account?.names ?? []
    case .operatorSeen(let seen):
      AuditName.all([seen.identity?.login, seen.identity?.name, seen.identity?.invoker, seen.identity?.loginName])
    default: []
    }
  }
}

/// A value by which a person can be found.
public struct AuditName: Hashable, Sendable {
  /// The value as it was recorded.
  public var value: String
  /// False for an attribute that many share, which is searched but names nobody.
  public var isName: Bool

  /// A value.
  public init(_ value: String, isName: Bool = true) {
    self.value = value
    self.isName = isName
  }

  static func all(_ values: [String?]) -> [AuditName] {
    values.compactMap { value in value.flatMap { $0.isEmpty ? nil : AuditName($0) } }
  }
}

extension DirectoryUser {
  /// Attributes whose value is the person's own.
  private static let own: Set<DirectoryAttribute> = [.userPrincipalName, .displayName, .mail, .givenName, .surname]

  fileprivate var names: [AuditName] {
    AuditName.all([id])
      + attributes.compactMap { attribute, value in
        guard case .text(let text) = value, !text.isEmpty else { return nil }
        return AuditName(text, isName: Self.own.contains(attribute))
      }
  }

  fileprivate func changes(since last: DirectoryUser?) -> [String] {
    guard let last else { return attributes.map(\.key.rawValue) }
    let changed = attributes.filter { last.attributes[$0.key] != $0.value }.map(\.key.rawValue)
    // Nothing is left of an erased person, which is no change.
    if attributes.isEmpty { return [] }
    return changed + last.attributes.filter { attributes[$0.key] == nil }.map(\.key.rawValue)
  }
}

extension RemoteAccount {
  fileprivate var names: [AuditName] { AuditName.all([id]) + attributes.names(of: [.userName, .displayName]) }
}

extension AccountAttributes {
  fileprivate func names(of chosen: [AccountAttribute]) -> [AuditName] { AuditName.all(chosen.map { self[$0]?.text }) }
}

extension CallStarted {
  /// What the call would change, by what is wanted and what TeamViewer is believed to have.
  fileprivate func changes(since before: Person?) -> [String] {
    guard let wanted = before?.desired else { return [] }
    let believed = purpose == .create ? nil : before?.account.believed
    return wanted.attributes.names.filter { !$0.agrees(wanted[$0], believed?[$0]) }.map(\.description)
  }
}
