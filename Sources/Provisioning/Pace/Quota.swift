public import Base

/// How many calls TeamViewer allows within a window of time; an agreed limit, not to be exceeded in any such window.
public struct Quota: Hashable, Sendable {
  /// The kinds of call that a quota can be about.
  public static let operations = [
    "POST /Users", "PATCH /Users/{id}", "PUT /Users/{id}", "GET /Users", "GET /Users/{id}",
  ]

  /// Its name in the configuration and in the log.
  public var name: String
  /// The method and path template of the calls that count; nil for every call.
  public var operation: String?
  /// The number of calls in one window.
  public var limit: Int
  /// The length of the window.
  public var window: Duration

  /// A quota of `limit` calls in each `window`.
  public init(name: String, operation: String? = nil, limit: Int, window: Duration) {
    self.name = name
    self.operation = operation
    self.limit = limit
    self.window = window
  }

  /// True when a call of this method and path template counts.
  public func covers(_ operation: String) -> Bool { self.operation.map { $0 == operation } ?? true }

  /// When a block of calls that was taken no longer counts: a window after its last possible call.
  public func frees(_ block: QuotaReserved) -> Timestamp { block.expires + window }

  /// How many calls a further block may have, with so many calls in so many blocks that count; the log's condition keeps
  /// no more blocks than `TargetCondition.mostReservations`.
  public func room(used: Int, blocks: Int) -> Int {
    blocks < TargetCondition.mostReservations ? max(0, limit - used) : 0
  }
}
