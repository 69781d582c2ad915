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
      changes[index].attributes[.appRoleAssignments] = assigned.value(of: changes[index].id)
    }
    assignments = assigned.digest
    if kind == .snapshot { return }
    let read = Set(changes.map(\.id))
    for person in people.all where person.source == source && person.isPresent {
      guard let user = person.user, !read.contains(user.id) else { continue }
      let value = assigned.value(of: user.id)
      if user.attributes[.appRoleAssignments] ?? .cleared == value { continue }
      changes.append(
        DirectoryChange(
          id: user.id, attributes: [.appRoleAssignments: value], place: Fault.Place(file: "appRoleAssignedTo")))
    }
  }
}

extension Assignments {
  /// The roles of somebody as an attribute: the names of the roles, each once.
  fileprivate func value(of person: String) -> DirectoryValue {
    let names = self[person].map(\.role.name)
    return names.isEmpty ? .cleared : .list(Set(names).sorted())
  }
}

extension AppRole {
  /// The name that mappings see; the portal's words for the role that has none.
  fileprivate var name: String { value ?? displayName ?? (id == Self.defaultID ? "Default Access" : id) }
}
