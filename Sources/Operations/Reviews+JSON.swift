public import Base
public import JSON
public import Provisioning

/// Reviews, as JSON.
extension Review {
  /// As a JSON object, at a moment.
  public func json(at now: Timestamp) -> JSONValue {
    [
      "review": .string(id), "asOf": .string(started.asOf.description), "position": .string(String(started.position)),
      "started": .string(point.time.description), "startedBy": .string(actor.description),
      "due": .string(started.due.description), "reviewers": .array(started.reviewers.map(JSONValue.string)),
      "people": .integer(Int64(started.count)), "decided": .integer(Int64(decided)),
      "closed": JSONValue(orNull: closing?.point.time.description), "overdue": .bool(isOverdue(at: now)),
    ]
  }
}

extension ReviewOutcome {
  /// As a JSON object: the review, and numbers of people.
  public func json(of review: String) -> JSONValue {
    [
      "review": .string(review), "kept": .integer(Int64(kept)), "removed": .integer(Int64(removed)),
      "unchanged": .integer(Int64(unchanged)), "undecided": .integer(Int64(open)),
      "safeguard": JSONValue(orNull: held?.id),
    ]
  }
}
