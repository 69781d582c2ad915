public import Base
import GRDB
public import Provisioning

extension Lane {
  /// The lane that a decision leads to, where the person is not at hand; nil when nothing is to be delivered. A create
  /// whose address was matched, or whose outcome is not known, is counted as a create all the same.
  init?(_ action: Decision.Action) {
    switch action {
    case .disable: self = .leavers
    case .update, .enable: self = .changes
    case .create: self = .creates
    case .skip, .held, .none: return nil
    }
  }
}

/// What is still to be brought to TeamViewer, and how fast that goes: counts and instants, read from indexes alone.
public struct Backlog: Equatable, Sendable {
  /// What waits in one lane.
  public struct Waiting: Equatable, Sendable {
    /// How many deliveries.
    public var count: Int
    /// Since when the oldest of them is due; nil when there is none.
    public var oldest: Timestamp?

    /// Some deliveries.
    public init(count: Int = 0, oldest: Timestamp? = nil) {
      self.count = count
      self.oldest = oldest
    }
  }

  /// What waits, by lane; what is set aside is not among it.
  public var lanes: [Lane: Waiting]
  /// How many deliveries were completed within `window` before the newest of them, and when the first and the newest;
  /// those before the oldest that waits became due are left out, where enough came after it: there may have been nothing
  /// to do between.
  public var completed: (count: Int, first: Timestamp, newest: Timestamp)? {
    first.flatMap { first in newest.map { (completions, first, $0) } }
  }
  /// Since when the oldest delivery that waits is due; nil when none waits.
  public var oldest: Timestamp? { lanes.values.compactMap(\.oldest).min() }
  /// The number of deliveries that wait.
  public var pending: Int { lanes.values.reduce(0) { $0 + $1.count } }
  /// How many deliveries are open, by the word for what keeps them or went wrong last.
  public var errors: [String: Int]
  var completions: Int
  var first: Timestamp?
  var newest: Timestamp?

  /// How far back from the newest completion the rate is measured.
  public static let window = Duration.seconds(600)
}

extension ViewStore {
  /// What is still to be delivered, and how fast that goes.
  public func backlog() throws -> Backlog {
    try read { database in
      var lanes: [Lane: Backlog.Waiting] = [:]
      let waiting = try Row.fetchAll(
        database,
        sql:
          "SELECT action, count(*), min(since) FROM delivery INDEXED BY delivery_pending WHERE status = 'pending' GROUP BY action"
      )
      for row in waiting {
        guard let lane = Decision.Action(rawValue: row[0]).flatMap(Lane.init) else { continue }
        let oldest = Timestamp(milliseconds: row[2])
        var sum = lanes[lane] ?? Backlog.Waiting()
        sum = Backlog.Waiting(count: sum.count + row[1], oldest: min(oldest, sum.oldest ?? oldest))
        lanes[lane] = sum
      }
      let newest = try Int64.fetchOne(
        database, sql: "SELECT max(ended) FROM delivery INDEXED BY delivery_ended WHERE status = 'delivered'")
      let whole = (newest ?? 0) - Backlog.window.milliseconds
      let due = lanes.values.compactMap(\.oldest).min().map { max(whole, $0.milliseconds) }
      var done: Row?
      for start in [due, whole].compactMap({ $0 }) where (done?[0] ?? 0) < 2 {
        done = try Row.fetchOne(
          database,
          sql:
            "SELECT count(*), min(ended) FROM delivery INDEXED BY delivery_ended WHERE status = 'delivered' AND ended > ?",
          arguments: [start])
      }
      let errors = try Row.fetchAll(
        database,
        sql: "SELECT error, count(*) FROM delivery WHERE open = 1 AND error IS NOT NULL GROUP BY error")
      return Backlog(
        lanes: lanes, errors: Dictionary(uniqueKeysWithValues: errors.map { ($0[0], $0[1]) }),
        completions: done?[0] ?? 0, first: (done?[1] as Int64?).map(Timestamp.init(milliseconds:)),
        newest: newest.map(Timestamp.init(milliseconds:)))
    }
  }

  /// How many deliveries of what was decided from a position on are set aside: parked, given up, or kept by an operator.
  public func setAside(from position: Int64) throws -> Int {
    try read { database in
      try Int.fetchOne(
        database,
        sql: "SELECT count(*) FROM delivery WHERE status IN ('parked', 'abandoned', 'onHold') AND decision >= ?",
        arguments: [position]) ?? 0
    }
  }
}
