public import Base
public import JSON
public import Ledger
import Provisioning
public import Views

/// The alarm that no call has gone well for too long, although work is pending and nobody wanted calls to rest.
public struct Silence: Equatable, Sendable {
  /// Since when it is silent.
  public var since: Timestamp
  /// The minutes after which silence is an alarm.
  public var limit: Int

  /// The silence at a moment; nil when there is none, or it has not lasted long enough.
  public init?(_ target: TargetRow, _ backlog: Backlog, _ delivery: DeliveryConfiguration, at now: Timestamp) {
    guard let oldest = backlog.oldest else { return nil }
    var since = max(oldest, target.lastGoodCall ?? oldest, target.resumed ?? oldest)
    if let pause = target.condition.operatorPause {
      guard let end = pause.until, end <= now else { return nil }
      since = max(since, end)
    }
    let span = Duration.seconds(delivery.silenceMinutes * 60)
    guard now - since >= span, delivery.maintenance.end(at: now) == nil else { return nil }
    if let end = Self.lastMaintenance(delivery.maintenance, within: span, of: now) { since = max(since, end) }
    guard now - since >= span else { return nil }
    self.since = since
    limit = delivery.silenceMinutes
  }

  /// The end of the newest maintenance that was over within a span before a moment.
  private static func lastMaintenance(
    _ windows: [MaintenanceWindow], within span: Duration, of now: Timestamp
  ) -> Timestamp? {
    guard !windows.isEmpty else { return nil }
    var moment = now
    let start = Timestamp(milliseconds: now.milliseconds - span.milliseconds)
    while moment > start {
      if let end = windows.end(at: moment) { return end }
      moment = Timestamp(milliseconds: moment.milliseconds - 60_000)
    }
    return nil
  }

  /// The row of `status`.
  public var row: [String] {
    ["SILENCE", "no call went well since \(since), although work is pending (the limit is \(limit.of("minute")))"]
  }

  /// As a JSON object.
  public var json: JSONValue { ["since": .string(since.description), "limit": .integer(Int64(limit))] }
}
