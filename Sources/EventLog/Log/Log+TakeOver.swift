import Base

extension Log {
  /// Adds entries as another copy of the log has them, in their order, to one that ends where they begin; durable when it
  /// returns. Whose log they are is for the caller to hold against a checkpoint.
  ///
  /// Throws `FaultCode.entryUnreadable` for what is no entry, `FaultCode.logDamaged` for one of another position, and
  /// faults PL-0301 to PL-0310; then none of them was added.
  func takeOver(_ entries: [[UInt8]]) async throws {
    let events = try entries.map { try RecordedEvent(alone: $0) }
    try await write { session, _ in
      var writer = LogWriter(origin: "")
      try writer.catchUp(session)
      _ = try writer.insert(try Self.rows(events, after: try session.size()), session)
    }
  }

  private static func rows(_ events: [RecordedEvent], after size: Int64) throws -> [LogWriter.Row] {
    try events.enumerated().map { index, event in
      guard event.position == size + Int64(index) + 1 else {
        throw Fault(
          .logDamaged,
          "An entry of position \(event.position) stands where \(size + Int64(index) + 1) should; take another copy.")
      }
      return LogWriter.Row(
        position: event.position, id: event.id, stream: event.stream, version: event.version, type: event.type,
        time: event.time, entry: event.entry)
    }
  }
}
