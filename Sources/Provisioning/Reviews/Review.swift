public import Base

/// One access review as the log tells it: who reviews what until when, what was decided of whom, and how it ended.
///
/// Derived from events alone by `evolve`; numbers and aliases stay when a person is erased, words do not.
public struct Review: Equatable, Sendable {
  /// An event that something rests on.
  public struct Point: Equatable, Sendable {
    /// Its place in the log.
    public let position: Int64
    /// When it was recorded.
    public let time: Timestamp

    init(_ logged: LoggedEvent) { (position, time) = (logged.position, logged.time) }
  }

  /// What was said of one person.
  public struct Verdict: Equatable, Sendable {
    /// The event.
    public let point: Point
    /// What it says.
    public let decided: ReviewDecided
  }

  /// A reviewer who was refused a decision about somebody.
  public struct Refusal: Equatable, Sendable {
    /// The event.
    public let point: Point
    /// The person.
    public let alias: String
    /// What it says.
    public let refused: ReviewRefused
  }

  /// The end.
  public struct Closing: Equatable, Sendable {
    /// The event.
    public let point: Point
    /// Who closed it.
    public let actor: Actor
    /// What it says.
    public let closed: ReviewClosed
  }

  /// Its name.
  public let id: String
  /// Its beginning.
  public let point: Point
  /// Who began it.
  public let actor: Actor
  /// What the beginning says.
  public let started: ReviewStarted
  /// The newest decision about each person, by alias.
  public private(set) var verdicts: [String: Verdict] = [:]
  /// Who was refused, in order.
  public private(set) var refusals: [Refusal] = []
  /// The end; nil while it is open.
  public private(set) var closing: Closing?

  /// Nil for an event that begins no review.
  public init?(_ logged: LoggedEvent) {
    guard case .review(let id) = logged.stream, case .reviewStarted(let started) = logged.payload else { return nil }
    (self.id, self.started) = (id, started)
    (point, actor) = (Point(logged), logged.actor)
  }

  /// Takes over an event; those of other reviews change nothing.
  public mutating func evolve(_ logged: LoggedEvent) {
    switch (logged.payload, logged.stream) {
    case (.reviewDecided(let decided), .user(let alias)) where decided.review == id:
      verdicts[alias] = Verdict(point: Point(logged), decided: decided)
    case (.reviewRefused(let refused), .user(let alias)) where refused.review == id:
      refusals.append(Refusal(point: Point(logged), alias: alias, refused: refused))
    case (.reviewClosed(let closed), .review(id)):
      closing = Closing(point: Point(logged), actor: logged.actor, closed: closed)
    default: break
    }
  }

  /// Whether something may still be decided.
  public var isOpen: Bool { closing == nil }

  /// Whether it is open although all was to be decided by now.
  public func isOverdue(at now: Timestamp) -> Bool { isOpen && now > started.due }

  /// How many people a reviewer has said something of.
  public var decided: Int { verdicts.values.count { $0.decided.reviewer != nil } }

  /// The event types that tell reviews.
  public static let types: Set<String> = [
    ReviewStarted.type, ReviewDecided.type, ReviewRefused.type, ReviewClosed.type,
  ]

  /// Every review that some events tell, in the order in which they began.
  public static func all(_ events: some Sequence<LoggedEvent>) -> [Review] {
    var reviews: [Review] = []
    for logged in events {
      if let review = Review(logged) {
        reviews.append(review)
      } else {
        for place in reviews.indices { reviews[place].evolve(logged) }
      }
    }
    return reviews
  }
}
