/// What access reviews meet.
extension FaultCode {
  // MARK: PL-0918 to PL-0924: access reviews.

  /// No review has that name.
  public static let reviewUnknown = FaultCode("0918", .failures, "no access review has that name")
  /// A review of that name was begun before.
  public static let reviewThere = FaultCode("0919", .failures, "there is an access review of that name")
  /// The review was closed.
  public static let reviewClosed = FaultCode("0920", .failures, "the access review is closed")
  /// Whoever decides is none of those whom the review names.
  public static let reviewNotYours = FaultCode("0921", .failures, "only its reviewers decide in an access review")
  /// The person could not sign in at the moment that is reviewed.
  public static let reviewNotListed = FaultCode("0922", .failures, "the access review does not ask about that person")
  /// The reviewer provisioned or approved the person.
  public static let reviewOfOneself = FaultCode("0923", .failures, "nobody reviews what they did themselves")
  /// A review cannot begin so.
  public static let reviewInvalid = FaultCode("0924", .usage, "an access review cannot begin so")
}
