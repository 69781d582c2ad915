import Base
import Foundation
import GRDB
import Migrations
import Synchronization

/// The log's database: connections, durability, the writers' lock. With `LogSession` it is all that knows of SQLite.
final class LogStore: Sendable {
  let path: String
  private let pool: DatabasePool
  /// Nil when the log is open for reading.
  private let lock: FileLock?
  private let faults: DatabaseFaults
  private let isClosed = Mutex(false)
  /// Ends queries that would never end; nil for a log of our own.
  private let bound: QueryBound?

  private static let patience = 5.0

  /// Opens the log, makes it when it is not there and may be made, and brings its schema up to date.
  ///
  /// With `isCopy`, the file is somebody else's: its tables are looked at before anything else, and no query of it goes on
  /// for ever. One that nobody has open is read without making files beside it, also where none can be made. With
  /// `isFixed` it is our own, in a folder where nothing can be written.
  init(
    path: String, lockPath: String, readOnly: Bool, isCopy: Bool = false, isFixed: Bool = false,
    schema: Migrations = .eventLog
  ) throws {
    self.path = path
    faults = .log(path)
    var configuration = Configuration()
    configuration.label = "log"
    configuration.busyMode = .timeout(Self.patience)
    configuration.readonly = readOnly
    let place = isFixed ? FixedDatabase.path(path, &configuration) : path
    // Counts only before the first table is made; 8 KiB pages hold nine events and make commits cheaper.
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA page_size=8192; PRAGMA trusted_schema=OFF") }
    let bound = isCopy ? QueryBound() : nil
    self.bound = bound
    if let bound { configuration.prepareDatabase { bound.hold($0) } }
    if readOnly {
      try Self.requirePresence(path)
      lock = nil
      pool = try faults.map {
        let pool = try DatabasePool(
          path: isCopy && Self.isAtRest(path) ? FixedDatabase.uri(path, "immutable=1") : place,
          configuration: configuration)
        if isCopy { try pool.read { try LogSession($0).requireTables() } }
        guard try pool.read({ try schema.isComplete($0, named: path, newer: .logNewer) }) else {
          throw Fault(.logDamaged, "\(path) is no complete log. Open it for writing once, or restore a backup.")
        }
        return pool
      }
    } else {
      let lock = try FileLock(path: lockPath, fault: .logLock)
      self.lock = lock
      // Opening writes too: the journal mode, the schema.
      pool = try faults.map { try lock.withLock { try Self.openForWriting(path, configuration, schema) } }
    }
  }

  /// Throws `FaultCode.logMissing` where there is no file, and `FaultCode.logUnreadable` where this user may not look.
  private static func requirePresence(_ path: String) throws {
    switch Presence(path) {
    case .there: return
    case .missing: throw Fault(.logMissing, "There is no log at \(path). Make one with `provledger init`.")
    case .unknown(let reason):
      throw Fault(.logUnreadable, "\(path) cannot be looked at: \(reason); run the command as a user who may.")
    }
  }

  /// Whether all of the log is in the one file: a write-ahead log beside it holds more, or will.
  private static func isAtRest(_ path: String) -> Bool {
    let files = FileManager.default
    let wal = try? files.attributesOfItem(atPath: path + "-wal")[.size] as? NSNumber
    return (wal?.intValue ?? 0) == 0 && !files.fileExists(atPath: path + "-shm")
  }

  private static func openForWriting(_ path: String, _ configuration: Configuration, _ schema: Migrations) throws
    -> DatabasePool
  {
    let pool = try DatabasePool(path: path, configuration: configuration)
    // GRDB has set NORMAL while it opened the file, so this comes after and is read back.
    let synchronous = try pool.writeWithoutTransaction { database in
      // The triggers that keep the log append-only have SQLite save each page before each row is written: in memory, not in a
      // file of the system's temporary folder.
      try database.execute(
        sql: """
          PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=10000; PRAGMA secure_delete=ON;
          PRAGMA temp_store=MEMORY
          """)
      return try Int.fetchOne(database, sql: "PRAGMA synchronous")
    }
    guard synchronous == 2 else {
      throw Fault(
        .logNotDurable,
        "SQLite does not keep synchronous=FULL for \(path), so an append could be lost. Use another SQLite library.")
    }
    if let copy = try schema.apply(to: pool, named: path, newer: .logNewer, foreign: .logDamaged) {
      try requireSameTree(pool, path, as: copy)
    }
    // What a process wrote that was killed before it synchronised it is visible from here on, and an append that is
    // repeated is told that it is there: so it must be durable before anybody asks.
    try pool.writeWithoutTransaction { _ = try $0.checkpoint(.passive) }
    return pool
  }

