import Base
public import EventLog
import GRDB
import Glibc
import JSON
import Migrations
import Provisioning
public import Sealing
import Views

/// A row for each event of one ledger, as an auditor asks for it, in a database that may be deleted at any time.
///
/// Nothing waits for it: it takes over the log when somebody asks, in transactions of some thousand events, and a process that
/// is killed meanwhile has only to be started again. Several processes may do that at once.
public final class AuditStore: Sendable {
  /// How many events one transaction takes over.
  static let batch = 4000

  let path: String
  let log: Log
  let codec: EventCodec
  let database: any DatabaseWriter
  /// The position at which the rows stand for good; nil where they may be brought up to the log.
  let end: Int64?

  /// Opens or makes the rows of a log. Rows of another version of this program are emptied, and fill again.
  ///
  /// Throws `FaultCode.auditDamaged` when the file cannot be used as a database, or not be written.
  public init(path: String, log: Log, codec: EventCodec) throws {
    (self.path, self.log, self.codec) = (path, log, codec)
    database = try Self.faults(path) { try Self.open(path) }
    end = nil
  }

  /// Opens the rows where nothing can be written: as the file has them if it is as far as the log, else in memory. They stand
  /// where the log ended then. Throws as the other initialiser does.
  public init(fixed path: String, log: Log, codec: EventCodec, _ progress: (Int64) -> Void = { _ in }) throws {
    (self.path, self.log, self.codec) = (path, log, codec)
    let database = try Self.faults(path) { try Self.openFixed(path, log, codec, progress) }
    self.database = database
    end = try Self.faults(path) { try database.read(Self.position) }
  }

  /// Whether there is a file of rows.
  public static func exists(at path: String) -> Bool { access(path, F_OK) == 0 }

  static func open(_ path: String) throws -> DatabasePool {
    if OwnFile.isLink(path) {
      throw Fault(
        .auditDamaged, "audit.sqlite is a link, and what it leads to must not be made anew; look at it, and remove it.")
    }
    // SQLite gives the write-ahead log the permissions of the database. A file that is there keeps its own.
    let descriptor = Glibc.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor >= 0 { Glibc.close(descriptor) }
    // Who finds nothing, or another version, makes it: one after the other.
    let turn = try FileLock.held(path: path + ".lock", fault: .auditDamaged)
    defer { withExtendedLifetime(turn) {} }
    var configuration = Configuration()
    configuration.busyMode = .timeout(60)
    configuration.prepareDatabase {
      try $0.execute(sql: "PRAGMA cache_size = -65536; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY")
    }
    let pool = try DatabasePool(path: path, configuration: configuration)
    try Migrations.audit.replace(in: pool)
    return pool
  }

  /// Runs a body over the database at a path; what SQLite says, and text that cannot be read, becomes a fault with the way
  /// out.
  static func faults<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error where DatabaseFaults.isForWantOfRoom(error, at: path) {
      throw Fault(
        .auditDamaged, "No room is left to write audit.sqlite. The log holds all of it; free some space, and ask again."
      )
    } catch let error as DatabaseError {
      throw damaged(error.message ?? "SQLite error \(error.resultCode.rawValue)")
    } catch is JSONError {
      throw damaged("a row cannot be read")
    }
  }

  static func damaged(_ what: String) -> Fault {
    Fault(
      .auditDamaged,
      "audit.sqlite cannot be used (\(what)); delete it while nothing runs, and ask again: it is made anew from the log."
    )
  }

  /// The fault for rows of events that the log does not hold.
  static func ahead(_ seen: Int64, of newest: Int64) -> Fault {
    Fault(
      .viewsAhead,
      """
      audit.sqlite shows \(seen.of("event")) and the log holds \(newest): the log's end was cut off, or an older copy of it was \
      put back. Keep both files as they are, run `provledger verify`, and find out who did it; then move audit.sqlite away.
      """)
  }

  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try Self.faults(path) { try database.read(body) }
  }

  static func position(_ database: Database) throws -> Int64 {
    try Int64.fetchOne(database, sql: "SELECT position FROM checkpoint") ?? 0
  }

  /// The position up to which the log was taken over.
  public func position() throws -> Int64 { try read(Self.position) }

  /// Closes the database, with an empty write-ahead log unless somebody reads it.
  public func close() throws {
    database.emptyWriteAheadLog()
    try database.close()
  }
}
