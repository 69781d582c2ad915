import Base
import Ledger
public import Provisioning
import Views

/// Who is assigned to the application is an attribute of each person, so that it is observed, decided by, and remembered as
/// any other is.
extension DirectoryImport {
  /// Whether scope or mapping read who is assigned.
  public var readsAssignments: Bool { ledger.configuration.policy.sourceAttributes.contains(.appRoleAssignments) }

  /// Adds to what was read who is assigned, and with which roles; where only changes were read, also of those of whom nothing
  /// else has changed. Throws the faults of keys and views.
  public func add(_ assignments: Assignments, to reading: inout DirectoryReading) throws {
    for index in reading.changes.indices where reading.changes[index].state == .present {
      reading.changes[index].attributes[.appRoleAssignments] = assignments.value(of: reading.changes[index].id)
    }
    if reading.kind == .snapshot { return }
    let read = Set(reading.changes.map(\.id))
    for person in try ledger.views.people().people where person.source == source && person.isPresent {
      guard let user = person.user, !read.contains(user.id) else { continue }
      let value = assignments.value(of: user.id)
      if user.attributes[.appRoleAssignments] ?? .cleared == value { continue }
      reading.changes.append(
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
