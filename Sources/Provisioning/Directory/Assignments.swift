/// A role that an application's service principal defines (Microsoft Graph REST API v1.0, resource type "appRole").
public struct AppRole: Hashable, Sendable {
  /// The id of the role that everybody assigned has who was given no other: default access.
  public static let defaultID = "00000000-0000-0000-0000-000000000000"
  /// Default access.
  public static let standard = AppRole(id: defaultID)

  /// The role's id, lower case.
  public var id: String
  /// The word that stands for it in claims and mappings; nil when the service principal does not know it.
  public var value: String?
  /// What people call it.
  public var displayName: String?

  /// A role.
  public init(id: String, value: String? = nil, displayName: String? = nil) {
    self.id = id
    self.value = value
    self.displayName = displayName
  }
}

/// Who is assigned to an application, with which roles, and how: directly, or as a direct member of an assigned group.
///
/// Nested groups do not count (Microsoft Entra, "How application provisioning works", assignment-based scoping).
public struct Assignments: Equatable, Sendable {
  /// One assignment of one person.
  public struct Assignment: Hashable, Sendable {
    /// The role.
    public var role: AppRole
    /// The id of the group whose member the person is; nil for a direct assignment.
    public var group: String?

    /// An assignment.
    public init(_ role: AppRole, through group: String? = nil) {
      self.role = role
      self.group = group
    }
  }

  private var given: [String: [Assignment]] = [:]

  /// Nobody is assigned.
  public init() {}

  /// The object ids of everybody assigned.
  public var people: Set<String> { Set(given.keys) }

  /// The assignments of somebody by the object id, each once: direct ones first, then by group; empty for nobody assigned.
  public subscript(person: String) -> [Assignment] {
    (given[person] ?? []).sorted { ($0.group ?? "", $0.role.id) < ($1.group ?? "", $1.role.id) }
  }

  /// Takes over an assignment; the same one again changes nothing.
  public mutating func add(_ assignment: Assignment, to person: String) {
    if given[person]?.contains(assignment) != true { given[person, default: []].append(assignment) }
  }

  /// True when the same people have the same assignments, in whatever order they were read.
  public static func == (left: Assignments, right: Assignments) -> Bool {
    left.given.mapValues(Set.init) == right.given.mapValues(Set.init)
  }
}
