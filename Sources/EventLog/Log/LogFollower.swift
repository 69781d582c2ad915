/// The events of a log from a position on, in batches, also those that are still to come, from any process.
///
/// It ends when its task is cancelled. No transaction is open while it waits or while the consumer works.
public struct LogFollower: AsyncSequence, Sendable {
  /// Neighbouring events; never empty.
  public typealias Element = [RecordedEvent]
  /// A `Fault`.
  public typealias Failure = any Error

  let store: LogStore
  let bell: Bell
  let position: Int64
  let batch: Int
  let pause: @Sendable () async throws -> Void

  /// Starts to follow.
  public func makeAsyncIterator() -> Iterator { Iterator(follower: self, next: position) }

  /// Where one consumer is.
  public struct Iterator: AsyncIteratorProtocol {
    let follower: LogFollower
    var next: Int64

    /// The next batch; waits for it. Nil once the task is cancelled. Throws a `Fault` when the log cannot be read.
    public mutating func next() async throws -> [RecordedEvent]? {
      while !Task.isCancelled {
        let rings = follower.bell.rings
        let (from, limit) = (next, follower.batch)
        let events: [RecordedEvent]
        do {
          events = try await follower.store.read { try $0.events(from: from, limit: limit) }
        } catch is CancellationError {
          return nil
        }
        if let last = events.last {
          next = last.position + 1
          return events
        }
        try await follower.wait(past: rings)
      }
      return nil
    }
  }

  /// Returns after an append of this process, or after a pause, since other processes ring no bell.
  private func wait(past rings: Int) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await bell.wait(past: rings) }
      group.addTask {
        do { try await pause() } catch is CancellationError {}
      }
      try await group.next()
      group.cancelAll()
    }
  }
}
