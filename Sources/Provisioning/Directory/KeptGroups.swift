/// Assigned groups whose members were read before, and what has become of the members since: whoever was a member, and is
/// not named here, still is.
public struct KeptGroups: Equatable, Sendable {
  private var roles: [String: Set<AppRole>] = [:]
  /// Whether somebody is a member of a group now, by person.
  private var changes: [String: [String: Bool]] = [:]

  /// No group is kept.
  public init() {}

  /// True when every group has to be read whole.
  public var isEmpty: Bool { roles.isEmpty }
  /// True when nobody has come to any of the groups, and nobody has left one.
  public var isUnchanged: Bool { changes.isEmpty }

  /// Keeps a group that is assigned in some roles.
  public mutating func keep(_ group: String, in roles: Set<AppRole>) { self.roles[group] = roles }

  /// Takes over that somebody is a member of a group, or is none.
  public mutating func set(_ person: String, in group: String, isMember: Bool) {
    changes[person, default: [:]][group] = isMember
  }

  /// What somebody is assigned by these groups who was a direct member of the `former` ones when they were read last.
  func assignments(of person: String, formerly former: [String]) -> [Assignments.Assignment] {
    var groups = Set(former.filter { roles[$0] != nil })
    for (group, isMember) in changes[person] ?? [:] {
      if isMember { groups.insert(group) } else { groups.remove(group) }
    }
    return groups.flatMap { group in (roles[group] ?? []).map { Assignments.Assignment($0, through: group) } }
  }
}

extension Assignments {
  /// What somebody is assigned, with what is kept of groups; `former` are the groups of which the person was a direct member
  /// when they were read last.
  public func assignments(of person: String, formerly former: [String]) -> [Assignment] {
    kept.isEmpty ? self[person] : self[person] + kept.assignments(of: person, formerly: former)
  }
}
