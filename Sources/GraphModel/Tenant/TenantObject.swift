public import Base
public import JSON

/// A user or a group, as a directory holds it.
public struct TenantObject: Equatable, Sendable {
  /// What an object can be.
  public enum Kind: String, CaseIterable, Sendable {
    /// A person.
    case user
    /// People and groups under one name.
    case group

    /// The name of the type in answers.
    var typeName: String { "#microsoft.graph.\(rawValue)" }
  }

  /// The object id, which never changes and never comes back.
  public let id: String
  /// What it is.
  public let kind: Kind
  /// All properties but the id; null where one had a value once.
  public internal(set) var properties: JSONObject
  /// The manager's object id.
  public internal(set) var manager: String?
  /// Who belongs to the group, in the order in which they came.
  var members: [Membership] = []
  /// Since when it lies in the recycle bin; nil for an object that is there.
  public internal(set) var deleted: Timestamp?

  /// A member of a group, and the place in the tenant's history at which it came.
  struct Membership: Equatable, Sendable {
    var id: String
    var since: Int
  }

  init(id: String, kind: Kind, properties: JSONObject) {
    self.id = id
    self.kind = kind
    self.properties = properties
  }

  /// The sign-in name, without regard to case.
  var signInName: String? { properties["userPrincipalName"]?.string?.lowercased() }

  /// True for a group whose deletion can be undone: of groups those of Microsoft 365 only.
  var isUnified: Bool { properties["groupTypes"]?.array?.contains("Unified") == true }
}
