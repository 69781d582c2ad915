public import Base
public import Logging
import Synchronization

/// The append-only event log: one SQLite database, gapless positions, a Merkle tree over the entries (RFC 6962).
///
/// Any number of tasks and processes may append, read and follow. An append is durable when it returns.
public final class Log: Sendable {
  let store: LogStore
  private let bell = Bell()
  private let line = Mutex(Line())
  private let state: Mutex<State>
  let clock: @Sendable () -> Timestamp
  /// The name of the log, as whoever opened it knows it; empty where they do not.
  let origin: String
  private let logger: Logger

  private struct Request {
    var appends: [StreamAppend]
    var answer: CheckedContinuation<[Int64], any Error>
  }

  /// The appends that wait for the next transaction.
  private struct Line {
    var waiting: [Request] = []
    var isScheduled = false
  }

  private struct State {
    var writer: LogWriter
    var clockIsBehind = false
  }

  /// Opens the log at `path`, and makes it when it is not there; `readOnly` makes and changes nothing, and
  /// `isFixed` is for a folder where nothing can be written.
  ///
  /// `lockPath` is the file by which writing processes take turns; `origin` names the log in its entries' `source`;
  /// `clock` gives the recorded time. Throws faults PL-0301 to PL-0310, among them `logNewer` for a log of a newer
  /// program and `logNotDurable`.
  public init(
    path: String, lockPath: String, origin: String, clock: @escaping @Sendable () -> Timestamp, logger: Logger,
    readOnly: Bool = false, isFixed: Bool = false
  ) throws {
    store = try LogStore(path: path, lockPath: lockPath, readOnly: readOnly || isFixed, isFixed: isFixed)
    state = Mutex(State(writer: LogWriter(origin: origin)))
    self.origin = origin
    self.clock = clock
    self.logger = logger
  }

  /// Opens the bare file of a log, such as a copy that somebody is to check, for reading: its folder may be write
  /// protected. Throws as the other initialiser does.
  public init(copy path: String, clock: @escaping @Sendable () -> Timestamp, logger: Logger) throws {
    store = try LogStore(path: path, lockPath: "", readOnly: true, isCopy: true)
    state = Mutex(State(writer: LogWriter(origin: "")))
    origin = ""
    self.clock = clock
    self.logger = logger
  }

  // MARK: Appending

  /// Appends events to one or several streams, all or nothing, and returns their positions in order; durable when it
  /// returns. Appends of concurrent callers share a transaction.
  ///
  /// An append whose ids are all there already counts as done: its positions are returned, whatever it expects.
  /// Throws `AppendConflict`; `Fault` with `eventInvalid` or `entryTooLarge`; `Fault` PL-0301 to PL-0310 when nothing
  /// could be written, after which the log can be used again once the cause is gone. Cancelling the task does not
  /// take an append back.
  @discardableResult
  public func append(_ appends: [StreamAppend]) async throws -> [Int64] {
    if appends.isEmpty { return [] }
    for append in appends { try append.check() }
    return try await withCheckedThrowingContinuation { answer in
      let mustSchedule = line.withLock { line in
        line.waiting.append(Request(appends: appends, answer: answer))
        defer { line.isScheduled = true }
        return !line.isScheduled
      }
      if mustSchedule { schedule() }
    }
  }

  private func schedule() {
    store.enqueue { self.commitGroup($0) }
  }

  /// One transaction for all that wait; those that come meanwhile wait for the next.
  private func commitGroup(_ connection: LogStore.Writer) {
    let group = line.withLock { line in
      defer { line.waiting = [] }
      return line.waiting
    }
    var outcomes: [Result<[Int64], any Error>] = []
    do {
      try transaction(connection) { writer, session in
        for request in group { outcomes.append(try settle(request.appends, &writer, session)) }
      }
      bell.ring()
    } catch {
      outcomes = group.map { _ in .failure(error) }
    }
    let more = line.withLock { line in
      line.isScheduled = !line.waiting.isEmpty
      return line.isScheduled
    }
    // Before anybody is answered: who appends again at once then finds the next transaction under way.
    if more { schedule() }
    for (request, outcome) in zip(group, outcomes) { request.answer.resume(with: outcome) }
  }

  /// One caller's part. A conflict is that caller's own outcome; what this throws ends the transaction.
  private func settle(_ appends: [StreamAppend], _ writer: inout LogWriter, _ session: LogSession) throws
    -> Result<[Int64], any Error>
  {
    let staged: LogWriter.Staged
    do {
      staged = try writer.stage(appends, now: clock(), session)
    } catch let conflict as AppendConflict {
      return .failure(conflict)
    } catch let fault as Fault {
      return .failure(fault)
    }
    switch staged {
    case .present(let positions): return .success(positions)
    case .new(let rows): return .success(try writer.insert(rows, session))
    }
  }

