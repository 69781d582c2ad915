/// Who was behind each actor when, as `operator.seen` tells: several people may act under one login, as by `sudo`.
public struct Humans: Sendable {
  private var seen: [Actor: [(position: Int64, login: String)]] = [:]

  /// Nobody is known yet.
  public init() {}

  /// Takes over an event, in the order of the log; others than `operator.seen` change nothing.
  public mutating func evolve(_ logged: LoggedEvent) {
    guard case .operatorSeen(let who) = logged.payload, let identity = who.identity else { return }
    seen[Actor(who.actor), default: []].append((logged.position, identity.human))
  }

  /// The login of the human who acted at a position; nil for what no operator did. Of an operator who was erased it is the
  /// actor's own.
  public func human(behind actor: Actor, at position: Int64) -> String? {
    guard case .operator(let login) = actor else { return nil }
    return seen[actor]?.last { $0.position < position }?.login ?? login
  }
}

extension OperatorIdentity {
  /// The login of the human: who signed in to the machine, else who used `sudo`, else as whom the program ran.
  public var human: String { loginName ?? invoker ?? login }
}

extension LoggedEvent {
  /// Whether the event provisions its person, or approves that: a decision that changes the account, or an operator's word
  /// on its delivery. What a review decides is none.
  public var isProvisioning: Bool {
    switch payload {
    case .decided(let decision):
      [.create, .update, .enable, .disable].contains(decision.action) && decision.reason != .accessReviewed
    case .deliveryRetried, .deliverySkipped, .deliveryHeld: true
    default: false
    }
  }

  /// The event types among which such events are.
  public static let provisioningTypes: Set<String> = [
    Decision.type, DeliveryRetried.type, DeliverySkipped.type, DeliveryHeld.type,
  ]
}
