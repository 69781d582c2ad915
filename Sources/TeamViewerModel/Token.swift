extension TeamViewerService {
  /// A script token of the company (SCIM page, "Authorization").
  public struct Token: Equatable, Sendable {
    /// What the caller must present.
    public var value: String
    /// What it allows.
    public var scopes: Set<Scope>
    /// The id of the account that made it; once that account is disabled the token is refused.
    public var owner: String?

    /// A token, with all scopes unless told otherwise.
    public init(_ value: String, scopes: Set<Scope> = Set(Scope.allCases), owner: String? = nil) {
      self.value = value
      self.scopes = scopes
      self.owner = owner
    }

    /// The permissions of the token dialog that matter here (SCIM page, "Authorization").
    public enum Scope: String, CaseIterable, Sendable {
      /// User management: view users.
      case readUsers = "Users.Read"
      /// User management: create users.
      case createUsers = "Users.CreateUsers"
      /// Create administrators, and so users too.
      case createAdministrators = "Users.CreateAdministrators"
      /// User management: edit users.
      case modifyUsers = "Users.ModifyUsers"
      /// Edit administrators, and so users too.
      case modifyAdministrators = "Users.ModifyAdministrators"
      /// Account management: account data.
      case readAccount = "Account.Read"
      /// Account management: email address.
      case readAccountEmail = "Account.ReadEmail"
    }
  }
}
