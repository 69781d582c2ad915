package import EventLog
package import Provisioning
package import Sealing

extension EventCodec {
  /// Decodes events in two parts at the same time, since that takes longer than what is made of them. Throws as `decode` does.
  package func decodeBeside(_ events: [RecordedEvent]) throws -> [[LoggedEvent]] {
    // For a few a thread of their own takes longer to begin than they do.
    if events.count < ViewStore.few { return [try decode(events)] }
    let middle = events.count / 2
    var first: [LoggedEvent] = []
    let second = try Beside.run {
      try decode(events[middle...])
    } while: {
      first = try decode(events[..<middle])
    }
    return [first, second]
  }
}
