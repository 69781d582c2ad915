import Base

/// The names that attributes of accounts have as the target of a schema's mappings.
enum SchemaTarget {
  /// The User resource (RFC 7643 section 4.1).
  static let user = "urn:ietf:params:scim:schemas:core:2.0:User"
  /// TeamViewer's extension with the custom identifier (TeamViewer, "SCIM API").
  private static let extensionURN = "urn:ietf:params:scim:schemas:extension:teamviewer:1.0:SsoUser"
  /// What the names of TeamViewer's extension begin with, also where an administrator made it.
  private static let extensionStart = "urn:ietf:params:scim:schemas:extension:teamviewer:"

  /// The name of an attribute.
  static func name(of attribute: AccountAttribute) -> String {
    attribute == .ssoCustomerId ? "\(extensionURN):\(attribute)" : attribute.description
  }

  /// The attribute that a name means; nil for one of another schema, or that TeamViewer does not take.
  static func attribute(named name: String) -> AccountAttribute? {
    guard name.lowercased().hasPrefix("urn:"), let colon = name.lastIndex(of: ":") else { return known(name) }
    let urn = name[..<colon].lowercased()
    let found = known(String(name[name.index(after: colon)...]))
    let isOurs = found == .ssoCustomerId ? urn.hasPrefix(extensionStart) : urn == user.lowercased()
    return isOurs ? found : nil
  }

  /// The name under which one that means an attribute of ours is known; any other name as it is.
  static func plain(_ name: String) -> String { attribute(named: name)?.description ?? name }

  private static func known(_ name: String) -> AccountAttribute? {
    AttributeMapping.targets.first { $0.description.hasSameBytes(as: name) }
  }
}