  /// A change of the schema changes no entry: size and root are those of the copy that was made before it.
  private static func requireSameTree(_ pool: DatabasePool, _ path: String, as copy: String) throws {
    var configuration = Configuration()
    configuration.readonly = true
    let before = try DatabaseQueue(path: copy, configuration: configuration).read { try LogSession($0).tree() }
    guard try pool.read({ try LogSession($0).tree() }) == before else {
      throw Fault(.logDamaged, "A change of the schema of \(path) changed its entries. Put \(copy) back in its place.")
    }
  }

  // MARK: Reading

  /// Runs `body` in a read transaction; keep it short, since the WAL cannot shrink meanwhile.
  func read<Result>(_ body: (LogSession) throws -> Result) throws -> Result {
    try requireOpen()
    bound?.begin()
    return try faults.map { try pool.read { try body(LogSession($0)) } }
  }

  /// As `read`, without a transaction: for a single statement, which sees one state by itself.
  func ask<Result>(_ body: (LogSession) throws -> Result) throws -> Result {
    try requireOpen()
    bound?.begin()
    return try faults.map { try pool.unsafeRead { try body(LogSession($0)) } }
  }

  /// As `read`, off the caller's thread.
  func read<Result: Sendable>(_ body: @Sendable (LogSession) throws -> Result) async throws -> Result {
    try requireOpen()
    do {
      return try await pool.read { try body(LogSession($0)) }
    } catch {
      throw faults.fault(error)
    }
  }

  /// Copies what one read transaction sees into a new file.
  func copy(to path: String, progress: (_ done: Int, _ pages: Int) -> Void) throws -> LogHead {
    try requireOpen()
    return try faults.map {
      try pool.read { source in
        // Reads, and so fixes the state that is copied.
        let tree = try LogSession(source).tree()
        try DatabaseCopy.write(source, to: path, progress: progress)
        return LogHead(size: tree.size, root: tree.root)
      }
    }
  }

  /// The statements of the schema as this program makes it, and as the file has it.
  func schemas() throws -> (wanted: [String: String], found: [String: String]) {
    let model = try DatabaseQueue()
    try Migrations.eventLog.apply(to: model, named: path, newer: .logNewer, foreign: .logDamaged)
    return (try model.read { try LogSession($0).schema() }, try read { try $0.schema() })
  }

  private func requireOpen() throws {
    if isClosed.withLock({ $0 }) { throw Fault(.logClosed, "The log \(path) was closed; open it again.") }
  }

  // MARK: Writing

  /// Puts `body` into the writer's line.
  func enqueue(_ body: @escaping @Sendable (Writer) -> Void) {
    pool.asyncWriteWithoutTransaction { body(Writer(database: $0, store: self)) }
  }

  /// The writer's turn in its line; made by `enqueue` alone.
  struct Writer {
    let database: Database
    fileprivate let store: LogStore

    /// Runs `body` in one transaction that excludes all other writers, of other processes too: either all of it is
    /// durable on return, or nothing of it was written and this throws.
    func transaction(_ body: (LogSession) throws -> Void) throws {
      guard let lock = store.lock else {
        throw Fault(.logReadOnly, "\(store.path) is open for reading only; nothing was appended.")
      }
      try store.requireOpen()
      try store.faults.map {
        try lock.withLock {
          try database.inTransaction(.immediate) {
            try body(LogSession(database))
            return .commit
          }
        }
      }
    }
  }

  // The lock is one file descriptor, so only the writer's line may take it: two takers would let go for each other.

  /// Copies the WAL into the database and empties it, unless a reader still needs it.
  ///
  /// Only under the lock: older SQLite can damage a WAL when a checkpoint races a commit.
  func checkpoint() throws {
    guard let lock else { return }
    try requireOpen()
    try faults.map {
      try pool.writeWithoutTransaction { database in try lock.withLock { try Self.truncate(database) } }
    }
  }

  private static func truncate(_ database: Database) throws {
    // The other writers wait for us meanwhile, so a slow reader is given little time.
    try database.execute(sql: "PRAGMA busy_timeout=50")
    defer { try? database.execute(sql: "PRAGMA busy_timeout=\(Int(patience * 1000))") }
    do {
      _ = try database.checkpoint(.truncate)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED {
    }
  }

  /// Empties the WAL and closes all connections; once is enough.
  func close() throws {
    try faults.map {
      guard let lock else {
        isClosed.withLock { $0 = true }
        return try pool.close()
      }
      let isFirst = try pool.writeWithoutTransaction { database in
        if isClosed.withLock({ $0 }) { return false }
        try lock.withLock { try Self.truncate(database) }
        isClosed.withLock { $0 = true }
        return true
      }
      // No transaction takes the lock any more. SQLite's last connection makes a checkpoint of its own, hence the lock.
      if isFirst { try lock.withLock { try pool.close() } }
    }
  }
}
