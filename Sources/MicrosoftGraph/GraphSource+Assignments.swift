import Base
import JSON
public import Provisioning

/// Who is assigned to the service principal (Microsoft Graph REST API v1.0, "List appRoleAssignments granted for a service
/// principal").
extension GraphSource {
  var principalPath: String { "servicePrincipals(appId='\(client.names.principal.pathSafe)')" }

  /// Reads all assignments, and the direct members of assigned groups, with the digest of all; `progress` hears how many
  /// there are so far. Throws `Fault` with a PL-12xx code.
  public func assignments(progress: Progress = { _ in }) async throws -> Assignments {
    let roles = try await roles()
    var assignments = Assignments()
    var digest = AssignmentsDigest()
    var count = 0
    var groups: [(id: String, role: AppRole)] = []
    func add(_ assignment: Assignments.Assignment, to person: String) {
      guard assignments.add(assignment, to: person) else { return }
      digest.add(assignment, of: person)
      count += 1
      if count % 1000 == 0 { progress(count) }
    }
    try await client.list("\(principalPath)/appRoleAssignedTo?$top=999", .assignments) { element in
      let given = try assignment(element, roles)
      switch given.kind {
      case "User": add(.init(given.role), to: given.principal)
      case "Group": groups.append((given.principal, given.role))
      default: break
      }
    }
    // In an order of their own, so that a run can be repeated.
    for (group, roles) in Dictionary(grouping: groups, by: \.id).sorted(by: { $0.key < $1.key }) {
      try await eachMember(of: group) { member in
        for (_, role) in roles { add(.init(role, through: group), to: member) }
      }
    }
    assignments.digest = digest.text
    return assignments
  }

  /// The roles that the service principal defines, by their ids. Throws as `assignments` does.
  func roles() async throws -> [String: AppRole] {
    guard let principal = try await client.object("\(principalPath)?$select=id,displayName,appRoles", .principal) else {
      throw client.unreadable("holds no service principal")
    }
    let roles = principal["appRoles"]?.array ?? []
    return roles.reduce(into: [AppRole.defaultID: .standard]) { roles, role in
      guard let id = role["id"]?.string?.asciiLowercased else { return }
      roles[id] = AppRole(id: id, value: role["value"]?.string, displayName: role["displayName"]?.string)
    }
  }

  /// The ids of a group's direct members who are users. A group that is gone has none. Throws as `assignments` does.
  func members(of group: String) async throws -> [String] {
    var members: [String] = []
    try await eachMember(of: group) { members.append($0) }
    return members
  }

  /// Hands on the ids of a group's direct members who are users, page by page. Throws as `members` does.
  private func eachMember(of group: String, _ take: (String) -> Void) async throws {
    try await client.list("groups/\(group.pathSafe)/members?$select=id&$top=999", .members) { member in
      guard let id = member["id"]?.string else { throw client.unreadable("holds a member without an id") }
      if member["@odata.type"]?.string ?? Self.user == Self.user { take(id.asciiLowercased) }
    }
  }

  private static var user: String { "#microsoft.graph.user" }

  private func assignment(
    _ element: JSONValue, _ roles: [String: AppRole]
  ) throws -> (kind: String, principal: String, role: AppRole) {
    guard let kind = element["principalType"]?.string, let id = element["principalId"]?.string,
      let role = element["appRoleId"]?.string?.asciiLowercased
    else { throw client.unreadable("holds an assignment that does not say of whom") }
    return (kind, id.asciiLowercased, roles[role] ?? AppRole(id: role))
  }
}

extension String {
  /// As a part of a path: ids are, and anything else cannot leave its place.
  var pathSafe: String {
    let allowed = "-._".unicodeScalars
    return String(
      String.UnicodeScalarView(
        unicodeScalars.filter {
          $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || allowed.contains($0))
        }))
  }
}
