public import Base
import JSON

/// `reconcile.requested`: an operator asks the running worker to compare TeamViewer with the log.
public struct ReconcileRequested: Payload {
  /// The event type.
  public static let type = "reconcile.requested"
  /// The request's id; `reconcile.finished` names it.
  public var id: String
  /// True to repair what is found, false to report it; nil for what the configuration says.
  public var repair: Bool?

  /// A request.
  public init(id: String, repair: Bool? = nil) {
    self.id = id
    self.repair = repair
  }

  /// All in clear.
  public var fields: Fields {
    Fields(clear: JSONObject(present: [("id", .string(id)), ("repair", repair.map(JSONValue.bool))]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let id = fields.clear["id"]?.string else { throw Self.missing("id") }
    self.init(id: id, repair: fields.clear["repair"]?.bool)
  }
}

/// `drift.detected`: a full read shows an account of ours other than the log says, and we did not change it.
public struct DriftDetected: Payload {
  /// The event type.
  public static let type = "drift.detected"
  /// 2: whether the link to the account stays.
  public static let schema = 2
  /// What differs.
  public enum Kind: String, CaseIterable, Sendable {
    /// The account is no longer there.
    case missing
    /// The account of somebody who is to have none is active.
    case extra
    /// Name or address were changed.
    case changed
    /// The account of somebody who is to have one is inactive.
    case disabled
  }

  /// What differs.
  public var kind: Kind
  /// True when the worker is to bring the account back; false when the drift is reported only.
  public var isRepaired: Bool
  /// True when the person stays linked to the account; what is reported only never ends a link.
  public var isLinked: Bool
  /// The account as read; nil when it is missing.
  public var account: RemoteAccount?

  /// A drift; unless told otherwise the link ends when a missing account is to be made again.
  public init(_ kind: Kind, isRepaired: Bool, isLinked: Bool? = nil, account: RemoteAccount?) {
    self.kind = kind
    self.isRepaired = isRepaired
    self.isLinked = isLinked ?? !(kind == .missing && isRepaired)
    self.account = account
  }

  /// In clear: kind, policy and link. Sealed: the account.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("kind", .string(kind.rawValue)), ("repair", .bool(isRepaired)), ("linked", .bool(isLinked)),
      ]),
      sealed: JSONObject(present: [("account", account?.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let kind = fields.clear["kind"]?.string.flatMap(Kind.init) else { throw Self.missing("kind") }
    guard let repair = fields.clear["repair"]?.bool else { throw Self.missing("repair") }
    guard let linked = fields.clear["linked"]?.bool else { throw Self.missing("linked") }
    self.init(kind, isRepaired: repair, isLinked: linked, account: RemoteAccount(fields.sealed["account"]))
  }
}

/// `reconcile.finished`: TeamViewer was read whole and compared with the log. Accounts that are not ours appear as a number.
public struct ReconcileFinished: Payload {
  /// The event type.
  public static let type = "reconcile.finished"
  /// The request that asked for it; nil when the schedule did.
  public var request: String?
  /// When it was finished.
  public var finished: Timestamp
  /// The number of accounts that TeamViewer showed.
  public var accounts: Int
  /// The number of those that nobody in the log is linked to.
  public var unmanaged: Int
  /// How many differ, by kind; also those that an earlier comparison found.
  public var drift: [DriftDetected.Kind: Int]
  /// The number of accounts that the worker will bring back.
  public var repairs: Int
  /// True when so many differ that nothing is repaired, whatever the policy says: the read itself may be wrong.
  public var isWithheld: Bool

  /// A comparison.
  public init(
    request: String?, finished: Timestamp, accounts: Int, unmanaged: Int, drift: [DriftDetected.Kind: Int],
    repairs: Int, isWithheld: Bool
  ) {
    self.request = request
    self.finished = finished
    self.accounts = accounts
    self.unmanaged = unmanaged
    self.drift = drift.filter { $0.value > 0 }
    self.repairs = repairs
    self.isWithheld = isWithheld
  }

  /// All in clear.
  public var fields: Fields {
    var clear = JSONObject(present: [
      ("request", request.json), ("finished", finished.json), ("accounts", accounts.json),
      ("unmanaged", unmanaged.json), ("repairs", repairs.json), ("withheld", .bool(isWithheld)),
    ])
    for kind in DriftDetected.Kind.allCases { clear[kind.rawValue] = (drift[kind] ?? 0).json }
    return Fields(clear: clear)
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    let clear = fields.clear
    guard let finished = clear["finished"]?.timestamp else { throw Self.missing("finished") }
    guard let accounts = clear["accounts"]?.integer else { throw Self.missing("accounts") }
    guard let unmanaged = clear["unmanaged"]?.integer else { throw Self.missing("unmanaged") }
    guard let repairs = clear["repairs"]?.integer else { throw Self.missing("repairs") }
    guard let withheld = clear["withheld"]?.bool else { throw Self.missing("withheld") }
    var drift: [DriftDetected.Kind: Int] = [:]
    for kind in DriftDetected.Kind.allCases {
      guard let count = clear[kind.rawValue]?.integer else { throw Self.missing(kind.rawValue) }
      drift[kind] = count
    }
    self.init(
      request: clear["request"]?.string, finished: finished, accounts: accounts, unmanaged: unmanaged, drift: drift,
      repairs: repairs, isWithheld: withheld)
  }
}
