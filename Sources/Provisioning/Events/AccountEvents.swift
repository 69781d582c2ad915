import Base
public import JSON

/// `account.linked`: from here on this person's deliveries go to this account.
public struct AccountLinked: Payload {
  /// The event type.
  public static let type = "account.linked"
  /// How the link came about.
  public enum How: String, Sendable {
    /// TeamViewer made the account for us.
    case created
    /// It had the address already, and nobody held it.
    case matched
    /// A person who has left held it.
    case moved
    /// A read after an unanswered create found it.
    case readBack
  }

  /// How the link came about.
  public var how: How
  /// The alias of the person who held it before, for `moved`.
  public var previous: String?
  /// The account; nil once the subject is erased.
  public var account: RemoteAccount?

  /// A link.
  public init(_ how: How, _ account: RemoteAccount?, previous: String? = nil) {
    self.how = how
    self.account = account
    self.previous = previous
  }

  /// In clear: how, and the alias of the previous holder. Sealed: the account.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [("how", .string(how.rawValue)), ("previous", previous.json)]),
      sealed: JSONObject(present: [("account", account?.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let how = fields.clear["how"]?.string.flatMap(How.init) else { throw Self.missing("how") }
    self.init(how, RemoteAccount(fields.sealed["account"]), previous: fields.clear["previous"]?.string)
  }
}

/// `account.unlinked`: the account that a person was linked to is theirs no longer, so that one with the person's address is
/// looked for.
public struct AccountUnlinked: Payload {
  /// The event type.
  public static let type = "account.unlinked"
  /// Why.
  public enum Reason: String, CaseIterable, Sendable {
    /// TeamViewer does not know its id, and a full read made after that does not show it.
    case notFound
    /// Another person holds it.
    case heldByAnother
    /// It is inactive, and another account that is active has the address of the person, who has left.
    case otherIsActive
    /// An operator let everybody be matched anew.
    case restarted
    /// TeamViewer's answer to a create was mistaken: it is the account that was made for another person.
    case madeForAnother

    /// True where what was delivered is to be brought to whatever account is found.
    public var reopens: Bool { self == .restarted || self == .madeForAnother }
  }

  /// Why.
  public var reason: Reason
  /// TeamViewer's id of the account; nil once the subject is erased.
  public var id: String?

  /// The end of a link.
  public init(_ reason: Reason, id: String?) {
    self.reason = reason
    self.id = id
  }

  /// In clear: why. Sealed: the account's id.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [("reason", .string(reason.rawValue))]),
      sealed: JSONObject(present: [("id", id.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let reason = fields.clear["reason"]?.string.flatMap(Reason.init) else { throw Self.missing("reason") }
    self.init(reason, id: fields.sealed["id"]?.string)
  }
}

/// What a SCIM call is for.
public enum CallPurpose: String, Sendable {
  /// Make an account.
  case create
  /// Change an account.
  case change
  /// Find out what became of an unanswered write.
  case readBack
  /// See that a disabled account is inactive, or that an enabled one is active where the answer did not show it.
  case verify
  /// Read all accounts, to match.
  case list
  /// See whether plain reads work.
  case probe

  /// True when the call may change something at TeamViewer.
  public var isWrite: Bool { self == .create || self == .change }
}

/// `scim.call.started`: a write is about to leave; durable before its bytes do.
public struct CallStarted: Payload {
  /// The event type.
  public static let type = "scim.call.started"
  /// The call's number in this account's life, from 1, so that `finished` finds its `started`.
  public var call: Int
  /// What it is for.
  public var purpose: CallPurpose
  /// The log position of the decision that it carries out.
  public var decision: Int64
  /// The address that a create or a rename carries; a read-back looks for it.
  public var userName: String?
  /// The method and path template.
  public var operation: String
  /// The request's body.
  public var body: JSONValue?

  /// A write that is about to leave; without an operation, the one that its purpose most often means.
  public init(
    call: Int, purpose: CallPurpose, decision: Int64, userName: String?, operation: String? = nil, body: JSONValue?
  ) {
    self.call = call
    self.purpose = purpose
    self.decision = decision
    self.userName = userName
    self.operation = operation ?? (purpose == .create ? "POST /Users" : "PATCH /Users/{id}")
    self.body = body
  }

  /// In clear: number, purpose, operation, decision. Sealed: address and body.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("call", call.json), ("purpose", .string(purpose.rawValue)), ("operation", .string(operation)),
        ("decision", decision.json),
      ]), sealed: JSONObject(present: [("userName", userName.json), ("body", body)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let call = fields.clear["call"]?.integer else { throw Self.missing("call") }
    guard let purpose = fields.clear["purpose"]?.string.flatMap(CallPurpose.init) else { throw Self.missing("purpose") }
    guard let decision = fields.clear["decision"]?.position else { throw Self.missing("decision") }
    self.init(
      call: call, purpose: purpose, decision: decision, userName: fields.sealed["userName"]?.string,
      operation: fields.clear["operation"]?.string, body: fields.sealed["body"])
  }
}

/// `scim.call.finished`: what came of a call, or that nobody knows.
public struct CallFinished: Payload {
  /// The event type.
  public static let type = "scim.call.finished"
  /// What came of it.
  public enum Outcome: String, Sendable {
    /// TeamViewer did it, or answered the read.
    case done
    /// A read found no such account.
    case notFound
    /// TeamViewer refused it; nothing changed.
    case refused
    /// The call failed and certainly changed nothing.
    case failed
    /// A write of which nobody knows whether it took effect: read back before anything is sent again.
    case unknown
  }

  /// The `error` of a write whose start was recorded ahead and which was never sent.
  public static let notSent = "not-sent"
  /// True when there was no call at all.
  public var isUnsent: Bool { error == Self.notSent }

  /// The number of the `started` event; 0 for reads, which have none.
  public var call: Int
  /// What it was for.
  public var purpose: CallPurpose
  /// The method and path template.
  public var operation: String
  /// What came of it.
  public var outcome: Outcome
  /// The HTTP status; nil when no answer arrived.
  public var status: Int?
  /// A stable word for what went wrong, such as `timeout` or `html`.
  public var error: String?
  /// From sending to the answer, in milliseconds.
  public var milliseconds: Int
  /// Pages and accounts of a full read.
  public var pages: Int?
  /// The number of accounts of a full read; who they are is not recorded.
  public var count: Int?
  /// The account as the answer shows it.
  public var account: RemoteAccount?
  /// What TeamViewer said in words, at most 1,024 characters.
  public var detail: String?

  /// What came of a call.
  public init(
    call: Int, purpose: CallPurpose, operation: String, outcome: Outcome, status: Int?, error: String? = nil,
    milliseconds: Int, pages: Int? = nil, count: Int? = nil, account: RemoteAccount? = nil, detail: String? = nil
  ) {
    self.call = call
    self.purpose = purpose
    self.operation = operation
    self.outcome = outcome
    self.status = status
    self.error = error
    self.milliseconds = milliseconds
    self.pages = pages
    self.count = count
    self.account = account
    self.detail = detail
  }

  /// In clear: all but the account and the words of the answer.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("call", call.json), ("purpose", .string(purpose.rawValue)), ("operation", .string(operation)),
        ("outcome", .string(outcome.rawValue)), ("status", status?.json), ("error", error.json),
        ("milliseconds", milliseconds.json), ("pages", pages?.json), ("count", count?.json),
      ]), sealed: JSONObject(present: [("account", account?.json), ("detail", detail.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    let clear = fields.clear
    guard let call = clear["call"]?.integer else { throw Self.missing("call") }
    guard let purpose = clear["purpose"]?.string.flatMap(CallPurpose.init) else { throw Self.missing("purpose") }
    guard let operation = clear["operation"]?.string else { throw Self.missing("operation") }
    guard let outcome = clear["outcome"]?.string.flatMap(Outcome.init) else { throw Self.missing("outcome") }
    guard let milliseconds = clear["milliseconds"]?.integer else { throw Self.missing("milliseconds") }
    self.init(
      call: call, purpose: purpose, operation: operation, outcome: outcome, status: clear["status"]?.integer,
      error: clear["error"]?.string, milliseconds: milliseconds, pages: clear["pages"]?.integer,
      count: clear["count"]?.integer, account: RemoteAccount(fields.sealed["account"]),
      detail: fields.sealed["detail"]?.string)
  }
}

/// `account.verified`: a read showed that the account of a leaver is inactive, or that it no longer exists.
public struct AccountVerified: Payload {
  /// The event type.
  public static let type = "account.verified"
  /// True when TeamViewer no longer has the account at all.
  public var isGone: Bool
  /// The account as read.
  public var account: RemoteAccount?

  /// A verification.
  public init(isGone: Bool, account: RemoteAccount? = nil) {
    self.isGone = isGone
    self.account = account
  }

  /// In clear: whether the account is gone. Sealed: the account.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [("gone", .bool(isGone))]), sealed: JSONObject(present: [("account", account?.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let gone = fields.clear["gone"]?.bool else { throw Self.missing("gone") }
    self.init(isGone: gone, account: RemoteAccount(fields.sealed["account"]))
  }
}
