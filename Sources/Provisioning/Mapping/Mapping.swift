/// The attribute mapping of Entra's TeamViewer gallery app: userName, displayName, active, and the constant
/// ssoCustomerId on create (Microsoft Learn, "Tutorial: Configure TeamViewer for automatic user provisioning", step 5;
/// the constant is in TeamViewer's SCIM page, "Create a new user").
public struct Mapping: Equatable, Sendable {
  /// The directory attribute that becomes the userName: `userPrincipalName`, or `mail` where the two differ.
  public var userName: DirectoryAttribute
  /// The custom identifier of the company's single sign-on; nil when accounts are to have passwords.
  public var ssoCustomerId: String?

  /// A mapping.
  public init(userName: DirectoryAttribute = .userPrincipalName, ssoCustomerId: String? = nil) {
    self.userName = userName
    self.ssoCustomerId = ssoCustomerId
  }

  /// What the mapping makes of one person.
  public enum Outcome: Equatable, Sendable {
    /// An account that TeamViewer will accept; `cutFrom` is the whole name where it had to be cut.
    case account(DesiredAccount, cutFrom: String?)
    /// The person cannot be provisioned with these values.
    case unacceptable(Decision.Reason)
  }

  /// The address that a person maps to; nil when the attribute has no value.
  public func address(of user: DirectoryUser) -> String? { user[userName].map(Address.ofGuest) }

  /// Maps a person as an active account. `lastName` is the name used so far: a name that the directory has cleared is
  /// not sent, so that it stays (Microsoft Learn, "Known issues for provisioning in Microsoft Entra ID", section "Null
  /// attribute can't be provisioned").
  public func apply(to user: DirectoryUser, lastName: String?) -> Outcome {
    guard let address = address(of: user) else { return .unacceptable(.importSkipped) }
    guard Address.isAccepted(address) else {
      return .unacceptable(Address.isAccepted(address.trimmed) ? .blankInUserName : .invalidUserName)
    }
    guard let source = user[.displayName] ?? lastName else { return .unacceptable(.missingValues) }
    switch DisplayName.mend(source) {
    case .failure(let flaw): return .unacceptable(flaw.reason)
    case .success(let name):
      let account = DesiredAccount(userName: address, displayName: name, active: true, ssoCustomerId: ssoCustomerId)
      return .account(account, cutFrom: DisplayName.isTooLong(source) ? source : nil)
    }
  }
}

extension DisplayName.Flaw {
  fileprivate var reason: Decision.Reason {
    switch self {
    case .tooShort: .invalidDisplayName
    case .invisible: .invisibleDisplayName
    case .cannotBeCut: .displayNameCannotBeCut
    }
  }
}
