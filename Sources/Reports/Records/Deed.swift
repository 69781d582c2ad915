import Provisioning

/// One thing that a person did with the ledger.
struct Deed {
  let row: AuditRow
  /// Where it stands; several streams where it is a plan.
  var streams: Set<Stream>
  /// The other decisions of the same plan.
  var others: [AuditRow] = []

  init(_ logged: LoggedEvent) {
    row = AuditRow(logged)
    streams = [logged.stream]
  }

  var count: Int { others.count + 1 }

  /// Whether it is a plan: decisions that belong together.
  var isPlan: Bool { row.type == Decision.type }

  /// The decisions' action; a plan where they have several.
  var action: String { shared(\.outcome.action) ?? "plan" }

  /// Of several actions how often each was decided.
  var words: String {
    if shared(\.outcome.action) != nil { return row.text ?? "" }
    let counts = Dictionary(grouping: [row] + others, by: \.outcome.action).mapValues(\.count)
    return counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }

  /// What all of it has in common; nil where they differ.
  func shared(_ value: (AuditRow) -> String) -> String? {
    let first = value(row)
    return others.allSatisfy { value($0) == first } ? first : nil
  }
}

/// Collects what people did, event by event.
struct DeedFold {
  /// What the program does on its way, whoever started it; the rest are deeds when a person did them.
  private static let automatic: Set<String> = [
    UserObserved.type, Decision.type, CycleFinished.type, CycleInterrupted.type, AccountLinked.type,
    AccountUnlinked.type, CallStarted.type, CallFinished.type, DeliveryCompleted.type, DeliveryParked.type,
    DeliveryAbandoned.type, AccountVerified.type, TargetPaused.type, TargetUnreachable.type, QuarantineEntered.type,
    SafeguardTripped.type, OperatorSeen.type, QuotaReserved.type, CircuitOpened.type, CircuitClosed.type,
    DriftDetected.type, ReconcileFinished.type,
  ]

  /// The events that it looks at: decisions, too, where a person took them without a cycle.
  static let types = Set(EventPayload.types).subtracting(automatic).union([Decision.type])

  private var acts: [Deed] = []
  private var plans: [String: Deed] = [:]

  /// All of them, in the order of the log.
  var deeds: [Deed] { (acts + plans.values).sorted { $0.row.position < $1.row.position } }

  mutating func take(_ logged: LoggedEvent) {
    guard logged.actor.isPerson, Self.types.contains(logged.payload.type) else { return }
    guard case .decided(let decision) = logged.payload else { return acts.append(Deed(logged)) }
    guard [.restored, .handedOver, .detached].contains(decision.reason) else { return }
    let plan = logged.correlation ?? String(logged.position)
    if plans[plan] == nil {
      plans[plan] = Deed(logged)
    } else {
      plans[plan]?.others.append(AuditRow(logged))
      plans[plan]?.streams.insert(logged.stream)
    }
  }
}

extension Actor {
  /// Whether a human did it, by hand or with a token.
  fileprivate var isPerson: Bool {
    switch self {
    case .operator, .signIn, .token: true
    case .worker, .schedule, .ledger, .other: false
    }
  }
}
