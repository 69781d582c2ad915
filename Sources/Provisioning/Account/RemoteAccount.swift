import Base
public import JSON

/// What TeamViewer last said of an account: its id, and a view over its attributes.
public struct RemoteAccount: Equatable, Sendable {
  /// TeamViewer's id, such as `u1234567`.
  public var id: String
  /// All attributes that are shown.
  public private(set) var attributes: AccountAttributes

  /// An account as TeamViewer shows it.
  public init(id: String, userName: String, displayName: String, active: Bool) {
    self.id = id
    attributes = AccountAttributes()
    self.userName = userName
    self.displayName = displayName
    self.active = active
  }

  /// The address.
  public var userName: String {
    get { attributes.userName }
    set { attributes.userName = newValue }
  }
  /// The name shown.
  public var displayName: String {
    get { attributes.displayName }
    set { attributes.displayName = newValue }
  }
  /// Whether it may be used.
  public var active: Bool {
    get { attributes.active }
    set { attributes.active = newValue }
  }

  /// The value of any attribute.
  public subscript(attribute: AccountAttribute) -> AccountValue? { attributes[attribute] }

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
    guard var object = json?.object, let id = object["id"]?.string, object["userName"]?.string != nil,
      object["displayName"]?.string != nil, object["active"]?.bool != nil
    else { return nil }
    object["id"] = nil
    self.id = id
    attributes = AccountAttributes(object)
  }
}
