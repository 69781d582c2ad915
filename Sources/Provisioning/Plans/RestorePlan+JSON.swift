import Base
public import JSON

/// The plan's file: one JSON object, an entry a line.
extension RestorePlan {
  /// What the member `kind` says.
  static let kind = "restore"
  /// What the member `schema` says.
  static let schema = 1

  /// The file's text.
  public var text: String {
    let head = JSONObject(present: [
      ("kind", .string(Self.kind)), ("schema", Self.schema.json), ("id", .string(id)),
      ("origin", .string(origin)), ("asOf", asOf.json), ("made", made.json), ("size", size.json),
    ])
    return Plan.text(head, lists: [("entries", entries.map(\.json)), ("untouched", untouched.map(\.json))])
  }

  /// Reads the text that `text` writes. Throws `FaultCode.planInvalid`; `file` names it.
  public init(_ bytes: [UInt8], named file: String) throws {
    guard let json = try? JSONParser.parse(bytes), json["kind"]?.string == Self.kind else {
      throw Self.invalid(file, "it is no plan of a restoration")
    }
    guard json["schema"]?.integer == Self.schema, let id = json["id"]?.string, !id.isEmpty,
      let origin = json["origin"]?.string, let asOf = json["asOf"]?.timestamp, let made = json["made"]?.timestamp,
      let size = json["size"]?.position, let entries = json["entries"]?.array,
      let untouched = json["untouched"]?.array
    else { throw Self.invalid(file, "its head is not that of a plan of this version") }
    self.init(id: id, origin: origin, asOf: asOf, made: made, size: size)
    var aliases = Set<String>()
    for (index, value) in entries.enumerated() {
      guard let entry = Entry(value) else { throw Self.invalid(file, "entry \(index + 1) cannot be read") }
      guard entry.isAcceptable else {
        throw Self.invalid(file, "entry \(index + 1) holds a value that TeamViewer does not accept")
      }
      guard aliases.insert(entry.alias).inserted else {
        throw Self.invalid(file, "entry \(index + 1) names a person a second time")
      }
      self.entries.append(entry)
    }
    self.untouched = try untouched.map { value in
      guard let person = Untouched(value) else { throw Self.invalid(file, "its list of untouched people is damaged") }
      return person
    }
  }

  private static func invalid(_ file: String, _ what: String) -> Fault {
    Fault(.planInvalid, "The plan \(file) is damaged: \(what). Make a new one with `provledger target restore`.")
  }
}

extension RestorePlan.Entry {
  /// As a JSON object.
  public var json: JSONValue {
    .object(
      JSONObject(present: [
        ("action", .string(action.rawValue)), ("userPrincipalName", name.json), ("alias", .string(alias)),
        ("decision", decision.json), ("decisionThen", past.json), ("now", now?.json ?? .null),
        ("restored", restored.json),
      ]))
  }

  fileprivate init?(_ json: JSONValue) {
    guard let alias = json["alias"]?.string, let decision = json["decision"]?.position, decision > 0,
      let past = json["decisionThen"]?.position, let restored = DesiredAccount(json["restored"]),
      let now = json["now"], now == .null || DesiredAccount(now) != nil
    else { return nil }
    self.init(
      alias: alias, name: json["userPrincipalName"]?.string, decision: decision, past: past, now: DesiredAccount(now),
      restored: restored)
    guard json["action"]?.string == action.rawValue else { return nil }
  }

  /// True unless somebody has written a value into the plan that no mapping would have given.
  fileprivate var isAcceptable: Bool {
    Address.isAccepted(restored.userName)
      && DisplayName.mended(restored.displayName).map { $0.hasSameBytes(as: restored.displayName) } == true
  }
}

extension RestorePlan.Untouched {
  /// As a JSON object.
  public var json: JSONValue {
    .object(
      JSONObject(present: [
        ("reason", .string(reason.rawValue)), ("userPrincipalName", name.json), ("alias", .string(alias)),
      ]))
  }

  fileprivate init?(_ json: JSONValue) {
    guard let alias = json["alias"]?.string, let reason = json["reason"]?.string.flatMap(Reason.init) else {
      return nil
    }
    self.init(alias: alias, name: json["userPrincipalName"]?.string, reason: reason)
  }
}

// MARK: In short

extension RestorePlan {
  /// What `target restore` says of a plan that it wrote to a file, as a JSON object: not the entries, but how many.
  public func summary(_ file: String) -> JSONValue {
    var object = JSONObject()
    object["plan"] = .string(file)
    object["id"] = .string(id)
    object["asOf"] = .string(asOf.description)
    object["size"] = .string(String(size))
    for action in Self.actions { object[action.rawValue] = .integer(Int64(counts[action] ?? 0)) }
    object["untouched"] = .array(untouched.map(\.json))
    return .object(object)
  }

  /// What an entry of a plan can want.
  private static let actions: [Decision.Action] = [.enable, .disable, .update, .create]

  /// What `apply` did with this plan, as a JSON object.
  public func json(_ outcome: RestoreOutcome) -> JSONValue {
    var object = JSONObject()
    object["plan"] = .string(id)
    for action in Self.actions + [.held] { object[action.rawValue] = .integer(Int64(outcome.counts[action] ?? 0)) }
    object["safeguard"] = JSONValue(orNull: outcome.held?.id)
    return .object(object)
  }
}

extension RestorePlan.Untouched.Reason {
  /// In words.
  public var sentence: String {
    switch self {
    case .created: "created since, not touched"
    case .addressTaken: "somebody else has the address now, not touched"
    case .detached: "no source owns them any more, not touched"
    }
  }
}
