public import Base
import JSON

/// `delivery.completed`: TeamViewer has what the decisions up to one position want.
public struct DeliveryCompleted: Payload {
  /// The event type.
  public static let type = "delivery.completed"
  /// How it came about.
  public enum How: String, Sendable {
    /// By a call that TeamViewer answered.
    case call
    /// TeamViewer had it already.
    case alreadySo
    /// By a call without an answer, as a later read showed.
    case readBack
    /// The account went to the person who came back under a new object id.
    case moved
    /// The account is inactive because it no longer exists, or never did.
    case noAccount
  }

  /// How it came about.
  public var how: How
  /// The position of the newest decision that is completed; all older ones of the person are, too.
  public var decision: Int64
  /// The alias of the person who has the account now, for `moved`.
  public var successor: String?

  /// A completion.
  public init(_ how: How, decision: Int64, successor: String? = nil) {
    self.how = how
    self.decision = decision
    self.successor = successor
  }

  /// All in clear.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("how", .string(how.rawValue)), ("decision", decision.json), ("successor", successor.json),
      ]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let how = fields.clear["how"]?.string.flatMap(How.init) else { throw Self.missing("how") }
    guard let decision = fields.clear["decision"]?.position else { throw Self.missing("decision") }
    self.init(how, decision: decision, successor: fields.clear["successor"]?.string)
  }
}

/// Why a delivery does not go on, in the words of the provisioning logs where they have one
/// (Microsoft Learn, "How to download and analyze the Microsoft Entra provisioning logs", section "Error codes").
public enum ParkReason: String, CaseIterable, Sendable {
  /// The address belongs to an account outside the company.
  case addressOutsideCompany = "AddressOutsideCompany"
  /// The address belongs to the account of another person of the directory who is present.
  case entryConflict = "EntryConflict"
  /// The address of another person was asked to change, and TeamViewer still waits for the confirmation.
  case addressUnconfirmed = "AddressUnconfirmed"
  /// People exchange their addresses in a ring, so that none can go first.
  case addressRing = "AddressRing"
  /// The token may not change this account, while reads work.
  case insufficientRights = "InsufficientRights"
  /// The account that was linked no longer exists.
  case invalidAnchor = "InvalidAnchor"
  /// TeamViewer says that a value is not allowed.
  case rejected = "Rejected"
  /// TeamViewer answered well, but did not do it.
  case notApplied = "NotApplied"
  /// Every attempt on this account fails, while others succeed.
  case targetFault = "InternalServerError"
  /// What TeamViewer answers is about another account than was asked for, or cannot be an account at all.
  case unfitAnswer = "UnfitAnswer"
  /// A create was answered with an account under another address, and nobody knows whose that is; none is made again.
  case otherAddress = "OtherAddress"
  /// The list of all accounts cannot be read whole, so that nobody knows whose address is taken.
  case incompleteList = "IncompleteList"
  /// The account is the token's owner or a listed administrator, and is never disabled.
  case protectedAccount = "ProtectedAccount"
}

/// `delivery.parked`: TeamViewer refuses this delivery for a reason that waiting alone does not cure.
public struct DeliveryParked: Payload {
  /// The event type.
  public static let type = "delivery.parked"
  /// Why.
  public var reason: ParkReason
  /// The position of the decision that is not delivered.
  public var decision: Int64
  /// How often in a row it has been parked, from 1.
  public var attempt: Int
  /// When the first of these attempts failed.
  public var since: Timestamp
  /// When it is tried again by itself.
  public var retry: Timestamp
  /// The HTTP status of the refusal, if it was one.
  public var status: Int?
  /// What TeamViewer said in words.
  public var detail: String?

  /// A parked delivery.
  public init(
    _ reason: ParkReason, decision: Int64, attempt: Int, since: Timestamp, retry: Timestamp, status: Int? = nil,
    detail: String? = nil
  ) {
    self.reason = reason
    self.decision = decision
    self.attempt = attempt
    self.since = since
    self.retry = retry
    self.status = status
    self.detail = detail
  }

  /// In clear: all but the words of the answer.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("reason", .string(reason.rawValue)), ("decision", decision.json), ("attempt", attempt.json),
        ("since", since.json), ("retry", retry.json), ("status", status?.json),
      ]), sealed: JSONObject(present: [("detail", detail.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    let clear = fields.clear
    guard let reason = clear["reason"]?.string.flatMap(ParkReason.init) else { throw Self.missing("reason") }
    guard let decision = clear["decision"]?.position else { throw Self.missing("decision") }
    guard let attempt = clear["attempt"]?.integer else { throw Self.missing("attempt") }
    guard let since = clear["since"]?.timestamp else { throw Self.missing("since") }
    guard let retry = clear["retry"]?.timestamp else { throw Self.missing("retry") }
    self.init(
      reason, decision: decision, attempt: attempt, since: since, retry: retry, status: clear["status"]?.integer,
      detail: fields.sealed["detail"]?.string)
  }
}

/// `delivery.abandoned`: parked for 28 days; tried again only when the decision changes or somebody asks for it.
public struct DeliveryAbandoned: Payload {
  /// The event type.
  public static let type = "delivery.abandoned"
  /// Why it was parked last.
  public var reason: ParkReason
  /// The position of the decision that is not delivered.
  public var decision: Int64

  /// An abandoned delivery.
  public init(_ reason: ParkReason, decision: Int64) {
    self.reason = reason
    self.decision = decision
  }

  /// All in clear.
  public var fields: Fields {
    Fields(clear: JSONObject(present: [("reason", .string(reason.rawValue)), ("decision", decision.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let reason = fields.clear["reason"]?.string.flatMap(ParkReason.init) else { throw Self.missing("reason") }
    guard let decision = fields.clear["decision"]?.position else { throw Self.missing("decision") }
    self.init(reason, decision: decision)
  }
}
