import Base
public import JSON

/// What TeamViewer last said of an account: its id and its attributes.
public struct RemoteAccount: AccountState {
  /// TeamViewer's id, such as `u1234567`.
  public var id: String
  /// All attributes that are shown.
  public private(set) var attributes: AccountAttributes

  /// An account as TeamViewer shows it.
  public init(id: String, userName: String, displayName: String, active: Bool) {
    self.id = id
    attributes = AccountAttributes(userName: userName, displayName: displayName, active: active)
  }

  /// The value of any attribute.
  public subscript(attribute: AccountAttribute) -> AccountValue? {
    get { attributes[attribute] }
    set { attributes.set(attribute, newValue) }
  }

  /// Equal by the bytes of the texts.
  public static func == (left: RemoteAccount, right: RemoteAccount) -> Bool {
    left.id.hasSameBytes(as: right.id) && left.attributes == right.attributes
  }

  /// As a JSON object of SCIM's attribute names.
  public var json: JSONValue {
    var object = JSONObject(present: [("id", .string(id))])
    for member in attributes.json.members { object[member.name] = member.value }
    return .object(object)
  }

  /// Reads the object that `json` writes.
  public init?(_ json: JSONValue?) {
    guard var object = json?.object, let id = object["id"]?.string else { return nil }
    object["id"] = nil
    guard let attributes = AccountAttributes(whole: object) else { return nil }
    self.id = id
    self.attributes = attributes
  }
}
