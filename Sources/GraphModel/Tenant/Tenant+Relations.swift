public import Base

/// Who manages whom, who belongs to what, who is assigned where.
extension Tenant {
  /// Sets a user's manager, or takes it away; false when one of both is not there, or it is the user.
  public mutating func setManager(of user: String, to manager: String?, now: Timestamp) -> Bool {
    guard let object = object(user), object.kind == .user, manager != user else { return false }
    if let manager, self.object(manager) == nil { return false }
    if object.manager == manager { return true }
    if let old = object.manager {
      reports[old]?.remove(user)
      note("manager", of: user, old, now)
    }
    objects[user]?.manager = manager
    if let manager {
      reports[manager, default: []].insert(user)
      note("manager", of: user, manager, now)
    }
    return true
  }

  /// Puts an object into a group; false when one of both is not there, or it is a member already.
  public mutating func addMember(_ id: String, to group: String, now: Timestamp) -> Bool {
    guard object(id) != nil, object(group)?.kind == .group, id != group, groups[id]?.contains(group) != true else {
      return false
    }
    objects[group]?.members.append(TenantObject.Membership(id: id, since: history.end))
    groups[id, default: []].insert(group)
    note("members", of: group, id, now)
    return true
  }

  /// Takes an object out of a group; false when it is no member.
  public mutating func removeMember(_ id: String, from group: String, now: Timestamp) -> Bool {
    guard groups[id]?.remove(group) != nil else { return false }
    objects[group]?.members.removeAll { $0.id == id }
    note("members", of: group, id, now)
    return true
  }

  /// Assigns a user or a group to a service principal; false when one is not there, or it is assigned in that role.
  public mutating func assign(
    _ principal: String, to servicePrincipal: String, role: String = AppRole.defaultAccess, now: Timestamp
  ) -> Bool {
    guard object(principal) != nil, servicePrincipals.contains(where: { $0.id == servicePrincipal }) else {
      return false
    }
    guard roles.insert(RoleKey(principal, servicePrincipal, role)).inserted else { return false }
    assigned += 1
    assignments.append(
      AppRoleAssignment(
        number: assigned, principal: principal, servicePrincipal: servicePrincipal, role: role, created: now))
    return true
  }

  /// Takes all assignments of a principal to a service principal away; false when there are none.
  public mutating func unassign(_ principal: String, from servicePrincipal: String) -> Bool {
    dropAssignments { $0.principal == principal && $0.servicePrincipal == servicePrincipal }
  }

  /// The assignments to a service principal whose principals are there.
  public func assignments(to servicePrincipal: String) -> [AppRoleAssignment] {
    assignments(to: servicePrincipal, after: 0, limit: .max)
  }

  /// Some of them, behind a number.
  func assignments(to servicePrincipal: String, after number: Int, limit: Int) -> [AppRoleAssignment] {
    let start = assignments.partitionPoint { $0.number > number }
    let following = assignments[start...].lazy.filter {
      $0.servicePrincipal == servicePrincipal && isThere($0.principal)
    }
    return Array(following.prefix(limit))
  }

  /// The ids of a group's direct members that are there, of those who came behind a place.
  func memberships(of group: String, after place: Int = -1, limit: Int = .max) -> [TenantObject.Membership] {
    guard let members = object(group)?.members else { return [] }
    let start = members.partitionPoint { $0.since > place }
    return Array(members[start...].lazy.filter { isThere($0.id) }.prefix(limit))
  }

  /// Takes assignments away; false when none was meant.
  @discardableResult
  mutating func dropAssignments(where isMeant: (AppRoleAssignment) -> Bool) -> Bool {
    let dropped = assignments.filter(isMeant)
    for one in dropped { roles.remove(RoleKey(one.principal, one.servicePrincipal, one.role)) }
    if !dropped.isEmpty { assignments.removeAll(where: isMeant) }
    return !dropped.isEmpty
  }

  /// Forgets the history before a moment, so that a tenant that lives long stays small.
  public mutating func forget(before moment: Timestamp) { history.forget(before: moment) }
}

/// Who has which role where.
struct RoleKey: Hashable, Sendable {
  private var parts: [String]

  init(_ principal: String, _ servicePrincipal: String, _ role: String) { parts = [principal, servicePrincipal, role] }
}

extension Array {
  /// The first place at which something holds that holds from there on.
  fileprivate func partitionPoint(_ holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
