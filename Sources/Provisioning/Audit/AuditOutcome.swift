/// What an event did, how it went, and why: the three words by which audit rows are filtered.
public struct AuditOutcome: Equatable, Sendable {
  /// How it went; the first four are the words of Microsoft Entra's provisioning logs.
  public enum Status: String, CaseIterable, Sendable {
    /// It was done.
    case success
    /// It was refused, or failed.
    case failure
    /// There was nothing to do, or nothing is done.
    case skipped
    /// Somebody should look.
    case warning
    /// More follows: a decision that is to be delivered, a call that left.
    case pending
  }

  /// What was done: a decision's action, else a word for the event.
  public var action: String
  /// How it went.
  public var status: Status
  /// Why: a reason or an error code, where there is one.
  public var reason: String?

  /// An outcome.
  public init(_ action: String, _ status: Status = .success, _ reason: String? = nil) {
    self.action = action
    self.status = status
    self.reason = reason
  }

  /// What an event did; `person` is the one that it is about, after it. An event of which nothing more is known has its type
  /// as action.
  init(_ payload: EventPayload, of person: Person?) {
    self =
      Self.decided(payload) ?? Self.called(payload, person) ?? Self.delivered(payload, person) ?? Self.account(payload)
      ?? Self.reviewed(payload) ?? Self.target(payload) ?? Self.cycle(payload) ?? Self.operators(payload)
      ?? Self.ledger(payload)
      ?? AuditOutcome(payload.type)
  }

  private static func decided(_ payload: EventPayload) -> AuditOutcome? {
    guard case .decided(let decision) = payload else { return nil }
    let status: Status =
      switch decision.action {
      case .skip, .none: .skipped
      case .held: .warning
      case .create, .update, .disable, .enable: .pending
      }
    return AuditOutcome(decision.action.rawValue, status, decision.reason.rawValue)
  }

  private static func called(_ payload: EventPayload, _ person: Person?) -> AuditOutcome? {
    switch payload {
    case .callStarted(let started): AuditOutcome(deed(started.purpose, person), .pending)
    case .callFinished(let finished):
      AuditOutcome(
        deed(finished.purpose, person), finished.auditStatus,
        finished.error ?? (finished.outcome == .done ? nil : finished.status.map { "HTTP \($0)" }))
    default: nil
    }
  }

  private static func delivered(_ payload: EventPayload, _ person: Person?) -> AuditOutcome? {
    switch payload {
    case .deliveryCompleted(let completed): AuditOutcome(deed(person), .success, completed.how.rawValue)
    case .deliveryParked(let parked): AuditOutcome(deed(person), .failure, parked.reason.rawValue)
    case .deliveryAbandoned(let abandoned): AuditOutcome(deed(person), .failure, abandoned.reason.rawValue)
    case .deliveryRetried: AuditOutcome("retry")
    case .deliverySkipped: AuditOutcome("skip", .skipped)
    case .deliveryHeld: AuditOutcome("hold", .warning)
    default: nil
    }
  }

  private static func account(_ payload: EventPayload) -> AuditOutcome? {
    switch payload {
    case .userObserved(let observed): AuditOutcome("observe", .success, observed.state.rawValue)
    case .linked(let linked): AuditOutcome("link", .success, linked.how.rawValue)
    case .unlinked(let unlinked): AuditOutcome("unlink", .warning, unlinked.reason.rawValue)
    case .accountVerified(let verified): AuditOutcome("verify", .success, verified.isGone ? "gone" : "inactive")
    case .driftDetected(let drift): AuditOutcome("drift", .warning, drift.kind.rawValue)
    case .subjectErased(let erased): AuditOutcome("erase", .success, erased.reason.code)
    case .erasureRefused(let refused): AuditOutcome("erase", .failure, refused.obstacle.rawValue)
    case .legalHoldPlaced: AuditOutcome("holdLegally")
    case .legalHoldLifted: AuditOutcome("liftLegalHold")
    default: nil
    }
  }

  /// The action of the decision that is carried out; `update` where none is known.
  private static func deed(_ person: Person?) -> String { (person?.decision?.action ?? .update).rawValue }

  private static func deed(_ purpose: CallPurpose, _ person: Person?) -> String {
    purpose == .change ? deed(person) : purpose.rawValue
  }
}

extension CallFinished {
  fileprivate var auditStatus: AuditOutcome.Status {
    switch outcome {
    case .done: .success
    case .notFound, .unknown: .warning
    case .refused, .failed: isUnsent ? .skipped : .failure
    }
  }
}
