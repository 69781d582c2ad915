import Base
public import EventLog
import GRDB
import Glibc
import JSON
import Migrations
import Provisioning
public import Sealing
import Synchronization

/// The views of one ledger: tables derived from the log, in a database that may be deleted at any time.
///
/// Several processes may project: each batch looks at the checkpoint first, in the same transaction that moves it.
public final class ViewStore: Sendable {
  /// How many events one transaction takes over.
  static let batch = 2000
  /// Fewer events than these are decoded on one thread.
  static let few = 512
  /// With more events than these to come it is worth it to decode them on several threads.
  static let many = 4 * batch

  let path: String
  let log: Log
  let codec: EventCodec
  let database: any DatabaseWriter
  /// The position at which these views stand for good; nil for the live ones.
  private let end: Int64?
  /// True in a folder where nothing can be written: what has to be made lies in no file of its own.
  let isFixed: Bool
  /// Where snapshots of the past are kept.
  let shelf: SnapshotShelf
  /// The position from which on it is worth it to look whether a snapshot is due.
  let nextSnapshot = Mutex<Int64>(0)

  /// Opens or makes the views of a log. Views of another version of this program are emptied, and fill again.
  ///
  /// Throws `FaultCode.viewsDamaged` when the file cannot be used as a database, or not be written.
  public convenience init(path: String, log: Log, codec: EventCodec) throws {
    try self.init(path: path, log: log, codec: codec, stretch: SnapshotShelf.fewest)
  }

  /// As above; `stretch` is the fewest events between two snapshots.
  init(path: String, log: Log, codec: EventCodec, stretch: Int64) throws {
    self.path = path
    self.log = log
    self.codec = codec
    let shelf = SnapshotShelf(views: path, fewest: stretch)
    self.shelf = shelf
    database = try Self.faults(path) { try Self.open(path, log, shelf) }
    end = nil
    isFixed = false
  }

  /// Views that stand still at a position, in a database that is filled already.
  init(_ database: any DatabaseWriter, of live: ViewStore, at position: Int64) {
    (path, log, codec, shelf) = (live.path, live.log, live.codec, live.shelf)
    self.database = database
    end = position
    isFixed = live.isFixed
  }

  /// Opens the views where nothing can be written: as the file has them if it is as far as the log, else apart. They
  /// stand where the log ended then. Throws as the other initialiser does.
  public init(fixed path: String, log: Log, codec: EventCodec) throws {
    self.path = path
    self.log = log
    self.codec = codec
    shelf = SnapshotShelf(views: path, fewest: SnapshotShelf.fewest)
    try codec.forgetErased(in: log)
    let database = try Self.faults(path) { try Self.openFixed(path, log, codec) }
    self.database = database
    end = try Self.faults(path) { try database.read { try ViewsSQL.position($0) } }
    isFixed = true
  }

  /// The fault for views that are ahead of the log. The log is durable before any view shows it, so these rows are of a log
  /// whose end was cut off, or that was put back or exchanged, and may be the only witness of it.
  static func ahead(_ seen: Int64, of newest: Int64, in log: Log) -> Fault {
    if let other = try? log.otherOrigin() {
      return Fault(
        .viewsAhead,
        "ledger.sqlite is the log of another ledger, \(other), and views.sqlite is of this one; put this ledger's own file back."
      )
    }
    return Fault(
      .viewsAhead,
      """
      views.sqlite shows \(seen.of("event")) and the log holds \(newest): the log's end was cut off, or an older copy of it was \
      put back. Keep both files as they are, run `provledger verify`, and find out who did it.
      """)
  }

  static func open(_ path: String, _ log: Log, _ shelf: SnapshotShelf) throws -> DatabasePool {
    if OwnFile.isLink(path) {
      throw Fault(
        .viewsDamaged, "views.sqlite is a link, and what it leads to must not be made anew; look at it, and remove it.")
    }
    // SQLite gives the write-ahead log the permissions of the database. A file that is there keeps its own.
    let descriptor = Glibc.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor >= 0 { Glibc.close(descriptor) }
    var configuration = Configuration()
    configuration.busyMode = .timeout(60)
    // What a power loss takes of the views the log has.
    configuration.prepareDatabase {
      try $0.execute(
        sql: """
          PRAGMA cache_size = -32768; PRAGMA secure_delete = ON; PRAGMA synchronous = NORMAL;
          PRAGMA wal_autocheckpoint = 10000
          """)
    }
    // Of several connections that turn an empty file to WAL at once, all but one fail at once, whatever their timeout.
    var status = stat()
    let isEmpty = stat(path, &status) == 0 && status.st_size == 0
    let turn = isEmpty ? try FileLock.held(path: path + ".rebuild.lock", fault: .viewsDamaged) : nil
    defer { withExtendedLifetime(turn) {} }
    let pool = try DatabasePool(path: path, configuration: configuration)
    // What SQLite saves before each row is written, and what it sorts while it cleans up, is people's data too: in no file of
    // the system's temporary folder.
    try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA temp_store = MEMORY") }
    if try !Migrations.views.isCurrent(in: pool) {
      // Looking and making take several transactions, so that two who find nothing would both begin to make it. The
      // folder itself cannot be locked for it: whoever restores a backup into it holds that lock.
      let lock = try turn ?? FileLock.held(path: path + ".rebuild.lock", fault: .viewsDamaged)
      defer { withExtendedLifetime(lock) {} }
      // Views of another version are emptied, but not what they may be a witness of.
      let seen = (try? pool.read { try ViewsSQL.position($0) }) ?? 0
      let newest = try log.lastPosition()
      guard seen <= newest else { throw ahead(seen, of: newest, in: log) }
      // Rows that somebody wants to be made anew are not to live on in what was made of them.
      shelf.clear()
      try Migrations.views.replace(in: pool)
    }
    return pool
  }

