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

  /// The name that mappings see; the portal's words for the role that has none.
  fileprivate var name: String { value ?? displayName ?? (id == Self.defaultID ? "Default Access" : id) }
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

  /// One set of assignments, and what it becomes with one more.
  private struct Shape {
    var assignments: Set<Assignment>
    var next: [Assignment: Int] = [:]
    let told: Told

    init(_ assignments: Set<Assignment> = []) {
      self.assignments = assignments
      told = Told(assignments)
    }
  }

  /// What is told of somebody's assignments.
  public struct Told: Equatable, Sendable {
    /// The names of the roles, each once, in order.
    public let roles: [String]
    /// The ids of the groups by which they came, each once, in order.
    public let groups: [String]

    init(_ assignments: some Sequence<Assignment>) {
      roles = Set(assignments.map(\.role.name)).sorted()
      groups = Set(assignments.compactMap(\.group)).sorted()
    }
  }

  /// Many people have the same assignments: each set is held once, and a person is an id and a number.
  private var shapes = [Shape()]
  private var places: [Set<Assignment>: Int] = [[]: 0]
  private var given: [String: Int] = [:]

  /// What stands for whom and which groups the application is assigned to: whoever reads the same again, in whatever order,
  /// gets the same text; nil where nobody has made one.
  public var digest: String?
  /// The assigned groups of which changes alone were read; of all others all members are here.
  public var kept = KeptGroups()
  /// True when of some group all members were read.
  public var hasWholeGroups = false
  /// From where on the members of groups are read next time.
  public var marks: [MembersMark] = []

  /// Nobody is assigned.
  public init() {}

  /// The object ids of everybody assigned, but for the members of groups that are kept.
  public var people: Set<String> { Set(given.keys) }

  /// The assignments of somebody by the object id, each once: direct ones first, then by group; empty for nobody assigned.
  /// Those by groups that are kept are not among them.
  public subscript(person: String) -> [Assignment] {
    shapes[given[person] ?? 0].assignments.sorted { ($0.group ?? "", $0.role.id) < ($1.group ?? "", $1.role.id) }
  }

  /// True when it is certain that nobody has come to any group, or has left one, since the last time.
  public var hasSameMembers: Bool { kept.isUnchanged && !hasWholeGroups }

  /// What is told of somebody by the object id, with what is kept of groups; `former` are the groups of which the person was
  /// a direct member when they were read last.
  public func told(of person: String, formerly former: [String]) -> Told {
    kept.isEmpty ? shapes[given[person] ?? 0].told : Told(assignments(of: person, formerly: former))
  }

  /// Takes over an assignment; false, and nothing is changed, when it is there already.
  @discardableResult
  public mutating func add(_ assignment: Assignment, to person: String) -> Bool {
    let shape = given[person] ?? 0
    let next = shapes[shape].next[assignment] ?? grow(shape, by: assignment)
    given[person] = next
    return next != shape
  }

  /// Where the set stands that a set becomes with one more assignment.
  private mutating func grow(_ shape: Int, by assignment: Assignment) -> Int {
    let grown = shapes[shape].assignments.union([assignment])
    let place = places[grown] ?? shapes.count
    if place == shapes.count {
      places[grown] = place
      shapes.append(Shape(grown))
    }
    shapes[shape].next[assignment] = place
    return place
  }

  /// True when the same people have the same assignments, in whatever order they were read.
  public static func == (left: Assignments, right: Assignments) -> Bool {
    left.kept == right.kept && left.given.count == right.given.count
      && left.given.allSatisfy { id, shape in
        right.given[id].map { right.shapes[$0].assignments } == left.shapes[shape].assignments
      }
  }
}
