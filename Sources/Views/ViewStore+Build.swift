import Base
import EventLog
import Foundation
import GRDB
import Migrations
import Provisioning
import Sealing

/// Filling a database of views that nobody reads yet and that may be thrown away: as fast as can be.
extension ViewStore {
  /// Makes an empty database beside the live one; `lookups` keeps the indexes that people are looked up by. What a killed
  /// process left there is removed first, and by an erasure. One at a time: whoever comes second waits.
  func fresh(lookups: Bool = false) throws -> FreshDatabase {
    if isFixed { return FreshDatabase(try Self.faults { try Self.emptyInMemory() }, of: self) }
    let beside = path + ".rebuild"
    let lock = try FileLock.held(path: beside + ".lock", fault: .viewsDamaged)
    try removeDatabase(beside)
    return FreshDatabase(try Self.faults { try Self.openFresh(beside, lookups) }, of: self, path: beside, lock)
  }

  /// Runs a body with such a database.
  func withFresh<Result>(_ body: (FreshDatabase) throws -> Result) throws -> Result {
    let fresh = try fresh()
    defer { fresh.close() }
    return try Self.faults { try body(fresh) }
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
        database,
        sql: """
          SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
            AND (tbl_name = 'person' OR name = 'delivery_open')
          """)
      for name in names { try database.execute(sql: "DROP INDEX \(name)") }
    }
    return fresh
  }

  /// Takes over the log up to a position: some events are decoded while those before them are applied.
  func build(_ fresh: DatabaseQueue, upTo last: Int64, _ progress: (Int64) -> Void) throws {
    try fresh.inTransaction(.immediate) { database in
      var projection = try Projection(database, log: log, codec: codec)
      var batch = try decoded(after: projection.position, upTo: last)
      while let reached = batch.last?.last?.position {
        batch = try Beside.run {
          try self.decoded(after: reached, upTo: last)
        } while: {
          for half in batch { try projection.apply(half) }
          // Letting go of them takes time too.
          batch = []
          if projection.isLarge { try projection.flush() }
        }
        progress(reached)
      }
      try projection.flush()
      return .commit
    }
  }

  /// The next events in two parts: they are decoded at the same time, since it takes longer than applying them.
  func decoded(
    after position: Int64, upTo last: Int64, where isWanted: ((RecordedEvent) -> Bool)? = nil
  ) throws -> [[LoggedEvent]] {
    let wanted = min(Int64(Self.batch), last - position)
    let read = wanted > 0 ? try log.read(from: position + 1, limit: Int(wanted)) : []
    let events = read.filter { isWanted?($0) ?? true }
    let middle = events.count / 2
    let codec = codec
    var first: [LoggedEvent] = []
    let second = try Beside.run {
      try codec.decode(events[middle...])
    } while: {
      first = try codec.decode(events[..<middle])
    }
    return [first, second]
  }
}
