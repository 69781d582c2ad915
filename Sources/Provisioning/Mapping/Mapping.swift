import Base
import Expressions

/// The attribute mapping of Entra's TeamViewer gallery app: userName, displayName, active, and the constant
/// ssoCustomerId on create (Microsoft Learn, "Tutorial: Configure TeamViewer for automatic user provisioning", step 5;
/// the constant is in TeamViewer's SCIM page, "Create a new user").
public struct Mapping: Equatable, Sendable {
  /// The directory attribute that becomes the userName: `userPrincipalName`, or `mail` where the two differ.
  public var userName: DirectoryAttribute
  /// The custom identifier of the company's single sign-on; nil when accounts are to have passwords.
  public var ssoCustomerId: String?
  /// Mappings of the administrator's own; an attribute that has none keeps the gallery app's.
  public var own: [AttributeMapping]
  /// What may be done at TeamViewer.
  public var actions: Set<TargetAction>

  /// A mapping.
  public init(
    userName: DirectoryAttribute = .userPrincipalName, ssoCustomerId: String? = nil, own: [AttributeMapping] = [],
    actions: Set<TargetAction> = Set(TargetAction.allCases)
  ) {
    self.userName = userName
    self.ssoCustomerId = ssoCustomerId
    self.own = own
    self.actions = actions
  }

  /// What the mapping makes of one person.
  public enum Outcome: Equatable, Sendable {
    /// An account that TeamViewer will accept; `cutFrom` is the whole name where it had to be cut.
    case account(DesiredAccount, cutFrom: String?)
    /// The person cannot be provisioned with these values.
    case unacceptable(Decision.Reason)
  }

  /// The address that a person maps to; nil when the mapping gives none. The form that a guest's sign-in name has is undone,
  /// and no other attribute's (Microsoft Learn, "How application provisioning works", section "B2B (guest) users").
  public func address(of user: DirectoryUser) -> String? {
    guard let mapping = mapping(to: .userName) else {
      return SourceAttribute.value(userName.rawValue, of: user.property).text
    }
    guard case .value(let value) = mapping.value(for: Person(alias: ""), user, .none) else { return nil }
    return value.text
  }

  /// The mapping of an attribute where it is the administrator's own.
  public func mapping(to target: AccountAttribute) -> AttributeMapping? { own.first { $0.target == target } }

  /// The source attributes that its expressions read, by the names that they use.
  var sourceAttributes: Set<String> { Set(own.flatMap { $0.source.attributes.keys }) }

  /// Maps a person as an active account. A name that the directory has cleared is not sent, so that the last one stays
  /// (Microsoft Learn, "Known issues for provisioning in Microsoft Entra ID", section "Null attribute can't be
  /// provisioned"). What changes by itself is made anew only for somebody who `isChanged`. `known` is the address, where
  /// it was asked for before.
  func apply(
    to user: DirectoryUser, of person: Person, _ variation: Variation, isChanged: Bool, address known: String? = nil
  ) -> Outcome {
    guard let address = known ?? address(of: user) else { return .unacceptable(.importSkipped) }
    guard Address.isAccepted(address) else {
      return .unacceptable(Address.isAccepted(address.trimmed) ? .blankInUserName : .invalidUserName)
    }
    let last = person.lastDesired
    var account = DesiredAccount(userName: address, displayName: "", active: true)
    account.ssoCustomerId = ssoCustomerId
    var name = user[.displayName] ?? last?.displayName
    for mapping in own where mapping.target != .userName && mapping.target != .active {
      var value = MappedValue.unsent
      if !mapping.keeps(last, of: person, isChanged: isChanged) { value = mapping.value(for: person, user, variation) }
      switch value {
      case .failed: return .unacceptable(.expressionFailed)
      case .ignorePerson: return .unacceptable(.ignoreObjectFlow)
      case .unsent: account[mapping.target] = last?[mapping.target]
      case .value(let value): account[mapping.target] = value
      }
      if mapping.target == .displayName { name = account.displayName.isEmpty ? nil : account.displayName }
    }
    guard let name else { return .unacceptable(.missingValues) }
    return named(name, account)
  }

  /// The account with a name that TeamViewer will accept.
  private func named(_ name: String, _ account: DesiredAccount) -> Outcome {
    switch DisplayName.mend(name) {
    case .failure(let flaw): return .unacceptable(flaw.reason)
    case .success(let mended):
      var account = account
      account.displayName = mended
      return .account(account, cutFrom: DisplayName.isTooLong(name) ? name : nil)
    }
  }
}

/// What may be done at TeamViewer ("Target Object Actions" of the portal).
public enum TargetAction: String, CaseIterable, Sendable {
  /// Accounts are made.
  case create
  /// Attributes are changed, and accounts turned active again.
  case update
  /// Accounts are turned inactive.
  case disable
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
