/// What a token must hold for a route (Microsoft Graph reference, "Permissions" of each method): one of these suffices.
enum Permission {
  static func sufficient(for route: Route) -> Set<String> {
    switch route {
    case .list(.user), .delta(.user), .object(.user, _), .manager, .deletedUsers: users
    case .list(.group), .delta(.group), .object(.group, _), .members: groups
    case .servicePrincipals, .servicePrincipal, .assignments, .applications, .application: applications
    case .organization: organization
    }
  }

  static let users = all("User.Read.All", "User.ReadWrite.All")
  private static let groups = all("GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All")
  private static let applications = all("Application.Read.All", "Application.ReadWrite.All")
  private static let organization = all("Organization.Read.All", "Organization.ReadWrite.All")

  private static func all(_ names: String...) -> Set<String> {
    Set(names).union(["Directory.Read.All", "Directory.ReadWrite.All"])
  }
}
