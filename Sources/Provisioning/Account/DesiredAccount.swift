public import JSON

/// The state that one TeamViewer account should have: a view over its attributes, of which three are always there.
public struct DesiredAccount: Equatable, Sendable {
  /// All attributes that are wanted.
  public private(set) var attributes: AccountAttributes

  /// A desired state.
  public init(userName: String, displayName: String, active: Bool, ssoCustomerId: String? = nil) {
    attributes = AccountAttributes()
    self.userName = userName
    self.displayName = displayName
    self.active = active
    self.ssoCustomerId = ssoCustomerId
  }

  /// The address to sign in with; the matching attribute.
  public var userName: String {
    get { attributes.userName }
    set { attributes.userName = newValue }
  }
  /// The name shown.
  public var displayName: String {
    get { attributes.displayName }
    set { attributes.displayName = newValue }
  }
  /// Whether the account may be used.
  public var active: Bool {
    get { attributes.active }
    set { attributes.active = newValue }
  }
  /// The custom identifier of the company's single sign-on, sent on create only.
  public var ssoCustomerId: String? {
    get { attributes[.ssoCustomerId]?.text }
    set { attributes[.ssoCustomerId] = newValue.map(AccountValue.text) }
  }

  /// The value of any attribute.
  public subscript(attribute: AccountAttribute) -> AccountValue? {
    get { attributes[attribute] }
    set { if newValue != nil || !Self.needed.contains(attribute) { attributes[attribute] = newValue } }
  }

  private static let needed: [AccountAttribute] = [.userName, .displayName, .active]

  /// The same account, not active.
  public var disabled: DesiredAccount {
    var account = self
    account.active = false
    return account
  }

  /// As a JSON object of SCIM's attribute names.
  public var json: JSONValue { .object(attributes.json) }

  /// Reads the object that `json` writes; nil without the three attributes that are always there.
  public init?(_ json: JSONValue?) {
    guard let object = json?.object, object["userName"]?.string != nil, object["displayName"]?.string != nil,
      object["active"]?.bool != nil
    else { return nil }
    attributes = AccountAttributes(object)
  }
}
