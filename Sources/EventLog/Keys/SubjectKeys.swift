public import Crypto
import Foundation
import Glibc
import GRDB
import Migrations
public import Provisioning
import Synchronization

/// Who is who, and the keys that seal what the log holds about them: `keys.sqlite`.
///
/// The one place that leads from a directory's object id to the alias in the log, and that only through a keyed hash.
/// Several processes may use it. Keys are held in memory for as long as this object lives.
public final class SubjectKeys: Sendable {
  private let database: DatabaseQueue
  private let faults: DatabaseFaults
  private let lookupSecret: SymmetricKey
  private let clock: @Sendable () -> Timestamp
  private let keys = Mutex<[String: SymmetricKey]>([:])

  /// Opens the key file, and makes it, for its owner's eyes only, when it is not there.
  ///
  /// Throws faults PL-0401 to PL-0407.
  public init(path: String, clock: @escaping @Sendable () -> Timestamp) throws {
    let faults = DatabaseFaults.keys(path)
    self.faults = faults
    self.clock = clock
    // SQLite gives its journal the same permissions. A file that is there already keeps its own.
    let descriptor = Glibc.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor >= 0 { Glibc.close(descriptor) }
    (database, lookupSecret) = try faults.map {
      let database = try Self.openDatabase(path)
      try Migrations.subjectKeys.apply(to: database, named: path, newer: .keysNewer, foreign: .keysDamaged)
      return (database, try Self.secret("lookup", database))
    }
  }

  private static func openDatabase(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = "keys"
    configuration.busyMode = .timeout(5)
    // No WAL, which would keep copies of keys. A journal that is cut is synchronised, one that is deleted is not.
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON")
    }
    let database = try DatabaseQueue(path: path, configuration: configuration)
    let (journal, synchronous, secureDelete) = try database.read { database in
      (
        try String.fetchOne(database, sql: "PRAGMA journal_mode"),
        try Int.fetchOne(database, sql: "PRAGMA synchronous"),
        try Int.fetchOne(database, sql: "PRAGMA secure_delete")
      )
    }
    guard journal == "truncate", synchronous == 2, secureDelete == 1 else {
      throw Fault(
        .keysNotDurable,
        "SQLite does not keep synchronous=FULL and secure_delete=ON for \(path). Use another SQLite library.")
    }
    return database
  }

  private static func secret(_ name: String, _ database: DatabaseQueue) throws -> SymmetricKey {
    try database.inTransaction(.immediate) { database in
      try database.execute(
        sql: "INSERT OR IGNORE INTO secret (name, value) VALUES (?, ?)", arguments: [name, freshKey()])
      // A process that was killed may have cut its journal and not synchronised that: a power loss would bring the
      // journal back, and take back keys that are found from here on. A commit that writes, as this always does, ends it.
      try database.execute(sql: "PRAGMA user_version=0")
      return .commit
    }
    let value = try database.read { database in
      try Data.fetchOne(database, sql: "SELECT value FROM secret WHERE name = ?", arguments: [name])
    }
    guard let value, value.count == 32 else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the secret \(name) is not 32 bytes")
    }
    return SymmetricKey(data: value)
  }

  private static func freshKey() -> Data { SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) } }

  // MARK: Subjects

  /// The subjects of these object ids; those that are not there yet are made. One transaction, durable on return, so
  /// that it can come before the append that uses them. Throws faults PL-0401 to PL-0407.
  public func subjects(for ids: some Collection<String>) throws -> [String: Subject] {
    try findOrMake(ids.map { ($0, lookup($0), Self.freshAlias) })
  }

  /// The subject of the ledger's own secrets of a kind, such as `configuration`; made when it is not there yet.
  ///
  /// Its alias is `ledger-` and the name, which no person's can be. Throws faults PL-0401 to PL-0407.
  public func named(_ name: String) throws -> Subject {
    let alias = "ledger-\(name)"
    // A NUL keeps it apart from every object id.
    let found = try findOrMake([(name, lookup("\0\(alias)"), { alias })])
    guard let subject = found[name] else {
      throw Fault(.keysDamaged, "The key of \(alias) was not kept. Restore a backup of the key file.")
    }
    return subject
  }

  /// The alias of an object id; nil when it is unknown or erased. Throws faults PL-0401 to PL-0407.
  public func alias(of id: String) throws -> String? {
    let lookup = lookup(id)
    return try faults.map {
      try database.read { database in
        let statement = try database.cachedStatement(sql: "SELECT alias FROM subject WHERE lookup = ?")
        return try String.fetchOne(statement, arguments: [lookup])
      }
    }
  }

  /// The key of an alias; nil when it was erased. Throws faults PL-0401 to PL-0407.
  public func key(of alias: String) throws -> SymmetricKey? {
    if let key = keys.withLock({ $0[alias] }) { return key }
    let stored = try faults.map {
      try database.read { database in
        let statement = try database.cachedStatement(sql: "SELECT alias, key FROM subject WHERE alias = ?")
        return try Row.fetchOne(statement, arguments: [alias]).map(Self.subject)
      }
    }
    guard let stored else { return nil }
    keys.withLock { $0[alias] = stored.key }
    return stored.key
  }

  /// Opens a sealed value with the key of its subject. Throws as `Sealing.open` and `key(of:)` do.
  public func open(_ sealed: some Collection<UInt8>, stream: String, event: EventID) throws -> Sealing.Opened {
    try Sealing.open(sealed, stream: stream, event: event, key: key(of:))
  }

  /// Closes the file; the object cannot be used afterwards. Throws faults PL-0401 to PL-0407.
  public func close() throws { try faults.map { try database.close() } }

  // MARK: Parts

  private func lookup(_ text: String) -> Data {
    Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: lookupSecret))
  }

  private func findOrMake(_ wanted: [(id: String, lookup: Data, alias: () -> String)]) throws -> [String: Subject] {
    var subjects: [String: Subject] = [:]
    subjects.reserveCapacity(wanted.count)
    let created = clock().milliseconds
    try faults.map {
      try database.inTransaction(.immediate) { database in
        let find = try database.cachedStatement(sql: "SELECT alias, key FROM subject WHERE lookup = ?")
        let insert = try database.cachedStatement(
          sql: "INSERT INTO subject (alias, lookup, key, created) VALUES (?, ?, ?, ?)")
        for (id, lookup, alias) in wanted where subjects[id] == nil {
          if let row = try Row.fetchOne(find, arguments: [lookup]) {
            subjects[id] = try Self.subject(row)
          } else {
            let fresh = Subject(alias: alias(), key: SymmetricKey(size: .bits256))
            let key = fresh.key.withUnsafeBytes { Data($0) }
            try insert.execute(arguments: [fresh.alias, lookup, key, created])
            subjects[id] = fresh
          }
        }
        return .commit
      }
    }
    keys.withLock { keys in
      for subject in subjects.values { keys[subject.alias] = subject.key }
    }
    return subjects
  }

  private static func subject(_ row: Row) throws -> Subject {
    guard let alias = row[0] as String?, let key = row[1] as Data?, key.count == 32 else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a subject has no alias or a key of another length")
    }
    return Subject(alias: alias, key: SymmetricKey(data: key))
  }

  /// 16 characters of base32 (RFC 4648, lower case) from 80 random bits.
  private static func freshAlias() -> String {
    let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
    let (high, low) = (RandomWords.shared.next(), RandomWords.shared.next())
    let digits = (0..<16).map { place -> UInt8 in
      let word = place < 8 ? high : low
      return alphabet[Int(word >> (5 * UInt64(place % 8)) & 31)]
    }
    return String(decoding: digits, as: UTF8.self)
  }
}
