public import Expressions

/// Who is to have an account, and what becomes of those who leave the scope.
public struct ScopePolicy: Equatable, Sendable {
  /// Whom the directory gives.
  public enum People: String, CaseIterable, Sendable {
    /// Everybody.
    case everybody
    /// Who is assigned to the application, directly or as a direct member of an assigned group.
    case assigned
  }

  /// Whom the directory gives.
  public var people: People
  /// The filter of attributes; without any group everybody passes it.
  public var filter: ScopingFilter
  /// True when who leaves the scope keeps the account as it is (Microsoft Learn, "Skip deletion of user accounts that go out
  /// of scope in Microsoft Entra ID"). Who is disabled or deleted in the directory is turned inactive all the same.
  public var skipsDeletions: Bool

  /// A policy; everybody unless it says otherwise.
  public init(people: People = .everybody, filter: ScopingFilter = ScopingFilter(), skipsDeletions: Bool = false) {
    self.people = people
    self.filter = filter
    self.skipsDeletions = skipsDeletions
  }

  /// The source attributes that it reads.
  public var attributes: Set<String> {
    people == .everybody ? filter.attributes : filter.attributes.union([DirectoryAttribute.appRoleAssignments.rawValue])
  }

  /// Whether somebody is in scope, and why, clause by clause.
  public func verdict(_ attribute: (String) -> ExpressionValue) -> ScopingVerdict {
    var verdict = filter.verdict(attribute)
    if people == .assigned {
      verdict.isAssigned = !attribute(DirectoryAttribute.appRoleAssignments.rawValue).isEmpty
    }
    return verdict
  }

  /// Why a person is out of scope, `expressionFailed` where a pattern takes too long to say; nil for who is in.
  public func objection(to user: DirectoryUser) -> Decision.Reason? {
    if people == .assigned, user.attributes[.appRoleAssignments] == nil { return .notEffectivelyEntitled }
    if filter.groups.isEmpty { return nil }
    return switch filter.holds({ SourceAttribute.value($0, of: user.property) }) {
    case true?: nil
    case false?: .outOfScope
    case nil: .expressionFailed
    }
  }
}
