public import Base
public import Provisioning

/// One change of somebody's access: what the directory showed, what was decided of it, and when TeamViewer had it.
///
/// Times are of the recorded events, and only grow: observed, decided, sent, confirmed, verified.
public struct AccessChange: Equatable, Sendable {
  /// What the change is to the person.
  public enum Kind: String, CaseIterable, Sendable {
    /// An account is made, or active again.
    case joiner
    /// Attributes of an active account change.
    case mover
    /// The account is to be inactive.
    case leaver
  }

  /// How far the change has come.
  public enum Status: String, Sendable {
    /// Nothing was to be done at TeamViewer, since there is no account.
    case noAccount
    /// TeamViewer has it; of a leaver a read has shown it.
    case done
    /// A leaver's disable was answered, and no read has shown it yet.
    case confirmed
    /// The safeguard holds a leaver, so that nothing was decided yet.
    case held
    /// It is still to come.
    case pending
    /// TeamViewer refuses it, and it is tried again.
    case parked
    /// It was given up.
    case abandoned
    /// An operator did not want it delivered, or holds the person.
    case stopped
    /// A later decision took its place before it was delivered.
    case superseded
  }

  /// An event that the change rests on.
  public struct Point: Equatable, Sendable {
    /// Its place in the log.
    public let position: Int64
    /// When it was recorded.
    public let time: Timestamp
  }

  /// What the change is.
  public let kind: Kind
  /// Who it is.
  public let alias: String
  /// The sign-in name at that time; nil for whoever was erased since.
  public let userPrincipalName: String?
  /// The name at that time; nil for whoever was erased since.
  public let displayName: String?
  /// What was decided; `held` of whom the safeguard holds.
  public let action: Decision.Action
  /// Why.
  public let reason: Decision.Reason
  /// The newest observation that the decision rests on; of what a reviewer or an operator ordered, that order.
  public let observed: Point
  /// The decision.
  public let decided: Point
  /// The first call for it.
  public internal(set) var sent: Point?
  /// The answer that confirmed it, or the reading that found it so.
  public internal(set) var confirmed: Point?
  /// The read that showed a leaver's account inactive or gone.
  public internal(set) var verified: Point?
  /// How far it has come.
  public internal(set) var status: Status
  /// True for somebody whose values were erased since.
  public let isErased: Bool
  /// The observation that gave the names; nil where nothing did.
  let named: Int64?

  /// The event that ended it: a leaver's read, everybody else's confirmation.
  public var ended: Point? { status == .done || status == .noAccount ? (kind == .leaver ? verified : confirmed) : nil }

  /// From the observation to the end, in milliseconds; nil while it has not ended.
  public var milliseconds: Int64? { ended.map { $0.time.milliseconds - observed.time.milliseconds } }

  /// Whether somebody else answers for it: the decision that took its place, or the operator who stopped it.
  private var isSetAside: Bool { status == .superseded || status == .stopped }

  /// Whether it is still to be done, and nothing but TeamViewer stands in the way.
  var isAwaited: Bool { ended == nil && !isSetAside && status != .held }

  /// Whether it took, or has taken up to a moment, longer than a limit; also while the safeguard holds it. What is set aside
  /// is judged by the decision that replaces it, or by whoever stopped it.
  public func breaches(_ limit: Duration, at now: Timestamp) -> Bool {
    if isSetAside { return false }
    let end = ended?.time ?? now
    return end > observed.time + limit
  }
}

extension AccessChange {
  /// Every change of one person, in order, from the events of both their streams up to a moment. `isErased` says that they
  /// were erased, at whatever time. Pure.
  public static func all(_ alias: String, _ events: [LoggedEvent], isErased: Bool) -> [AccessChange] {
    var fold = AccessFold(alias, isErased: isErased)
    for event in events { fold.take(event) }
    return fold.changes
  }
}
