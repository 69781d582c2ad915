import Base
import Ledger
import Provisioning

/// Who is assigned to the application is an attribute of each person, so that it is observed, decided by, and remembered as
/// any other is.
extension DirectoryImport {
  /// Whether scope or mapping read who is assigned.
  public var readsAssignments: Bool { ledger.configuration.policy.sourceAttributes.contains(.appRoleAssignments) }
}

/// What the ledger knows of somebody's assignments.
struct KnownAssignments {
  /// The names of the roles, in order.
  var roles: [String] = []
  /// The assigned groups whose direct member the person was, in order; nil where nothing was ever said of groups.
  var groups: [String]?

  init(roles: [String], groups: [String]?) {
    (self.roles, self.groups) = (roles, groups)
  }

  init(_ user: DirectoryUser?) {
    if case .list(let names) = user?.attributes[.appRoleAssignments] { roles = names }
    switch user?.attributes[.assignedGroups] {
    case .list(let ids): groups = ids
    case nil: groups = nil
    default: groups = []
    }
  }
}

extension DirectoryReading {
  /// Adds who is assigned, and with which roles; where only changes were read, also of those whom a source owns of whom
  /// nothing else has changed.
  mutating func add(_ assigned: Assignments, of people: People, in source: DirectorySourceID) {
    add(assigned, of: people, in: source) { people.all.eachAssigned(by: source, $0) }
  }

  /// Adds who is assigned, and with which roles; where only changes were read, also of those of whom nothing else has
  /// changed. `people` holds at least whom the reading names, and `kept` hands on what is known of everybody's assignments.
  mutating func add(
    _ assigned: Assignments, of people: People, in source: DirectorySourceID,
    kept: (_ take: (_ id: String, _ known: KnownAssignments) -> Void) throws -> Void
  ) rethrows {
    for index in changes.indices where changes[index].state == .present {
      let user = people.place(of: changes[index].id, in: source).flatMap { people.all[$0].user }
      let known = KnownAssignments(user)
      changes[index].attributes.merge(known.attributes(now: assigned.told(of: changes[index].id, formerly: known)))
    }
    (assignments, members) = (assigned.digest, assigned.marks)
    if kind == .snapshot { return }
    let read = Set(changes.map(\.id))
    var others: [DirectoryChange] = []
    try kept { id, known in
      let told = assigned.told(of: id, formerly: known)
      if known.says(told) || read.contains(id) { return }
      others.append(
        DirectoryChange(id: id, attributes: known.attributes(now: told), place: Fault.Place(file: "appRoleAssignedTo")))
    }
    changes += others
  }
}

extension [DirectoryChange] {
  /// Whether changes of members cannot tell of everybody: who is new to a source, or back, may have been a member before.
  func needMembers(of people: People, in source: DirectorySourceID) -> Bool {
    contains { change in
      guard change.state == .present else { return false }
      return people.place(of: change.id, in: source).map { !people.all[$0].isPresent } ?? true
    }
  }
}

extension Assignments {
  fileprivate func told(of person: String, formerly known: KnownAssignments) -> Told {
    told(of: person, formerly: known.groups ?? [])
  }
}

extension KnownAssignments {
  /// True when nothing else is told now.
  fileprivate func says(_ told: Assignments.Told) -> Bool {
    told.roles.hasSameBytes(as: roles) && told.groups.hasSameBytes(as: groups ?? [])
  }

  /// What is told now, as attributes: the names of the roles, and the groups by which they came.
  fileprivate func attributes(now told: Assignments.Told) -> DirectoryAttributes {
    var attributes: DirectoryAttributes = [.appRoleAssignments: .list(orCleared: told.roles)]
    // Nothing is said of the groups of somebody who never had any.
    if !told.groups.isEmpty || groups != nil { attributes[.assignedGroups] = .list(orCleared: told.groups) }
    return attributes
  }
}

extension [String] {
  fileprivate func hasSameBytes(as other: [String]) -> Bool { elementsEqual(other) { $0.hasSameBytes(as: $1) } }
}

extension DirectoryValue {
  /// Texts; no value without any.
  fileprivate static func list(orCleared texts: [String]) -> DirectoryValue { texts.isEmpty ? .cleared : .list(texts) }
}

extension [Person] {
  /// Hands on what is known of the assignments of everybody present whom a source owns.
  func eachAssigned(by source: DirectorySourceID, _ take: (_ id: String, _ known: KnownAssignments) -> Void) {
    for person in self where person.source == source && person.isPresent {
      if let user = person.user { take(user.id, KnownAssignments(user)) }
    }
  }
}