  /// Appends what `produce` hands over, piece by piece, in one transaction: for more events than fit an array.
  ///
  /// All or nothing, with the rules and errors of `append`; each piece's expectation counts at its turn. An error that
  /// `produce` throws takes everything back and is thrown. Returns the number of events and the highest position
  /// among them; nil when there was none. Other writers wait meanwhile, so have everything at hand.
  @discardableResult
  public func appendLarge(
    _ produce: @escaping @Sendable (_ append: (StreamAppend) throws -> Void) throws -> Void
  ) async throws -> LargeAppend? {
    try await withCheckedThrowingContinuation { answer in
      store.enqueue { connection in
        let outcome = Result { try self.appendLarge(connection, produce) }
        if case .success = outcome { self.bell.ring() }
        answer.resume(with: outcome)
      }
    }
  }

  private func appendLarge(_ connection: LogStore.Writer, _ produce: ((StreamAppend) throws -> Void) throws -> Void)
    throws -> LargeAppend?
  {
    var large = Large()
    try transaction(connection) { writer, session in
      var failure: (any Error)?
      try produce { append in
        do {
          try settle(append, &large, &writer, session)
        } catch {
          failure = failure ?? error
          throw error
        }
      }
      // All or nothing, also for a producer that caught what we threw.
      if let failure { throw failure }
    }
    return large.result
  }

  /// What is known of a large append while it goes on.
  private struct Large {
    var first: (isPresent: Bool, id: EventID)?
    var result: LargeAppend?
  }

  private func settle(
    _ append: StreamAppend, _ large: inout Large, _ writer: inout LogWriter, _ session: LogSession
  ) throws {
    try append.check()
    let staged = try writer.stage([append], now: clock(), session)
    let isPresent = if case .present = staged { true } else { false }
    let id = append.events[0].id
    if let first = large.first, first.isPresent != isPresent {
      throw AppendConflict.partlyThere(present: isPresent ? id : first.id)
    }
    large.first = large.first ?? (isPresent, id)
    let positions =
      switch staged {
      case .present(let positions): positions
      case .new(let rows): try writer.insert(rows, session)
      }
    large.result = LargeAppend(
      count: (large.result?.count ?? 0) + positions.count,
      last: max(large.result?.last ?? 0, positions.max() ?? 0))
  }

  /// Runs `body` in a transaction; when it fails, what is held in memory about the log is forgotten.
  private func transaction(
    _ connection: LogStore.Writer, _ body: (inout LogWriter, LogSession) throws -> Void
  ) throws {
    try state.withLock { state in
      do {
        try connection.transaction { session in
          try state.writer.catchUp(session)
          warnOfClock(&state.clockIsBehind, newest: state.writer.newest)
          try body(&state.writer, session)
        }
      } catch {
        state.writer.forget()
        throw error
      }
    }
  }

  /// Runs `body` in the writer's turn, in one transaction; what it throws takes everything back.
  func write<Result: Sendable>(_ body: @escaping @Sendable (LogSession, _ now: Timestamp) throws -> Result) async throws
    -> Result
  {
    try await withCheckedThrowingContinuation { answer in
      store.enqueue { connection in
        answer.resume(
          with: Swift.Result {
            var result: Result?
            try self.transaction(connection) { _, session in result = try body(session, self.clock()) }
            guard let result else { throw Fault(.logUnreadable, "A transaction of the log gave no answer; try again.") }
            return result
          })
      }
    }
  }

  /// Once for each time that the clock falls behind.
  private func warnOfClock(_ wasBehind: inout Bool, newest: Timestamp?) {
    let now = clock()
    let isBehind = newest.map { now < $0 } ?? false
    if isBehind, !wasBehind, let newest {
      logger.warning(
        "The clock was set back: new entries get the time of the newest one until it has caught up.",
        metadata: ["clock": "\(now)", "newest": "\(newest)"])
    }
    wasBehind = isBehind
  }

  // MARK: Following and closing

  /// Follows the log from a position on, across processes; `batch` is the most that one element holds.
  ///
  /// `pause` is waited for between looks at the log when it is quiet; an append of this object ends it early.
  public func follow(
    from position: Int64 = 1, batch: Int = 1000,
    pause: @escaping @Sendable () async throws -> Void = { try await Task.sleep(for: .milliseconds(200)) }
  ) -> LogFollower {
    LogFollower(store: store, bell: bell, position: position, batch: max(1, batch), pause: pause)
  }

  /// Empties the write-ahead log into the database, unless a reader needs it: for quiet moments. Throws a `Fault`.
  public func checkpointWAL() throws { try store.checkpoint() }

  /// Closes all connections; the log cannot be used afterwards. Appends that still wait fail with `logClosed`. Throws a
  /// `Fault`.
  public func close() throws { try store.close() }
}

/// What `appendLarge` has appended.
public struct LargeAppend: Equatable, Sendable {
  /// The number of events.
  public let count: Int
  /// The highest position among them; they are neighbours when they are new.
  public let last: Int64
}
