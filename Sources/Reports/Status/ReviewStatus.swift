public import Base
public import JSON
public import Provisioning

/// An access review that is open, as `status` tells it.
public struct ReviewStatus: Equatable, Sendable {
  /// Its name.
  public let id: String
  /// When all is to be decided.
  public let due: Timestamp
  /// How many people it asks about.
  public let people: Int
  /// Whether it is open although all was to be decided.
  public let isOverdue: Bool

  /// How an open review is at a moment.
  public init(_ review: Review, at now: Timestamp) {
    (id, due, people) = (review.id, review.started.due, review.started.count)
    isOverdue = review.isOverdue(at: now)
  }

  /// The row of `status`; of the past without the way out.
  public func row(isPast: Bool) -> [String] {
    let words = "\(id), \(people.people), due on \(due)"
    guard isOverdue else { return ["access review", words] }
    let wayOut = isPast ? "was past" : "is past; decide what is open, then `provledger review close \(id)`"
    return ["REVIEW", "\(words), which \(wayOut)"]
  }

  /// As a JSON object.
  public var json: JSONValue {
    [
      "id": .string(id), "due": .string(due.description), "people": .integer(Int64(people)),
      "overdue": .bool(isOverdue),
    ]
  }
}
