public import Base
public import Provisioning

/// The faults of an outage: the log gets the first of each kind as an event of its own, and a count of all others, at most
/// once an hour. So it grows by the time that an outage lasts, never by how often TeamViewer fails.
public struct FaultTally: Equatable, Sendable {
  /// What makes two faults the same.
  public struct Kind: Hashable, Sendable {
    /// The method and path template.
    public var operation: String
    /// The word that the log keeps of what went wrong.
    public var error: String
    /// The status of the answer; nil when none arrived.
    public var status: Int?

    /// A kind.
    public init(operation: String, error: String, status: Int?) {
      (self.operation, self.error, self.status) = (operation, error, status)
    }
  }

  /// How many kinds are told apart; all beyond them are as one.
  static let mostKinds = 32
  /// How long it is at least from one count to the next.
  static let span = Duration.seconds(3600)

  private var kinds: Set<Kind> = []
  private var untold: TargetUnreachable?
  private var told: Timestamp?

  /// Nothing is known of an outage.
  public init() {}

  /// The process has started: what the log says of an outage is known.
  public mutating func start(_ condition: TargetCondition) {
    if let circuit = condition.circuit {
      kinds.insert(Kind(operation: circuit.operation, error: circuit.error, status: circuit.status))
    }
    guard let last = condition.unreachable else { return }
    kinds.insert(Kind(operation: last.operation, error: last.error, status: last.status))
    told = last.last
  }

  /// Takes a fault in; true when the log needs no event of its own for it, since there is an outage and it has one of the
  /// kind.
  public mutating func counts(_ kind: Kind, isOutage: Bool, at now: Timestamp) -> Bool {
    let isKnown = kinds.contains(kind) || kinds.count >= Self.mostKinds
    if kinds.count < Self.mostKinds { kinds.insert(kind) }
    guard isOutage, isKnown else { return false }
    var faults = untold ?? TargetUnreachable(count: 0, first: now, last: now, operation: "", error: "")
    faults.count += 1
    (faults.last, faults.operation, faults.error, faults.status) = (now, kind.operation, kind.error, kind.status)
    untold = faults
    return true
  }

  /// What the log is to have now. `isEnding` says that nothing more will come of this process; what is over within the
  /// hour is then left out.
  public mutating func summary(isEnding: Bool, at now: Timestamp) -> TargetUnreachable? {
    guard let faults = untold else { return nil }
    guard let last = told ?? (isEnding ? nil : faults.first) else { return take(at: now) }
    return now - last >= Self.span ? take(at: now) : nil
  }

  /// The outage is over: the kinds are forgotten, and what was not told yet is returned.
  public mutating func end(at now: Timestamp) -> TargetUnreachable? {
    kinds = []
    defer { told = nil }
    return take(at: now)
  }

  private mutating func take(at now: Timestamp) -> TargetUnreachable? {
    guard let faults = untold else { return nil }
    untold = nil
    told = now
    return faults
  }
}
