public import Expressions
import JSON

/// The source attributes of mappings and scoping filters: the portal's names for them, and Microsoft Graph's (Microsoft
/// Graph REST API v1.0, resource type "user").
public enum SourceAttribute {
  /// Whose name in Graph is another than the portal's.
  private static let graphNames = [
    "objectId": "id", "physicalDeliveryOfficeName": "officeLocation", "mobile": "mobilePhone",
    "telephoneNumber": "businessPhones", "facsimileTelephoneNumber": "faxNumber",
    "originalUserPrincipalName": "userPrincipalName", "IsSoftDeleted": "accountEnabled",
  ]

  /// The attribute of a directory user that a source attribute is read from, by Graph's name. Graph keeps those of
  /// `isExtension` in one property, and the ledger each by itself.
  public static func stored(_ name: String) -> DirectoryAttribute {
    DirectoryAttribute(rawValue: graphNames[name] ?? name)
  }

  /// The property by which Graph is asked for an attribute; nil for what is no property of users.
  public static func property(_ attribute: DirectoryAttribute) -> String? {
    if attribute == .appRoleAssignments { return nil }
    return isExtension(attribute.rawValue) ? extensions : attribute.rawValue
  }

  /// The portal's names of an attribute of a directory user.
  public static func portalNames(of attribute: DirectoryAttribute) -> [String] {
    graphNames.filter { $0.value == attribute.rawValue }.map(\.key)
  }

  /// The property that holds `extensionAttribute1` to `extensionAttribute15` in Graph.
  public static let extensions = "onPremisesExtensionAttributes"

  /// Whether an attribute is one of the fifteen that Graph keeps in one property.
  public static func isExtension(_ name: String) -> Bool {
    name.hasPrefix("extensionAttribute") && (1...15).contains(Int(name.dropFirst(18)) ?? 0)
  }

  /// The value of an attribute, out of what Graph's properties have: the guest's form of a sign-in name is undone, of
  /// several telephone numbers the first counts, and who may not sign in counts as deleted.
  public static func value(_ name: String, of property: (String) -> ExpressionValue) -> ExpressionValue {
    switch name {
    case "userPrincipalName": return property(name).text.map { .text(Address.ofGuest($0)) } ?? .null
    case "IsSoftDeleted":
      let given = property(name)
      return given == .null ? .flag(property("accountEnabled").text?.lowercased() == "false") : given
    case "telephoneNumber": return given(name, property) ?? first(property("businessPhones"))
    default: return given(name, property) ?? property(stored(name).rawValue)
    }
  }

  private static func given(_ name: String, _ property: (String) -> ExpressionValue) -> ExpressionValue? {
    let value = property(name)
    return value == .null ? nil : value
  }

  private static func first(_ value: ExpressionValue) -> ExpressionValue {
    if case .list(let values) = value { ExpressionValue(values.first) } else { value }
  }

  /// Why an attribute cannot be in a scoping clause (Microsoft Learn, "Scoping users or groups to be provisioned with
  /// scoping filters"); nil where it can.
  static func notForScope(_ name: String) -> String? {
    let several = [
      "members", "memberOf", "transitiveMemberOf", "proxyAddresses", "otherMails", "businessPhones", "imAddresses",
      "appRoleAssignments", "assignedGroups",
    ]
    if several.contains(name) { return "`\(name)` has several values, which a scoping filter cannot compare" }
    if ["manager", "userType", "IsMemberOf", "isMemberOf"].contains(name) {
      return "`\(name)` cannot be in a scoping filter, as in Microsoft Entra"
    }
    if name.hasSuffix("DateTime") || ["employeeHireDate", "birthday", "hireDate"].contains(name) {
      return "`\(name)` is a date, which a scoping filter cannot compare"
    }
    return name.isEmpty ? "a clause needs the name of an attribute" : nil
  }
}

extension DirectoryUser {
  /// The value of a Graph property that was read of the person.
  public func property(_ name: String) -> ExpressionValue {
    if name == "id" { return .text(id) }
    switch attributes[DirectoryAttribute(rawValue: name)] {
    case .text(let text): return .text(text)
    case .flag(let flag): return .flag(flag)
    case .list(let texts): return .list(texts.map(JSONValue.string))
    case .cleared, nil: return .null
    }
  }
}

extension Person {
  /// The value of a source attribute; who is not active in the directory counts as deleted.
  public func sourceAttribute(_ name: String) -> ExpressionValue {
    guard let user else { return name == "IsSoftDeleted" ? .flag(true) : .null }
    if name == "IsSoftDeleted" { return .flag(!isActiveInSource) }
    return SourceAttribute.value(name, of: user.property)
  }
}
