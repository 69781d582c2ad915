public import Base
public import JSON

/// A tenant of Entra ID as a value: users, groups, applications, assignments, and the history of their changes.
///
/// Every change takes the time as an argument, and says whether it could be made.
public struct Tenant: Equatable, Sendable {
  /// The tenant's id.
  public let id: String
  /// The verified domain, by which the tenant is found as well.
  public let domain: String
  /// The organization's name.
  public var displayName: String
  /// Applications that may sign in.
  public var applications: [AppRegistration] = []
  /// Applications that people are assigned to.
  public var servicePrincipals: [ServicePrincipal] = []
  /// Who is assigned to what, in the order in which it came.
  public internal(set) var assignments: [AppRoleAssignment] = []

  var objects: [String: TenantObject] = [:]
  /// The ids of all objects of a kind that ever were, in the order in which they came.
  var order: [TenantObject.Kind: [String]] = [:]
  var history = TenantHistory()
  /// The groups that list an object, and the people whom one manages.
  var groups: [String: Set<String>] = [:]
  var reports: [String: Set<String>] = [:]
  /// The sign-in names of users who are there.
  var signInNames: [String: String] = [:]
  var assigned = 0
  var roles: Set<RoleKey> = []

  /// A tenant in which nobody is.
  public init(id: String, domain: String = "contoso.example", displayName: String = "Contoso") {
    self.id = id
    self.domain = domain
    self.displayName = displayName
  }

  // MARK: Looking

  /// The object of an id that is there; nil for one that is unknown, deleted or gone.
  public func object(_ id: String) -> TenantObject? {
    objects[id].flatMap { $0.deleted == nil ? $0 : nil }
  }

  /// The objects of a kind that are there, in the order in which they came.
  public func all(_ kind: TenantObject.Kind) -> [TenantObject] {
    order[kind, default: []].compactMap { object($0) }
  }

  /// The users in the recycle bin.
  public var deletedUsers: [TenantObject] {
    order[.user, default: []].compactMap { objects[$0] }.filter { $0.deleted != nil }
  }

  /// The ids of a group's direct members that are there.
  public func members(of group: String) -> [String] { memberships(of: group).map(\.id) }

  /// The manager's id, where that object is there.
  public func manager(of user: String) -> String? {
    object(user)?.manager.flatMap { object($0)?.id }
  }

  /// Whether an object is there, without a copy of it.
  func isThere(_ id: String) -> Bool { objects[id].map { $0.deleted == nil } ?? false }

  // MARK: Objects

  /// Makes an object; false when its id was given out before, or its sign-in name is in use.
  public mutating func add(
    _ kind: TenantObject.Kind, _ id: String, _ properties: JSONObject, now: Timestamp
  ) -> Bool {
    let object = TenantObject(id: id, kind: kind, properties: properties)
    guard objects[id] == nil, isFree(object.signInName, for: id) else { return false }
    objects[id] = object
    order[kind, default: []].append(id)
    if let name = object.signInName { signInNames[name] = id }
    history.note(.appeared, of: object, at: now)
    return true
  }

  /// Gives properties other values; false when the object is not there, or the new sign-in name is in use.
  public mutating func change(_ id: String, _ values: JSONObject, now: Timestamp) -> Bool {
    guard var object = object(id) else { return false }
    let before = object
    for member in values.members { object.properties[member.name] = member.value }
    guard isFree(object.signInName, for: id) else { return false }
    if let name = before.signInName { signInNames[name] = nil }
    if let name = object.signInName { signInNames[name] = id }
    objects[id] = object
    for member in values.members where before.properties[member.name] != member.value {
      history.note(.property(member.name), of: object, at: now)
    }
    return true
  }

  private func isFree(_ name: String?, for id: String) -> Bool {
    guard let holder = name.flatMap({ signInNames[$0] }) else { return true }
    return holder == id
  }

  // MARK: Deleting

  /// Deletes an object as the portal does: a user or a group of Microsoft 365 goes to the recycle bin, any other group is
  /// gone for good. False when it is not there.
  public mutating func remove(_ id: String, now: Timestamp) -> Bool {
    guard let object = object(id) else { return false }
    if object.kind == .group && !object.isUnified { return purge(id, now: now) }
    hide(object, now)
    objects[id]?.deleted = now
    return true
  }

  /// Takes an object out of the recycle bin, with its groups, its manager and its assignments. False when it does not lie
  /// there, or its sign-in name was given away meanwhile.
  public mutating func restore(_ id: String, now: Timestamp) -> Bool {
    guard let object = objects[id], object.deleted != nil, isFree(object.signInName, for: id) else { return false }
    objects[id]?.deleted = nil
    if let name = object.signInName { signInNames[name] = id }
    history.note(.appeared, of: object, at: now)
    noteRelations(to: id, now)
    return true
  }

  /// Deletes an object for good, from the recycle bin too, with all that leads to it. False when it is unknown.
  public mutating func purge(_ id: String, now: Timestamp) -> Bool {
    guard let object = objects[id] else { return false }
    if object.deleted == nil { hide(object, now) } else { history.note(.removed, of: object, at: now) }
    for group in groups[id] ?? [] { objects[group]?.members.removeAll { $0.id == id } }
    for user in reports[id] ?? [] { objects[user]?.manager = nil }
    for member in object.members { groups[member.id]?.remove(id) }
    if let manager = object.manager { reports[manager]?.remove(id) }
    (groups[id], reports[id], objects[id]) = (nil, nil, nil)
    dropAssignments { $0.principal == id }
    return true
  }

  private mutating func hide(_ object: TenantObject, _ now: Timestamp) {
    history.note(.removed, of: object, at: now)
    if let name = object.signInName { signInNames[name] = nil }
    noteRelations(to: object.id, now)
  }

  /// Whoever leads to an object has changed with it.
  private mutating func noteRelations(to id: String, _ now: Timestamp) {
    for group in (groups[id] ?? []).sorted() { note("members", of: group, id, now) }
    for user in (reports[id] ?? []).sorted() { note("manager", of: user, id, now) }
  }

  mutating func note(_ relation: String, of id: String, _ other: String, _ now: Timestamp) {
    guard let object = objects[id] else { return }
    history.note(.related(relation, other), of: object, at: now)
  }
}
