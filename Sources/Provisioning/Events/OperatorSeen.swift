import Base
public import JSON

/// The human behind an operator, as far as the machine tells: all of it personal data.
public struct OperatorIdentity: Equatable, Sendable {
  /// The login name under which the program ran.
  public var login: String
  /// The name in the machine's list of accounts (passwd(5)).
  public var name: String?
  /// The login name of whoever became another by `sudo`, as the environment says.
  public var invoker: String?
  /// The number of the user as whom the program ran (geteuid(2)).
  public var user: Int?
  /// The number of the user who signed in, which stays over `sudo` and `su` (pam_loginuid(8)); nil where the machine does
  /// not know.
  public var loginUser: Int?
  /// That user's name in the machine's list of accounts.
  public var loginName: String?
  /// The name of the machine.
  public var host: String

  /// A human.
  public init(
    login: String, name: String? = nil, invoker: String? = nil, user: Int? = nil, loginUser: Int? = nil,
    loginName: String? = nil, host: String
  ) {
    self.login = login
    self.name = name
    self.invoker = invoker
    self.user = user
    self.loginUser = loginUser
    self.loginName = loginName
    self.host = host
  }

  /// As a JSON object.
  public var json: JSONObject {
    JSONObject(present: [
      ("host", .string(host)), ("invoker", invoker.json), ("login", .string(login)),
      ("loginName", loginName.json), ("loginUser", loginUser?.json), ("name", name.json), ("user", user?.json),
    ])
  }

  /// Reads the object that `json` writes; nil for another.
  public init?(_ object: JSONObject) {
    guard let login = object["login"]?.string, let host = object["host"]?.string else { return nil }
    self.init(
      login: login, name: object["name"]?.string, invoker: object["invoker"]?.string, user: object["user"]?.integer,
      loginUser: object["loginUser"]?.integer, loginName: object["loginName"]?.string, host: host)
  }
}

/// `operator.seen`: who acts under an actor's id, when that is new or has changed. It stands in a stream of the
/// operator's own, sealed under the operator's own key, and can be erased like a person.
public struct OperatorSeen: Payload {
  /// The event type.
  public static let type = "operator.seen"
  /// 2: the users as whom the program ran and who signed in.
  public static let schema = 2
  /// The actor, as envelopes name it.
  public var actor: String
  /// Who it is; nil once the operator is erased.
  public var identity: OperatorIdentity?

  /// An operator.
  public init(actor: Actor, identity: OperatorIdentity?) {
    self.actor = actor.description
    self.identity = identity
  }

  /// In clear: the actor. Sealed: who it is.
  public var fields: Fields {
    Fields(clear: JSONObject(present: [("actor", .string(actor))]), sealed: identity?.json ?? JSONObject())
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let actor = fields.clear["actor"]?.string else { throw Self.missing("actor") }
    self.actor = actor
    identity = OperatorIdentity(fields.sealed)
  }
}

/// `data.viewed`: somebody looked at many people's data at once; recorded before the first of it is shown.
public struct DataViewed: Payload {
  /// The event type.
  public static let type = "data.viewed"
  /// What was looked at, such as `user list`.
  public var name: String
  /// How many rows, where that is known beforehand.
  public var count: Int?
  /// The log position that was shown.
  public var position: Int64
  /// What was asked for, in words; it may name people, so it is sealed: of a look at one person under that person's key, else
  /// under the ledger's own.
  public var filter: String?

  /// A look.
  public init(name: String, count: Int?, position: Int64, filter: String? = nil) {
    self.name = name
    self.count = count
    self.position = position
    self.filter = filter
  }

  /// In clear: name, count, position. Sealed: the filter.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("name", .string(name)), ("count", count?.json), ("position", position.json),
      ]), sealed: JSONObject(present: [("filter", filter.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let name = fields.clear["name"]?.string else { throw Self.missing("name") }
    guard let position = fields.clear["position"]?.position else { throw Self.missing("position") }
    self.init(
      name: name, count: fields.clear["count"]?.integer, position: position, filter: fields.sealed["filter"]?.string)
  }
}
