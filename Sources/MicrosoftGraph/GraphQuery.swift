/// What is asked of Microsoft Graph: which permission it takes, for the sentence when that is missing.
enum GraphQuery: Sendable {
  case users
  case principal
  case assignments
  case members
  case application
  case organization

  /// The least application permission (Microsoft Graph permissions reference).
  var permission: String {
    switch self {
    case .users: "User.Read.All"
    case .principal, .assignments, .application: "Application.Read.All"
    case .members: "GroupMember.Read.All"
    case .organization: "Organization.Read.All"
    }
  }

  /// What may not be read without it.
  var words: String {
    switch self {
    case .users: "users"
    case .principal, .assignments: "who is assigned"
    case .members: "the members of groups"
    case .application: "when secrets and certificates end"
    case .organization: "the tenant's name"
    }
  }
}
