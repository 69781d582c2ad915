/// The lanes in which deliveries leave: the first before the second, the second before the third.
public enum Lane: String, CaseIterable, Sendable {
  /// Accounts to turn inactive.
  case leavers
  /// Accounts that are there, or of which a write has no known outcome.
  case changes
  /// Accounts to make.
  case creates

  /// The lane in which a person's delivery stands: what is linked to them counts, not what was decided.
  public init(_ person: Person) {
    if person.desired?.active == false {
      self = .leavers
    } else {
      self = person.account.believed != nil || person.account.unanswered != nil ? .changes : .creates
    }
  }
}
