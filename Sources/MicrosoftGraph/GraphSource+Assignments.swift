import Base
import JSON
public import Provisioning

/// Who is assigned to the service principal (Microsoft Graph REST API v1.0, "List appRoleAssignments granted for a service
/// principal").
extension GraphSource {
  var principalPath: String { "servicePrincipals(appId='\(client.names.principal.pathSafe)')" }

  /// Reads all assignments, and the direct members of assigned groups, with the digest of all: of groups that marks tell of
  /// what has changed since, of others everybody. The marks are asked for when all assignments have arrived. `progress` hears
  /// how many there are so far. Throws `Fault` with a PL-12xx code, and what `marks` throws.
  public func assignments(
    since marks: () async throws -> [MembersMark] = { [] }, progress: @escaping Progress = { _ in }
  ) async throws -> Assignments {
    let roles = try await roles()
    var gathered = try await anew { try await assigned(roles, progress) }
    try await readMembers(since: marks(), into: &gathered)
    return gathered.assignments
  }

  /// All assignments, without the members of groups; nil when a link has ended, so that they are read anew: whoever is behind
  /// it would seem to have lost theirs.
  private func assigned(
    _ roles: [String: AppRole], _ progress: @escaping Progress
  ) async throws -> AssignmentsGathered? {
    var gathered = AssignmentsGathered(progress: progress)
    let isWhole = try await client.list("\(principalPath)/appRoleAssignedTo?$top=999", .assignments) { element in
      let given = try assignment(element, roles)
      switch given.kind {
      case "User": gathered.add(given.role, to: given.principal)
      case "Group": gathered.add(given.role, toGroup: given.principal)
      default: break
      }
    }
    return isWhole ? gathered : nil
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

  private func assignment(
    _ element: JSONValue, _ roles: [String: AppRole]
  ) throws -> (kind: String, principal: String, role: AppRole) {
    guard let kind = element["principalType"]?.string, let id = element["principalId"]?.string,
      let role = element["appRoleId"]?.string?.asciiLowercased
    else { throw client.unreadable("holds an assignment that does not say of whom") }
    return (kind, id.asciiLowercased, roles[role] ?? AppRole(id: role))
  }
}
