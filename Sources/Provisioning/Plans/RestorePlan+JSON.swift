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

  /// Reads what `text` writes. Throws `PlanDamage`.
  init(_ json: JSONValue) throws(PlanDamage) {
    guard json["schema"]?.integer == Self.schema, let id = json["id"]?.string, !id.isEmpty,
      let origin = json["origin"]?.string, let asOf = json["asOf"]?.timestamp, let made = json["made"]?.timestamp,
      let size = json["size"]?.position
    else { throw .head }
    self.init(id: id, origin: origin, asOf: asOf, made: made, size: size)
    entries = try PlanDamage.list(json["entries"], alias: \.alias) { Entry($0) }
    if let place = entries.firstIndex(where: { !$0.isAcceptable }) { throw .value(place + 1) }
    untouched = try PlanDamage.list(json["untouched"], alias: \.alias) { Untouched($0) }
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

extension RestorePlan.Reason {
  /// In words.
  public var sentence: String {
    switch self {
    case .created: "created since, not touched"
    case .addressTaken: "somebody else has the address now, not touched"
    case .detached: "no source owns them any more, not touched"
    }
  }
}
