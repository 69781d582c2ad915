public import Base
public import EventLog
public import Provisioning
public import Views

/// An event as it leaves the ledger: flat, opened, with what is known by then of the person that it is about.
///
/// All formats are made of this and of nothing else, so that what `hiding` takes away is in none of them.
public struct ExportedEvent: Equatable, Sendable {
  /// Its place in the log.
  public var position: Int64
  /// Its identifier.
  public var id: EventID
  /// The hash of its entry, a leaf of the log's tree (RFC 6962).
  public var leaf: Digest32
  /// The thing that it belongs to.
  public var stream: String
  /// What an auditor asks of it.
  public var row: AuditRow
  /// Whom it is about.
  public var person: ExportedPerson?
  /// What changes for the person, by the decision that is taken, delivered or refused.
  public var changes: [ModifiedProperty] = []
  /// The call that it is about, or that came before it.
  public var call: ExportedCall?
  /// When that decision was taken.
  public var decided: Timestamp?
  /// What was done to an account, or was to be, where a delivery ended; nil where no account was changed.
  public var accountAction: Decision.Action?
  /// What the directory shows of the person by then; nil where it was not asked.
  public var source: ExportedSource?

  /// An event of a row.
  public init(_ row: AuditRow, id: EventID, leaf: Digest32, stream: String) {
    (self.row, self.id, self.leaf, self.stream) = (row, id, leaf, stream)
    position = row.position
  }

  /// The event type.
  public var type: String { row.type }
  /// What it did.
  public var action: String { row.outcome.action }
  /// How that went.
  public var status: AuditOutcome.Status { row.outcome.status }
  /// Why.
  public var reason: String? { row.outcome.reason }

  /// One sentence.
  public var sentence: String {
    let whom = person.map { " of \($0.name)" } ?? ""
    let why = [reason, row.text].compactMap { $0 }.joined(separator: ": ")
    return "\(action)\(whom): \(status.rawValue)" + (why.isEmpty ? "" : " (\(why))")
  }

  /// The same, with no more of people than is to be shown.
  public func hiding(_ privacy: ExportPrivacy) -> ExportedEvent {
    if privacy == .clear { return self }
    var event = self
    event.person = person.map { ExportedPerson(alias: $0.alias) }
    event.changes = changes.map { ModifiedProperty(displayName: $0.displayName, oldValue: nil, newValue: nil) }
    event.row.text = nil
    event.row.actor = row.actor.withoutName
    guard privacy == .none else { return event }
    (event.person, event.row.subject) = (nil, nil)
    event.stream = String(stream.prefix { $0 != "/" })
    return event
  }
}

/// The person that an event is about, as far as the log had told by then.
public struct ExportedPerson: Equatable, Sendable {
  /// The random identifier in the log.
  public var alias: String
  /// The directory's object id.
  public var objectID: String?
  /// The sign-in name in the directory.
  public var userPrincipalName: String?
  /// The name in the directory.
  public var displayName: String?
  /// The mail address in the directory.
  public var mail: String?
  /// The id of the linked account.
  public var accountID: String?
  /// The address of the account: as it is, else as it is wanted.
  public var accountName: String?

  /// Somebody of whom the alias alone is known.
  public init(alias: String) { self.alias = alias }

  /// What is known of a person.
  init(_ person: Person) {
    alias = person.alias
    guard person.erasure == nil else { return }
    objectID = person.user.flatMap { $0.id.isEmpty ? nil : $0.id }
    userPrincipalName = person.user?[.userPrincipalName]
    displayName = person.user?[.displayName]
    mail = person.user?[.mail]
    accountID = person.account.believed?.id
    accountName = person.account.believed?.userName ?? person.lastDesired?.userName
  }

  /// The most telling of the names, else the alias.
  public var name: String { userPrincipalName ?? accountName ?? alias }
}

/// What a directory source shows of a person.
public struct ExportedSource: Equatable, Sendable {
  /// Whether they are there and may sign in.
  public var isActive: Bool
  /// Whether the application is assigned to them; nil where nobody looks at that.
  public var isAssigned: Bool?
  /// What was received last.
  public var received: Change
  /// Whether the decision rests on that, and not on what a reviewer or an operator ordered.
  public var isGround: Bool

  /// What was received of somebody.
  public enum Change: String, Sendable {
    /// They are new, or back.
    case add = "Add"
    /// They are there, as before.
    case update = "Update"
    /// They are gone.
    case delete = "Delete"
  }
}

/// A call to the target.
public struct ExportedCall: Equatable, Sendable {
  /// The method, such as `PATCH`.
  public var method: String
  /// The path template, such as `/Users/{id}`.
  public var path: String
  /// The HTTP status; nil when no answer arrived, or none yet.
  public var status: Int?
  /// From sending to the answer, in milliseconds; nil before there is one.
  public var milliseconds: Int?

  /// A call; `operation` is the method and the path template.
  public init(_ operation: String, status: Int? = nil, milliseconds: Int? = nil) {
    let parts = operation.split(separator: " ", maxSplits: 1).map(String.init)
    method = parts.first ?? ""
    path = parts.count > 1 ? parts[1] : ""
    (self.status, self.milliseconds) = (status, milliseconds)
  }
}

extension Actor {
  /// The kind alone, where the id may tell somebody.
  var withoutName: Actor {
    switch self {
    case .operator, .signIn, .token, .other: .other(kind)
    case .worker, .schedule, .ledger: self
    }
  }

  /// What kind of actor it is.
  var kind: String {
    switch self {
    case .operator: "operator"
    case .signIn: "sign-in"
    case .token: "token"
    case .worker: "worker"
    case .schedule: "schedule"
    case .ledger: "ledger"
    case .other(let text): ["operator", "sign-in", "token"].contains(text) ? text : "other"
    }
  }

  /// Whether a human acts.
  var isHuman: Bool { ["operator", "sign-in"].contains(kind) }
}
