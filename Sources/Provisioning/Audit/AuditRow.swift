public import Base

/// One event as an auditor asks for it: where it stands, who did what to whom, how it went and why.
public struct AuditRow: Equatable, Sendable {
  /// Its place in the log.
  public var position: Int64
  /// When it was recorded.
  public var time: Timestamp
  /// When it happened.
  public var occurred: Timestamp
  /// Who or what did it.
  public var actor: Actor
  /// The event type.
  public var type: String
  /// The alias of the person, or operator, that it is about.
  public var subject: String?
  /// What was done, how it went, and why.
  public var outcome: AuditOutcome
  /// The cycle that it belongs to, or whose decision it carries out.
  public var cycle: String?
  /// The piece of work that it belongs to.
  public var correlation: String?
  /// The event that led to it.
  public var causation: EventID?
  /// The names of the attributes that it changed, in their order.
  public var changes: [String]
  /// What it says in words: a reason that an operator gave, or what TeamViewer answered. Nil for an erased subject.
  public var text: String?

  /// The row of an event; `before` and `after` are the person that it is about, before and after it.
  public init(_ logged: LoggedEvent, before: Person? = nil, after: Person? = nil) {
    position = logged.position
    (time, occurred) = (logged.time, logged.occurred)
    actor = logged.actor
    type = logged.payload.type
    subject = logged.subject
    outcome = AuditOutcome(logged.payload, of: after)
    cycle = Self.cycle(logged, after)
    correlation = logged.correlation
    causation = logged.causation
    changes = logged.payload.changedAttributes(of: before)
    text = logged.payload.words
  }

  /// A row that was read back.
  public init(
    position: Int64, time: Timestamp, occurred: Timestamp, actor: Actor, type: String, subject: String?,
    outcome: AuditOutcome, cycle: String?, correlation: String?, causation: EventID?, changes: [String], text: String?
  ) {
    (self.position, self.time, self.occurred) = (position, time, occurred)
    (self.actor, self.type, self.subject, self.outcome) = (actor, type, subject, outcome)
    (self.cycle, self.correlation, self.causation) = (cycle, correlation, causation)
    (self.changes, self.text) = (changes, text)
  }

  private static func cycle(_ logged: LoggedEvent, _ person: Person?) -> String? {
    switch logged.stream {
    case .cycle(let id): id
    case .user: logged.correlation
    case .account: person?.decisionCycle
    case .safeguard: if case .safeguardTripped(let tripped) = logged.payload { tripped.cycle } else { nil }
    default: nil
    }
  }
}
