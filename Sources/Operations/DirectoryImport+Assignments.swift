import Base
import Ledger
import Provisioning

/// Who is assigned to the application is an attribute of each person, so that it is observed, decided by, and remembered as
/// any other is.
extension DirectoryImport {
  /// Whether scope or mapping read who is assigned.
  public var readsAssignments: Bool { ledger.configuration.policy.sourceAttributes.contains(.appRoleAssignments) }
}

extension DirectoryReading {
  /// Adds who is assigned, and with which roles; where only changes were read, also of those whom a source owns of whom
  /// nothing else has changed.
  mutating func add(_ assigned: Assignments, of people: People, in source: DirectorySourceID) {
    for index in changes.indices where changes[index].state == .present {
      let known = people.place(of: changes[index].id, in: source).flatMap { people.all[$0].user }
      changes[index].attributes.merge(assigned.attributes(of: changes[index].id, knownAs: known))
    }
    (assignments, members) = (assigned.digest, assigned.marks)
    if kind == .snapshot { return }
    let read = Set(changes.map(\.id))
    for person in people.all where person.source == source && person.isPresent {
      guard let user = person.user, !read.contains(user.id) else { continue }
      let given = assigned.attributes(of: user.id, knownAs: user)
      if given.allSatisfy({ user.attributes[$0.key] ?? .cleared == $0.value }) { continue }
      changes.append(DirectoryChange(id: user.id, attributes: given, place: Fault.Place(file: "appRoleAssignedTo")))
    }
  }

  /// Whether changes of members cannot tell of everybody: who is new to a source, back, or was given to it behind a position
  /// may have been a member before.
  func needsMembers(of people: People, in source: DirectorySourceID, since position: Int64) -> Bool {
    let isNews = changes.contains { change in
      guard change.state == .present else { return false }
      return people.place(of: change.id, in: source).map { !people.all[$0].isPresent } ?? true
    }
    return isNews || people.all.contains { $0.source == source && $0.isPresent && $0.decisionPosition > position }
  }
}

extension Assignments {
  /// What somebody is assigned, as attributes: the names of the roles, each once, and the groups by which it came.
  fileprivate func attributes(of person: String, knownAs user: DirectoryUser?) -> DirectoryAttributes {
    let assignments = assignments(of: person, formerly: user?.groups ?? [])
    var attributes: DirectoryAttributes = [.appRoleAssignments: .sorted(assignments.map(\.role.name))]
    let groups = DirectoryValue.sorted(assignments.compactMap(\.group))
    // Nothing is said of the groups of somebody who never had any.
    if groups != .cleared || user?.attributes[.assignedGroups] != nil { attributes[.assignedGroups] = groups }
    return attributes
  }
}

extension DirectoryUser {
  /// The assigned groups whose direct member the person was.
  fileprivate var groups: [String] {
    if case .list(let groups) = attributes[.assignedGroups] { groups } else { [] }
  }
}

extension DirectoryValue {
  /// Texts in order, each once; no value without any.
  fileprivate static func sorted(_ texts: [String]) -> DirectoryValue {
    texts.isEmpty ? .cleared : .list(Set(texts).sorted())
  }
}

extension AppRole {
  /// The name that mappings see; the portal's words for the role that has none.
  fileprivate var name: String { value ?? displayName ?? (id == Self.defaultID ? "Default Access" : id) }
}
