public import JSON

/// A User resource (RFC 7643 section 4.1) with those attributes that TeamViewer's SCIM page lists.
public struct SCIMUser: Equatable, Sendable {
  /// The identifier that the service gave; nil before it is created.
  public var id: String?
  /// The login name; TeamViewer demands the e-mail address.
  public var userName: String?
  /// The name shown to others.
  public var displayName: String?
  /// The parts of the name.
  public var name: Name?
  /// The e-mail addresses, in their order.
  public var emails: [Email]
  /// Whether the account is enabled.
  public var active: Bool?
  /// Write-only: the password of a new account.
  public var password: String?
  /// Write-only: the language of the welcome mail.
  public var preferredLanguage: String?
  /// Write-only, of TeamViewer's extension: the customer identifier for single sign-on.
  public var ssoCustomerId: String?

  /// The complex attribute `name`.
  public struct Name: Equatable, Sendable {
    /// The whole name.
    public var formatted: String?
    /// The first name.
    public var givenName: String?
    /// The last name.
    public var familyName: String?

    /// A name of its parts.
    public init(formatted: String? = nil, givenName: String? = nil, familyName: String? = nil) {
      self.formatted = formatted
      self.givenName = givenName
      self.familyName = familyName
    }
  }

  /// One entry of `emails`.
  public struct Email: Equatable, Sendable {
    /// The address.
    public var value: String
    /// Whether it is the preferred one.
    public var primary: Bool?

    /// An entry.
    public init(value: String, primary: Bool? = nil) {
      self.value = value
      self.primary = primary
    }
  }

  /// A user of its attributes.
  public init(
    id: String? = nil, userName: String? = nil, displayName: String? = nil, name: Name? = nil, emails: [Email] = [],
    active: Bool? = nil, password: String? = nil, preferredLanguage: String? = nil, ssoCustomerId: String? = nil
  ) {
    self.id = id
    self.userName = userName
    self.displayName = displayName
    self.name = name
    self.emails = emails
    self.active = active
    self.password = password
    self.preferredLanguage = preferredLanguage
    self.ssoCustomerId = ssoCustomerId
  }

  /// Reads a User tolerantly: unknown attributes are ignored, missing and null ones are nil, `active` may be spelt as
  /// a string, an entry of `emails` without value is passed over, `schemas` is not looked at.
  ///
  /// Throws `wrongType` when the value is no object or a known attribute has another type.
  public init(_ json: JSONValue) throws(SCIMParseError) {
    guard case .object = json else { throw .wrongType(attribute: "the user", wanted: "object") }
    var emails: [Email] = []
    if let entries = json.attribute("emails") {
      guard case .array(let entries) = entries else { throw .wrongType(attribute: "emails", wanted: "array") }
      for entry in entries {
        guard case .object = entry else { throw .wrongType(attribute: "emails", wanted: "array of objects") }
        guard let value = try entry.text("value") else { continue }
        emails.append(Email(value: value, primary: try entry.boolean("primary")))
      }
    }
    var name: Name?
    if let parts = json.attribute("name") {
      guard case .object = parts else { throw .wrongType(attribute: "name", wanted: "object") }
      name = Name(
        formatted: try parts.text("formatted"), givenName: try parts.text("givenName"),
        familyName: try parts.text("familyName"))
    }
    let extended = json.attribute(SchemaURN.ssoUser)
    if let extended, extended.object == nil { throw .wrongType(attribute: SchemaURN.ssoUser, wanted: "object") }
    self.init(
      id: try json.text("id"), userName: try json.text("userName"), displayName: try json.text("displayName"),
      name: name, emails: emails, active: try json.boolean("active"), password: try json.text("password"),
      preferredLanguage: try json.text("preferredLanguage"),
      ssoCustomerId: try extended?.text("ssoCustomerId"))
  }

  /// The resource as JSON: nil attributes are left out, `schemas` is added, with TeamViewer's extension only when
  /// `ssoCustomerId` is set (TeamViewer's SCIM page, "Create a new user").
  public var json: JSONValue {
    var object = JSONObject()
    object["schemas"] =
      ssoCustomerId == nil ? [.string(SchemaURN.user)] : [.string(SchemaURN.user), .string(SchemaURN.ssoUser)]
    object["id"] = id.map(JSONValue.string)
    object["userName"] = userName.map(JSONValue.string)
    object["displayName"] = displayName.map(JSONValue.string)
    if let name {
      var parts = JSONObject()
      parts["formatted"] = name.formatted.map(JSONValue.string)
      parts["givenName"] = name.givenName.map(JSONValue.string)
      parts["familyName"] = name.familyName.map(JSONValue.string)
      object["name"] = .object(parts)
    }
    if !emails.isEmpty {
      object["emails"] = .array(
        emails.map { email in
          var entry = JSONObject()
          entry["value"] = .string(email.value)
          entry["primary"] = email.primary.map(JSONValue.bool)
          return .object(entry)
        })
    }
    object["active"] = active.map(JSONValue.bool)
    object["password"] = password.map(JSONValue.string)
    object["preferredLanguage"] = preferredLanguage.map(JSONValue.string)
    if let ssoCustomerId { object[SchemaURN.ssoUser] = ["ssoCustomerId": .string(ssoCustomerId)] }
    return .object(object)
  }
}