  /// Runs a body over the database at a path; what SQLite says, and text that cannot be read, becomes a fault with the way
  /// out.
  static func faults<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error where DatabaseFaults.isForWantOfRoom(error, at: path) {
      throw Fault(
        .viewsDamaged,
        "No room is left to write views.sqlite. What the log holds is safe, and the views follow; free some space.")
    } catch let error as DatabaseError {
      throw Fault(
        .viewsDamaged,
        "views.sqlite cannot be used (\(error.message ?? "SQLite error \(error.resultCode.rawValue)")); move it away, keep it, and run `provledger views rebuild`."
      )
    } catch is JSONError {
      throw ViewsSQL.unreadable
    }
  }

  /// Takes over everything that the log holds, and returns the position reached. Throws the faults of log and views.
  @discardableResult
  public func catchUp(_ progress: (Int64) -> Void = { _ in }) throws -> Int64 { try catchUp(inPlace: false, progress) }

  /// As `catchUp`; `inPlace` for whoever has made a database beside the live one, and would wait for itself.
  @discardableResult
  func catchUp(inPlace: Bool, _ progress: (Int64) -> Void = { _ in }) throws -> Int64 {
    if let end { return end }
    // Another process may have projected the erasure, so that this one would never read of it.
    try codec.forgetErased(in: log)
    return try Self.faults(path) {
      var reached: Int64 = -1
      while true {
        let next = try takeOver(inPlace: inPlace, progress)
        if next == reached { return next }
        reached = next
        keepSnapshot(at: next)
        progress(next)
      }
    }
  }

  /// Takes over what one transaction may, and returns the position of the checkpoint.
  private func takeOver(inPlace: Bool, _ progress: (Int64) -> Void) throws -> Int64 {
    let (seen, newest) = (try database.read { try ViewsSQL.position($0) }, try log.lastPosition())
    // Not beyond a stretch, so that each of them gets its snapshot, however much there is to take over.
    let end = shelf.end(ofStretchAt: seen, newest)
    if newest - seen > Self.many {
      let isAside = try !inPlace && isFirst()
      return try isAside ? projectAll(progress) : projectMany(upTo: min(newest, end))
    }
    return try Self.project(batch: Self.batch, upTo: end, from: log, codec, into: database)
  }

  /// Whether nobody was taken over yet, and no more than one cycle is to be: of a longer story the snapshots on the way are
  /// wanted, too.
  private func isFirst() throws -> Bool {
    guard !isFixed, try database.read(ViewsSQL.hasNobody) else { return false }
    return try log.read(types: [CycleFinished.type], limit: 2).count < 2
  }

  /// Takes over one batch, and returns the position of the checkpoint.
  static func project(
    batch: Int, upTo last: Int64 = .max, from log: Log, _ codec: EventCodec, into database: any DatabaseWriter
  ) throws -> Int64 {
    let seen = try database.read { try ViewsSQL.position($0) }
    let newest = try log.lastPosition()
    guard seen <= newest else { throw ahead(seen, of: newest, in: log) }
    guard newest > seen, seen < last else { return seen }
    return try database.writeWithoutTransaction { connection in
      var reached: Int64 = 0
      try connection.inTransaction(.immediate) {
        let position = try ViewsSQL.position(connection)
        let wanted = Int(min(Int64(batch), max(0, last - position)))
        let events = wanted == 0 ? [] : try log.read(from: position + 1, limit: wanted)
        var projection = try Projection(connection, log: log, codec: codec)
        if !events.isEmpty {
          try projection.apply(codec.decode(events))
          try projection.flush()
        }
        reached = events.last?.position ?? position
        return .commit
      }
      return reached
    }
  }

  /// Leaves nothing in any file of what the rows no longer hold: takes over the log, writes all pages anew, empties the
  /// write-ahead log, removes what a rebuild that was cut off left, and forgets in copies that are kept as evidence whoever was
  /// erased.
  ///
  /// A rebuild under way is waited for. Throws `FaultCode.viewsDamaged`, also while another process reads for more than
  /// some seconds; the rows are right then, and it may be tried again.
  public func scrub() throws {
    try catchUp()
    let lock = try FileLock.held(path: path + ".rebuild.lock", fault: .viewsDamaged)
    defer { withExtendedLifetime(lock) {} }
    try Self.faults(path) {
      try removeDatabase(path + ".rebuild")
      try database.writeWithoutTransaction { database in
        try database.execute(sql: "PRAGMA busy_timeout = 5000")
        defer { try? database.execute(sql: "PRAGMA busy_timeout = 60000") }
        // Clearing deleted cells is not enough: rows that once stood elsewhere in a page leave copies there.
        try database.execute(sql: "VACUUM")
        _ = try database.checkpoint(.truncate)
      }
    }
    try forgetInCopies()
  }

  /// Closes the database, with an empty write-ahead log unless somebody reads it: one that is left full is taken over anew by
  /// each process that opens it.
  public func close() throws {
    if end == nil { database.emptyWriteAheadLog() }
    try database.close()
  }
}
