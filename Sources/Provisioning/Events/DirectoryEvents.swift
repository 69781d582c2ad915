public import JSON

/// `directory.user.observed`: the directory shows a person who is new or has changed.
///
/// It carries the whole person as merged from all inputs so far, so that one event is enough to know them.
public struct UserObserved: Payload {
  /// The event type.
  public static let type = "directory.user.observed"
  /// 2: with the source that owns the person, and any attribute.
  public static let schema = 2
  /// How the directory holds the person.
  public var state: DirectoryState
  /// The person with all attributes that have a value; the id is empty once the subject is erased.
  public var user: DirectoryUser

  /// The source that owns the person; nil when none does any more.
  public var source: DirectorySourceID?

  /// An observation.
  public init(state: DirectoryState, user: DirectoryUser, source: DirectorySourceID? = .standard) {
    self.state = state
    self.user = user
    self.source = source
  }

  /// In clear: state and source. Sealed: id and attributes.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [("source", (source?.name).json), ("state", .string(state.rawValue))]),
      sealed: user.json)
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let state = fields.clear["state"]?.string.flatMap(DirectoryState.init) else { throw Self.missing("state") }
    self.init(
      state: state, user: DirectoryUser(fields.sealed),
      source: fields.clear["source"]?.string.map { DirectorySourceID($0) })
  }
}

extension DirectoryUser {
  /// The person as a JSON object: the id, and the attributes by their names.
  public var json: JSONObject {
    var values = JSONObject()
    for (attribute, value) in attributes {
      values[attribute.rawValue] = value.json
    }
    return JSONObject(present: [("id", .string(id)), ("attributes", values.isEmpty ? nil : .object(values))])
  }

  /// Reads the object that `json` writes; attributes of another kind than theirs are left out.
  public init(_ object: JSONObject) {
    self.init(id: object["id"]?.string ?? "")
    for member in object["attributes"]?.object?.members ?? [] {
      let attribute = DirectoryAttribute(rawValue: member.name)
      switch member.value {
      case .string(let text) where attribute.kind != .flag: attributes[attribute] = .text(text)
      case .bool(let flag) where attribute.kind != .text: attributes[attribute] = .flag(flag)
      case .array(let values) where attribute.kind == .any: attributes[attribute] = .list(values.compactMap(\.string))
      default: break
      }
    }
  }
}

extension DirectoryValue {
  fileprivate var json: JSONValue? {
    switch self {
    case .text(let text): .string(text)
    case .flag(let flag): .bool(flag)
    case .list(let texts): .array(texts.map(JSONValue.string))
    case .cleared: nil
    }
  }
}
