import Base
public import JSON

/// The plan's file: one JSON object, an entry a line.
extension HandoverPlan {
  /// What the member `kind` says.
  static let kind = "handover"
  /// What the member `schema` says.
  static let schema = 1

  /// The plan without its lists.
  private var head: JSONObject {
    JSONObject(present: [
      ("kind", .string(Self.kind)), ("schema", Self.schema.json), ("id", .string(id)), ("origin", .string(origin)),
      ("made", made.json), ("size", size.json), ("from", .string(from.name)), ("to", .string(to.name)),
      ("match", .string(match.rawValue)),
    ])
  }

  /// The file's text.
  public var text: String {
    Plan.text(head, lists: [("entries", entries.map(\.json)), ("left", left.map(\.json))])
  }

  /// What the command that makes it prints; `file` is where it is kept.
  public func summary(_ file: String) -> JSONValue {
    [
      "plan": .string(file), "id": .string(id), "from": .string(from.name), "to": .string(to.name),
      "size": size.json, "moved": entries.count.json, "left": .array(left.map(\.json)),
    ]
  }

  /// Reads what `text` writes. Throws `PlanDamage`.
  init(_ json: JSONValue) throws(PlanDamage) {
    guard json["schema"]?.integer == Self.schema, let id = json["id"]?.string, !id.isEmpty,
      let origin = json["origin"]?.string, let made = json["made"]?.timestamp, let size = json["size"]?.position,
      let from = json["from"]?.string.map({ DirectorySourceID($0) }), from.isValid,
      let to = json["to"]?.string.map({ DirectorySourceID($0) }), to.isValid,
      let match = json["match"]?.string.flatMap(Match.init)
    else { throw .head }
    self.init(id: id, origin: origin, made: made, size: size, from: from, to: to, match: match)
    entries = try PlanDamage.list(json["entries"], alias: \.alias) { Entry($0) }
    left = try PlanDamage.list(json["left"], alias: \.alias) { Untouched($0) }
  }
}

extension HandoverPlan.Entry {
  fileprivate var json: JSONValue {
    .object(
      JSONObject(present: [
        ("userPrincipalName", name.json), ("alias", .string(alias)), ("decision", decision.json),
        ("double", double.json),
      ]))
  }

  fileprivate init?(_ json: JSONValue) {
    guard let alias = json["alias"]?.string, let decision = json["decision"]?.position else { return nil }
    self.init(
      alias: alias, name: json["userPrincipalName"]?.string, decision: decision, double: json["double"]?.string)
  }
}

extension HandoverPlan.Reason {
  /// In words.
  public var sentence: String {
    switch self {
    case .noCounterpart: "the other source holds nobody of that name, not moved"
    case .ambiguous: "several people have that name, not moved"
    case .bothHaveAccounts: "both have an account or are to get one, not moved"
    }
  }
}
