public import JSON

/// The state that one TeamViewer account should have.
public struct DesiredAccount: AccountState {
  /// All attributes that are wanted.
  public private(set) var attributes: AccountAttributes

  /// A desired state.
  public init(userName: String, displayName: String, active: Bool, ssoCustomerId: String? = nil) {
    attributes = AccountAttributes(userName: userName, displayName: displayName, active: active)
    self.ssoCustomerId = ssoCustomerId
  }

  /// The custom identifier of the company's single sign-on, sent on create only.
  public var ssoCustomerId: String? {
    get { attributes[.ssoCustomerId]?.text }
    set { attributes[.ssoCustomerId] = newValue.map(AccountValue.text) }
  }

  /// The value of any attribute.
  public subscript(attribute: AccountAttribute) -> AccountValue? {
    get { attributes[attribute] }
    set { attributes.set(attribute, newValue) }
  }

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
    guard let attributes = json?.object.flatMap(AccountAttributes.init(whole:)) else { return nil }
    self.attributes = attributes
  }
}
