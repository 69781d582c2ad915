/// Who is to have an account, and what becomes of those who leave the scope.
public struct ScopePolicy: Equatable, Sendable {
  /// The filter of attributes; without any group everybody passes it.
  public var filter: ScopingFilter
  /// True when who leaves the scope keeps the account as it is (Microsoft Learn, "Skip deletion of user accounts that go out
  /// of scope in Microsoft Entra ID"). Who is disabled or deleted in the directory is turned inactive all the same.
  public var skipsDeletions: Bool

  /// A policy; everybody unless a filter says otherwise.
  public init(filter: ScopingFilter = ScopingFilter(), skipsDeletions: Bool = false) {
    self.filter = filter
    self.skipsDeletions = skipsDeletions
  }

  /// Whether the filter lets a person in.
  public func contains(_ user: DirectoryUser) -> Bool {
    filter.groups.isEmpty || filter.holds { SourceAttribute.value($0, of: user.property) }
  }
}
