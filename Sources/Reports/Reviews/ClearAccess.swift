import Provisioning

/// Whether the account of somebody who was erased was active, by what stands in clear: it follows what was decided once that
/// is delivered, unless a comparison finds it otherwise.
struct ClearAccess {
  private var wanted: [(decision: Int64, active: Bool)] = []
  private var carried: Int64 = 0
  private(set) var isActive = false

  /// After some events of one person, in order.
  init(_ events: some Sequence<LoggedEvent>) { for event in events { take(event) } }

  private mutating func take(_ logged: LoggedEvent) {
    switch logged.payload {
    case .decided(let decision): decide(decision, at: logged.position)
    case .linked: isActive = true
    case .unlinked, .accountVerified, .subjectErased: isActive = false
    case .callStarted(let started): carried = started.decision
    case .callFinished(let finished) where finished.purpose == .change && finished.outcome == .done:
      isActive = isWanted(by: carried)
    case .deliveryCompleted(let completed):
      let hasNone = completed.how == .moved || completed.how == .noAccount
      isActive = !hasNone && isWanted(by: completed.decision)
    case .deliveryParked(let parked) where parked.reason == .invalidAnchor: isActive = false
    case .driftDetected(let drift): compare(drift)
    default: break
    }
  }

  private mutating func decide(_ decision: Decision, at position: Int64) {
    switch decision.action {
    case .create, .update, .enable: wanted.append((position, true))
    case .disable: wanted.append((position, false))
    case .skip, .held, .none: break
    }
  }

  private mutating func compare(_ drift: DriftDetected) {
    switch drift.kind {
    case .missing: if !drift.isLinked { isActive = false }
    case .disabled: isActive = false
    case .extra: isActive = true
    case .changed: break
    }
  }

  private func isWanted(by decision: Int64) -> Bool { wanted.last { $0.decision <= decision }?.active ?? false }
}
