import Base
import EventLog
import Foundation
import GRDB
import Migrations
import Provisioning
import Sealing

/// Taking over many events: into a database that nobody reads yet and that may be thrown away, or into the live one.
extension ViewStore {
  /// The most people that the live views take over in one transaction: others who write wait less than a second.
  static let mostPeople = 20_000

  /// Makes an empty database beside the live one; `lookups` keeps the indexes that people are looked up by. What a killed
  /// process left there is removed first, and by an erasure. One at a time: whoever comes second waits.
  func fresh(lookups: Bool = false) throws -> FreshDatabase {
    if isFixed { return FreshDatabase(try Self.faults(path) { try Self.emptyOwn() }, of: self) }
    let beside = path + ".rebuild"
    let lock = try FileLock.held(path: beside + ".lock", fault: .viewsDamaged)
    try removeDatabase(beside)
    let fresh = FreshDatabase(try Self.faults(path) { try Self.openFresh(beside) }, of: self, path: beside, lock)
    if !lookups { try Self.faults(path) { try fresh.dropLookups() } }
    return fresh
  }

  /// Runs a body with such a database.
  func withFresh<Result>(_ body: (FreshDatabase) throws -> Result) throws -> Result {
    let fresh = try fresh()
    defer { fresh.close() }
    return try Self.faults(path) { try body(fresh) }
  }

  /// Opens a new file. A crash or an error leaves rubbish in it, so it is removed then.
  private static func openFresh(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.prepareDatabase {
      try $0.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536")
    }
    let fresh = try DatabaseQueue(path: path, configuration: configuration)
    try Migrations.views.replace(in: fresh)
    return fresh
  }

  /// Takes over the log up to a position.
  func build(
    _ fresh: DatabaseQueue, upTo last: Int64, people most: Int = Projection.mostPeople, _ progress: (Int64) -> Void
  ) throws {
    try fresh.inTransaction(.immediate) { database in
      var projection = try Projection(database, log: log, codec: codec)
      try feed(&projection, upTo: last) { projection in
        if projection.count > most { try projection.flush() }
        progress(projection.position)
        return true
      }
      try projection.flush()
      return .commit
    }
  }

  /// Takes over a long log from its first event, and returns the position reached: beside the live views, where nothing has to be
  /// kept in order meanwhile. What another process has taken over by then stands.
  ///
  /// In the live ones each of a hundred thousand people lies on pages of their own in every index, and each transaction would
  /// write them all.
  func projectAll(_ progress: (Int64) -> Void) throws -> Int64 {
    try withFresh { fresh in
      guard try database.read(ViewsSQL.hasNobody) else { return try position() }
      // The cycle that was appended a moment ago holds memory, too.
      try build(fresh.queue, upTo: log.lastPosition(), people: Self.mostPeople, progress)
      try fresh.addLookups()
      return try database.writeWithoutTransaction { live in
        try live.execute(sql: "ATTACH DATABASE ? AS fresh", arguments: [fresh.path])
        defer { try? live.execute(sql: "DETACH DATABASE fresh") }
        var position: Int64 = 0
        // As in a comparison: the write lock of the live database alone.
        try live.inTransaction(.deferred) {
          try live.execute(sql: "UPDATE main.checkpoint SET position = position")
          let isFree = try ViewsSQL.hasNobody(live)
          if isFree { try Self.install(Projection.tables, live) }
          position = try ViewsSQL.position(live)
          return isFree ? .commit : .rollback
        }
        return position
      }
    }
  }

  /// Puts tables of the attached `fresh` in the place of the live ones.
  static func install(_ tables: [String], _ live: Database) throws {
    for table in tables {
      try live.execute(sql: "DELETE FROM main.\(table); INSERT INTO main.\(table) SELECT * FROM fresh.\(table)")
    }
  }

  /// Takes over the events of as many people as are kept at once, in one transaction of the live views, and returns the
  /// position reached.
  ///
  /// People stand in the order of random aliases, so that those of a few events lie on as many pages: what a transaction
  /// costs grows with its pages, and hardly with its people.
  func projectMany(upTo last: Int64, batch: Int = batch, people most: Int = mostPeople) throws -> Int64 {
    try database.writeWithoutTransaction { connection in
      var reached: Int64 = 0
      try connection.inTransaction(.immediate) {
        var projection = try Projection(connection, log: log, codec: codec)
        try feed(&projection, upTo: last, batch: batch) { $0.count < most }
        try projection.flush()
        reached = projection.position
        return .commit
      }
      return reached
    }
  }

  /// Hands a projection the events up to a position: some are decoded while those before them are applied. `applied` is asked
  /// after each batch whether to go on.
  private func feed(
    _ projection: inout Projection, upTo last: Int64, batch size: Int = batch,
    applied: (inout Projection) throws -> Bool
  ) throws {
    var batch = try decoded(after: projection.position, upTo: last, size)
    var goesOn = true
    while goesOn, let reached = batch.last?.last?.position {
      batch = try Beside.run {
        try self.decoded(after: reached, upTo: last, size)
      } while: {
        for half in batch { try projection.apply(half) }
        // Letting go of them takes time too.
        batch = []
        goesOn = try applied(&projection)
      }
    }
  }

  /// The next events that are wanted, in parts that follow each other.
  func decoded(
    after position: Int64, upTo last: Int64, _ size: Int = batch, where isWanted: ((RecordedEvent) -> Bool)? = nil
  ) throws -> [[LoggedEvent]] {
    let wanted = min(Int64(size), last - position)
    let read = wanted > 0 ? try log.read(from: position + 1, limit: Int(wanted)) : []
    return try codec.decodeBeside(read.filter { isWanted?($0) ?? true })
  }
}
