import Base
import EventLog
import Foundation
import GRDB
import Migrations
import Provisioning
import Sealing
import Synchronization

/// Filling a database of views that nobody reads yet and that may be thrown away: as fast as can be.
extension ViewStore {
  /// Runs a body with an empty database beside the live one, and its path; `lookups` keeps the indexes that people are
  /// looked up by. What a killed process left there is removed
  /// first, and by an erasure.
  func withFresh<Result>(lookups: Bool = false, _ body: (DatabaseQueue, _ path: String) throws -> Result) throws
    -> Result
  {
    if isFixed { return try Self.faults { try body(Self.emptyInMemory(), "") } }
    let beside = path + ".rebuild"
    let lock = try FileLock.held(path: beside + ".lock", fault: .viewsDamaged)
    defer { withExtendedLifetime(lock) {} }
    try removeDatabase(beside)
    defer { try? removeDatabase(beside) }
    return try Self.faults {
      let fresh = try Self.openFresh(beside, lookups)
      defer { try? fresh.close() }
      return try body(fresh, beside)
    }
  }

  /// Opens a new file. A crash or an error leaves rubbish in it, so it is removed then.
  private static func openFresh(_ path: String, _ lookups: Bool) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.prepareDatabase {
      try $0.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536")
    }
    let fresh = try DatabaseQueue(path: path, configuration: configuration)
    try Migrations.views.replace(in: fresh)
    if lookups { return fresh }
    try fresh.write { database in
      let names = try String.fetchAll(
        database, sql: "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'person' AND sql IS NOT NULL"
      )
      for name in names { try database.execute(sql: "DROP INDEX \(name)") }
    }
    return fresh
  }

  /// Takes over the log up to a position: some events are decoded while those before them are applied.
  func build(_ fresh: DatabaseQueue, upTo last: Int64, _ progress: (Int64) -> Void) throws {
    try fresh.inTransaction(.immediate) { database in
      var projection = try Projection(database, log: log, codec: codec)
      var batch = try decoded(after: projection.position, upTo: last)
      while let reached = batch.last?.position {
        batch = try beside {
          try self.decoded(after: reached, upTo: last)
        } while: {
          try projection.apply(batch)
        }
        if projection.isLarge { try projection.flush() }
        progress(reached)
      }
      try projection.flush()
      return .commit
    }
  }

  private func decoded(after position: Int64, upTo last: Int64) throws -> [LoggedEvent] {
    let wanted = min(Int64(Self.batch), last - position)
    let events = wanted > 0 ? try log.read(from: position + 1, limit: Int(wanted)) : []
    try codec.prepare(events)
    // In two halves, since decoding takes longer than applying.
    let middle = events.count / 2
    var first: [LoggedEvent] = []
    let codec = codec
    let second = try beside {
      try codec.decode(Array(events[middle...]))
    } while: {
      first = try codec.decode(Array(events[..<middle]))
    }
    return first + second
  }

  /// Runs `work` on a thread of its own while `body` runs on this one. An error of `body` goes first.
  private func beside<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value, while body: () throws -> Void
  ) throws -> Value {
    let answer = Answer<Value>()
    let group = DispatchGroup()
    group.enter()
    Thread.detachNewThread {
      answer.result.withLock { $0 = Result { try work() } }
      group.leave()
    }
    let done = Result { try body() }
    group.wait()
    try done.get()
    guard let result = answer.result.withLock({ $0 }) else { throw CancellationError() }
    return try result.get()
  }
}

private final class Answer<Value: Sendable>: Sendable {
  let result = Mutex<Result<Value, any Error>?>(nil)
}
