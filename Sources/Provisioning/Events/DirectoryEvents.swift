public import JSON

/// `directory.user.observed`: the directory shows a person who is new or has changed.
///
/// It carries the whole person as merged from all inputs so far, so that one event is enough to know them.
public struct UserObserved: Payload {
  /// The event type.
  public static let type = "directory.user.observed"
  /// How the directory holds the person.
  public var state: DirectoryState
  /// The person with all attributes that have a value; the id is empty once the subject is erased.
  public var user: DirectoryUser

  /// An observation.
  public init(state: DirectoryState, user: DirectoryUser) {
    self.state = state
    self.user = user
  }

  /// In clear: the state. Sealed: id and attributes.
  public var fields: Fields {
    Fields(clear: JSONObject(present: [("state", .string(state.rawValue))]), sealed: user.json)
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let state = fields.clear["state"]?.string.flatMap(DirectoryState.init) else { throw Self.missing("state") }
    self.state = state
    user = DirectoryUser(fields.sealed)
  }
}

extension DirectoryUser {
  /// The person as a JSON object of Graph's attribute names.
  public var json: JSONObject {
    var object = JSONObject()
    object["id"] = .string(id)
    for attribute in DirectoryAttribute.allCases {
      switch attributes[attribute] {
      case .text(let text): object[attribute.rawValue] = .string(text)
      case .flag(let flag): object[attribute.rawValue] = .bool(flag)
      case .cleared, nil: break
      }
    }
    return object
  }

  /// Reads the object that `json` writes; attributes of another kind are left out.
  public init(_ object: JSONObject) {
    self.init(id: object["id"]?.string ?? "")
    for attribute in DirectoryAttribute.allCases {
      switch object[attribute.rawValue] {
      case .string(let text) where !attribute.isBoolean: attributes[attribute] = .text(text)
      case .bool(let flag) where attribute.isBoolean: attributes[attribute] = .flag(flag)
      default: break
      }
    }
  }
}
