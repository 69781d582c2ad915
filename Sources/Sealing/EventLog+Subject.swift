public import EventLog
import Provisioning

extension EventLog {
  /// Every event about one person before a position, in order; they are few enough to be held.
  public func events(about alias: String, before position: Int64 = .max) throws -> [RecordedEvent] {
    try events(of: [Stream.user(alias), .account(alias)].map(\.description), before: position)
  }
}
