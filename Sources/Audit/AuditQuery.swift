public import Provisioning

/// What an auditor asks: all of it has to be so of an event.
public struct AuditQuery: Equatable, Sendable {
  /// The aliases of people, or operators, that it is about; nil for anybody and nobody.
  public var subjects: [String]?
  /// Who did it, as the log names them; or the id alone, of any kind.
  public var actor: String?
  /// What was done.
  public var action: String?
  /// How it went.
  public var status: AuditOutcome.Status?
  /// Why.
  public var reason: String?
  /// The event type.
  public var type: String?
  /// The cycle that it belongs to, or whose decision it carries out.
  public var cycle: String?
  /// An attribute that it changed.
  public var attribute: String?
  /// The piece of work that it belongs to.
  public var correlation: String?
  /// A text, each word of which is one of the event, or of a name that the person ever had; the last one may be cut short.
  public var search: String?
  /// Where in the log.
  public var positions: Range<Int64>

  /// Everything between two positions.
  public init(positions: Range<Int64> = 1..<Int64.max) { self.positions = positions }
}

/// Where a page begins, and which way it goes.
public struct AuditPaging: Equatable, Sendable {
  /// The position behind which it begins; nil for the first page.
  public var after: Int64?
  /// How many rows it has at most.
  public var limit: Int
  /// From the oldest event on, else from the newest back.
  public var isOldestFirst: Bool

  /// A page.
  public init(after: Int64? = nil, limit: Int, isOldestFirst: Bool = false) {
    (self.after, self.limit, self.isOldestFirst) = (after, limit, isOldestFirst)
  }
}

/// A row, and whom it is about as they are called now.
public struct AuditEntry: Equatable, Sendable {
  /// The row.
  public var row: AuditRow
  /// The newest sign-in name of the person, or login of the operator; nil where none is known, or they were erased.
  public var person: String?
}

/// Some rows, and whether more follow.
public struct AuditPage: Equatable, Sendable {
  /// The rows in their order.
  public var entries: [AuditEntry]
  /// The position to go on after; nil where nothing follows.
  public var next: Int64?
}
