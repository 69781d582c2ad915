public import Base

/// An enterprise application: what people are assigned to.
public struct ServicePrincipal: Equatable, Sendable {
  /// The object id.
  public var id: String
  /// The application's client id.
  public var appId: String
  /// The name that the portal shows.
  public var displayName: String
  /// The roles that an assignment may name.
  public var roles: [AppRole]

  /// An enterprise application.
  public init(id: String, appId: String, displayName: String, roles: [AppRole] = []) {
    self.id = id
    self.appId = appId
    self.displayName = displayName
    self.roles = roles
  }
}

/// A role of an application.
public struct AppRole: Equatable, Sendable {
  /// The role's id.
  public var id: String
  /// What the application is told.
  public var value: String
  /// The name that the portal shows.
  public var displayName: String
  /// Whether it may be assigned.
  public var isEnabled: Bool

  /// A role.
  public init(id: String, value: String, displayName: String, isEnabled: Bool = true) {
    self.id = id
    self.value = value
    self.displayName = displayName
    self.isEnabled = isEnabled
  }

  /// The role's id of whoever is assigned without a role: zeros.
  public static let defaultAccess = "00000000-0000-0000-0000-000000000000"
}

/// That somebody is assigned to an application.
public struct AppRoleAssignment: Equatable, Sendable {
  /// Its place among all that ever were, from 1.
  public var number: Int
  /// The object id of the user or the group.
  public var principal: String
  /// The object id of the enterprise application.
  public var servicePrincipal: String
  /// The role's id.
  public var role: String
  /// When it was made.
  public var created: Timestamp
}
