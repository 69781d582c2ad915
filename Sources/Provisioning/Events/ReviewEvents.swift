public import Base
import JSON

/// `review.started`: people who are named look at everybody who could sign in at a moment, and say of each whether that is
/// to stay so.
public struct ReviewStarted: Payload {
  /// The event type.
  public static let type = "review.started"
  /// The moment whose access is reviewed.
  public var asOf: Timestamp
  /// The position in the log that the moment stands for.
  public var position: Int64
  /// When all is to be decided.
  public var due: Timestamp
  /// Who decides: `operator:` and a login name each, as envelopes name actors.
  public var reviewers: [String]
  /// How many people could sign in at that moment.
  public var count: Int

  /// The beginning of a review.
  public init(asOf: Timestamp, position: Int64, due: Timestamp, reviewers: [String], count: Int) {
    (self.asOf, self.position, self.due) = (asOf, position, due)
    (self.reviewers, self.count) = (reviewers, count)
  }

  /// All in clear: actors stand so in every envelope.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("asOf", asOf.json), ("position", position.json), ("due", due.json), ("count", count.json),
        ("reviewers", .array(reviewers.map(JSONValue.string))),
      ]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let asOf = fields.clear["asOf"]?.timestamp else { throw Self.missing("asOf") }
    guard let position = fields.clear["position"]?.position else { throw Self.missing("position") }
    guard let due = fields.clear["due"]?.timestamp else { throw Self.missing("due") }
    guard let count = fields.clear["count"]?.integer else { throw Self.missing("count") }
    guard let reviewers = fields.clear["reviewers"]?.array else { throw Self.missing("reviewers") }
    self.init(asOf: asOf, position: position, due: due, reviewers: reviewers.compactMap(\.string), count: count)
  }
}

/// What a review says of one person's access.
public enum ReviewDecision: String, CaseIterable, Sendable {
  /// It stays.
  case keep
  /// It is taken away.
  case remove
}

/// `review.decided`: whether one person keeps access, in a review that is open. The newest one of a review counts.
public struct ReviewDecided: Payload {
  /// The event type.
  public static let type = "review.decided"
  /// The review.
  public var review: String
  /// What is decided.
  public var decision: ReviewDecision
  /// Who decided, as the review named them; nil for what closing it decided of whom nobody had said anything.
  public var reviewer: String?
  /// Why, in the reviewer's words; nil once the person is erased.
  public var rationale: String?

  /// A decision.
  public init(review: String, _ decision: ReviewDecision, reviewer: String?, rationale: String?) {
    (self.review, self.decision, self.reviewer, self.rationale) = (review, decision, reviewer, rationale)
  }

  /// In clear: review, decision, reviewer. Sealed under the person's key: the rationale.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("review", .string(review)), ("decision", .string(decision.rawValue)), ("reviewer", reviewer.json),
      ]), sealed: JSONObject(present: [("rationale", rationale.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let review = fields.clear["review"]?.string else { throw Self.missing("review") }
    guard let decision = fields.clear["decision"]?.string.flatMap(ReviewDecision.init) else {
      throw Self.missing("decision")
    }
    self.init(
      review: review, decision, reviewer: fields.clear["reviewer"]?.string,
      rationale: fields.sealed["rationale"]?.string)
  }
}

/// `review.refused`: somebody was to decide about a person whom they had themselves provisioned or approved.
public struct ReviewRefused: Payload {
  /// The event type.
  public static let type = "review.refused"
  /// The review.
  public var review: String
  /// Who was refused, as the review named them.
  public var reviewer: String
  /// The position of what they had done.
  public var deed: Int64

  /// A refusal.
  public init(review: String, reviewer: String, deed: Int64) {
    (self.review, self.reviewer, self.deed) = (review, reviewer, deed)
  }

  /// All in clear.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("review", .string(review)), ("reviewer", .string(reviewer)), ("deed", deed.json),
      ]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let review = fields.clear["review"]?.string else { throw Self.missing("review") }
    guard let reviewer = fields.clear["reviewer"]?.string else { throw Self.missing("reviewer") }
    guard let deed = fields.clear["deed"]?.position else { throw Self.missing("deed") }
    self.init(review: review, reviewer: reviewer, deed: deed)
  }
}

/// `review.closed`: nothing more is decided in a review.
public struct ReviewClosed: Payload {
  /// The event type.
  public static let type = "review.closed"
  /// What becomes of those of whom nobody had said anything.
  public var undecided: ReviewDecision
  /// How many keep access by a reviewer's decision.
  public var kept: Int
  /// How many lose it by a reviewer's decision.
  public var removed: Int
  /// Of how many nobody had said anything.
  public var open: Int

  /// The end of a review.
  public init(undecided: ReviewDecision, kept: Int, removed: Int, open: Int) {
    (self.undecided, self.kept, self.removed, self.open) = (undecided, kept, removed, open)
  }

  /// All in clear.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("undecided", .string(undecided.rawValue)), ("kept", kept.json), ("removed", removed.json), ("open", open.json),
      ]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let undecided = fields.clear["undecided"]?.string.flatMap(ReviewDecision.init) else {
      throw Self.missing("undecided")
    }
    guard let kept = fields.clear["kept"]?.integer else { throw Self.missing("kept") }
    guard let removed = fields.clear["removed"]?.integer else { throw Self.missing("removed") }
    guard let open = fields.clear["open"]?.integer else { throw Self.missing("open") }
    self.init(undecided: undecided, kept: kept, removed: removed, open: open)
  }
}
