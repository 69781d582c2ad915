public import Base
public import JSON
public import Provisioning
public import Views

/// How fast what is pending is brought to TeamViewer, and when it will be done: from what the log says alone, so that it
/// is the same until something is appended.
public struct Throughput: Equatable, Sendable {
  /// What waits and what was completed last.
  public var backlog: Backlog
  /// No delivery leaves before this moment.
  var opens: Timestamp?
  /// True when nobody can say when deliveries leave again.
  var isClosed: Bool

  /// Deliveries that leave while somebody is at work; `blocks` hold them back.
  public init(_ backlog: Backlog, blocks: [BlockReport], isAtWork: Bool = true) {
    self.backlog = backlog
    opens = blocks.compactMap(\.until).max()
    isClosed = !isAtWork || blocks.contains { $0.until == nil }
  }

  /// The milliseconds that one delivery took of late, as completed deliveries over the time between them; nil with fewer
  /// than two.
  private var pace: (milliseconds: Int64, deliveries: Int64)? {
    guard let completed = backlog.completed, completed.count > 1 else { return nil }
    let span = (completed.newest - completed.first).milliseconds
    return (max(span, 1000), Int64(completed.count - 1))
  }

  /// Completed deliveries a minute in tenths, as of the newest one; nil with fewer than two.
  public var tenthsPerMinute: Int64? { pace.map { 600_000 * $0.deliveries / $0.milliseconds } }

  /// Completed deliveries a minute, with one decimal.
  public var perMinute: String? { tenthsPerMinute.map { "\($0 / 10).\($0 % 10)" } }

  /// When a lane will be empty at this pace, lanes before it included; nil when it is, or nobody can say.
  public func empty(_ lane: Lane) -> Timestamp? {
    guard let pace, !isClosed, let newest = backlog.completed?.newest, let oldest = backlog.oldest,
      backlog.lanes[lane]?.count ?? 0 > 0
    else { return nil }
    let before = Lane.allCases.prefix { $0 != lane } + [lane]
    let count = Int64(before.reduce(0) { $0 + (backlog.lanes[$1]?.count ?? 0) })
    let start = max(newest, oldest, opens ?? newest)
    return start + .milliseconds(count * pace.milliseconds / pace.deliveries)
  }

  /// When everything will be delivered at this pace; nil when it is, or nobody can say.
  public var empty: Timestamp? { Lane.allCases.compactMap { empty($0) }.max() }

  /// As a JSON object.
  public var json: JSONValue {
    var lanes = JSONObject()
    for lane in Lane.allCases {
      let waiting = backlog.lanes[lane]
      lanes[lane.rawValue] = [
        "pending": .integer(Int64(waiting?.count ?? 0)), "oldest": JSONValue(orNull: waiting?.oldest?.description),
        "empty": JSONValue(orNull: empty(lane)?.description),
      ]
    }
    return [
      "pending": .integer(Int64(backlog.pending)), "lanes": .object(lanes),
      "completed": .integer(Int64(backlog.completed?.count ?? 0)),
      "newest": JSONValue(orNull: backlog.completed?.newest.description),
      "perMinute": perMinute.map(JSONValue.decimal) ?? .null, "empty": JSONValue(orNull: empty?.description),
    ]
  }
}
