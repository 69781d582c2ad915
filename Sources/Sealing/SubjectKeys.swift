public import Base
public import Crypto
import EventLog
import Foundation
import GRDB
import Glibc
import Migrations
import Provisioning
import Synchronization

/// Who is who, and the keys that seal what the log holds about them: `keys.sqlite`.
///
/// The one place that leads from a directory's object id to the alias in the log, and that only through a keyed hash.
/// Every key in it is wrapped by the master key, which is kept elsewhere. Several processes may use it. Keys are held in
/// memory for as long as this object lives, those of erased subjects until the erasure is seen.
public final class SubjectKeys: Sendable {
  let path: String
  let folder: String
  let database: DatabaseQueue
  let faults: DatabaseFaults
  private let search: MasterKeySearch
  private let master: Mutex<(key: MasterKey, place: SecretSource)>
  private let lookupSecret: SymmetricKey
  private let held: Mutex<Held>

  /// What is held in memory.
  private struct Held {
    var keys: [String: SymmetricKey] = [:]
    /// Whose erasure was seen: their keys are gone for this process, whatever the file still holds.
    var erased: Set<String> = []
    /// Whether this process has committed, so that all that is found is on the disk.
    var isSettled = false
    /// The log position up to which this process has looked for erasures.
    var seen: Int64
  }

  /// Opens the key file, and makes it, for its owner's eyes only, when it is not there.
  ///
  /// `master` is where the configuration says that the master key is; it must be there, and none is ever made here.
  /// Throws faults PL-0401 to PL-0407 and PL-0410 to PL-0412.
  public init(path: String, master: SecretSource) throws {
    let faults = DatabaseFaults.keys(path)
    let search = MasterKeySearch(configured: master)
    let folder = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path
    self.path = path
    self.folder = folder
    self.faults = faults
    self.search = search
    // SQLite gives its journal the same permissions. A file that is there already keeps its own.
    let descriptor = Glibc.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor >= 0 { Glibc.close(descriptor) }
    let opened = try faults.map {
      let database = try Self.openDatabase(path)
      if let copy = try Migrations.subjectKeys.apply(
        to: database, named: path, newer: .keysNewer, foreign: .keysDamaged)
      {
        // It has served: kept longer, it would hold the keys of those who are erased from here on.
        try? FileManager.default.removeItem(atPath: copy)
        // So that nothing of the rows stays in free pages; the step stands without it.
        try? database.vacuum()
      }
      let found = try Self.findMaster(search, path, folder, database)
      // Before any key is held.
      let erased = try database.read { try Int64.fetchOne($0, sql: "SELECT position FROM erasure") ?? 0 }
      return (
        database: database, found: found, erased: erased, lookup: try Self.secret("lookup", database, found.key)
      )
    }
    database = opened.database
    self.master = Mutex(opened.found)
    held = Mutex(Held(seen: opened.erased))
    lookupSecret = opened.lookup
  }

  private static func openDatabase(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = "keys"
    configuration.busyMode = .timeout(5)
    // No WAL, which would keep copies of keys. A journal that is cut is synchronised, one that is deleted is not.
    configuration.prepareDatabase { database in
      try database.execute(
        sql:
          "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY")
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

  // MARK: The master key

  /// The master key that the file needs; in a file that holds nothing yet, the one that is configured is noted.
  private static func findMaster(
    _ search: MasterKeySearch, _ path: String, _ folder: String, _ database: DatabaseQueue
  ) throws -> (key: MasterKey, place: SecretSource) {
    if let wanted = try database.read({ try wantedMaster($0, folder) }) {
      return try search.find(wanted.id, lastPut: wanted.place, file: path)
    }
    guard let key = try search.configured.masterKey() else {
      throw Fault(
        .masterKeyMissing,
        "\(search.configured), where the configuration says the master key is, holds none. Put it there, or name its place under keys.master."
      )
    }
    try database.inTransaction(.immediate) { database in
      // Unless another process was faster.
      try database.execute(
        sql: "INSERT OR IGNORE INTO master VALUES (1, ?, ?)", arguments: [key.id, search.configured.note(in: folder)])
      return .commit
    }
    guard let wanted = try database.read({ try wantedMaster($0, folder) }) else {
      throw damaged("the id of the master key was not kept")
    }
    return try search.find(wanted.id, lastPut: wanted.place, file: path)
  }

  private static func wantedMaster(_ database: Database, _ folder: String) throws
    -> (id: String, place: SecretSource?)?
  {
    let statement = try database.cachedStatement(sql: "SELECT key_id, place FROM master")
    guard let row = try Row.fetchOne(statement) else { return nil }
    return (row[0], SecretSource(note: row[1], in: folder))
  }

  /// The master key of the rows as this transaction sees them: another process may have rotated it meanwhile.
  func currentMaster(_ database: Database) throws -> MasterKey {
    guard let wanted = try Self.wantedMaster(database, folder) else { throw Self.damaged("no master key is noted") }
    let present = master.withLock { $0.key }
    if present.id == wanted.id { return present }
    let found = try search.find(wanted.id, lastPut: wanted.place, file: path)
    master.withLock { $0 = found }
    return found.key
  }

  /// Where the master key is, and its id. Throws faults PL-0401 to PL-0407 and PL-0410 to PL-0412.
  public func masterKey() throws -> (id: String, place: SecretSource) {
    try faults.map {
      let key = try database.read { try currentMaster($0) }
      return (key.id, master.withLock { $0.place })
    }
  }

  /// From here on this key wraps the rows.
  func adopt(_ key: MasterKey, at place: SecretSource) { master.withLock { $0 = (key, place) } }

  private static func secret(_ name: String, _ database: DatabaseQueue, _ master: MasterKey) throws -> SymmetricKey {
    func stored(_ database: Database) throws -> Data? {
      try Data.fetchOne(database, sql: "SELECT value FROM secret WHERE name = ?", arguments: [name])
    }
    if try database.read(stored) == nil {
      let fresh = try master.wrap(SymmetricKey(size: .bits256), for: .secret(name))
      try database.inTransaction(.immediate) { database in
        // Unless another process was faster.
        try database.execute(
          sql: "INSERT OR IGNORE INTO secret (name, value) VALUES (?, ?)", arguments: [name, fresh])
        return .commit
      }
    }
    guard let value = try database.read(stored) else { throw damaged("the secret \(name) was not kept") }
    return try master.unwrap(value, for: .secret(name))
  }

  static func damaged(_ what: String) -> StoreDamage { StoreDamage(what) }

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

  /// The key of an alias; nil when it was erased. Throws faults PL-0401 to PL-0407 and PL-0410 to PL-0412.
  public func key(of alias: String) throws -> SymmetricKey? {
    let (key, isErased) = held.withLock { ($0.keys[alias], $0.erased.contains(alias)) }
    if isErased || key != nil { return key }
    let stored = try faults.map {
      try database.read { database in
        let statement = try database.cachedStatement(sql: "SELECT alias, key FROM subject WHERE alias = ?")
        return try Row.fetchOne(statement, arguments: [alias]).map { try subject($0, currentMaster(database)) }
      }
    }
    guard let stored else { return nil }
    hold([stored])
    return stored.key
  }

  /// Takes the keys of many aliases into memory at once, so that `key(of:)` finds them there: looking one up in the file
  /// costs more than sealing. Throws as `key(of:)` does.
  public func prepare(_ aliases: some Sequence<String>) throws {
    let missing = held.withLock { held in
      Set(aliases).filter { held.keys[$0] == nil && !held.erased.contains($0) }
    }
    if missing.count < 2 { return }
    let found = try faults.map {
      try database.read { database in
        let master = try currentMaster(database)
        let statement = try database.cachedStatement(sql: "SELECT alias, key FROM subject WHERE alias = ?")
        return try missing.compactMap { alias in
          try Row.fetchOne(statement, arguments: [alias]).map { try subject($0, master) }
        }
      }
    }
    hold(found)
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
    try faults.map {
      try database.inTransaction(.immediate) { database in
        let find = try database.cachedStatement(sql: "SELECT alias, key FROM subject WHERE lookup = ?")
        let master = try currentMaster(database)
        // A process that was killed may have cut its journal and not synchronised that: a power loss would bring the
        // journal back, and take back keys that are found here. A commit that writes, as this makes it, ends that.
        if !held.withLock({ $0.isSettled }) { try database.execute(sql: "PRAGMA user_version=0") }
        var fresh: [(subject: Subject, lookup: Data)] = []
        for (id, lookup, alias) in wanted where subjects[id] == nil {
          if let row = try Row.fetchOne(find, arguments: [lookup]) {
            subjects[id] = try subject(row, master)
          } else {
            let subject = Subject(alias: alias(), key: SymmetricKey(size: .bits256))
            fresh.append((subject, lookup))
            subjects[id] = subject
          }
        }
        try insert(fresh, wrappedBy: master, in: database)
        return .commit
      }
    }
    hold(subjects.values)
    held.withLock { $0.isSettled = true }
    return subjects
  }

  /// Inserts rows in the order of their random aliases. The table is in that order anyway, but inside a page a row stands
  /// where it was written, and the order of a directory would show there.
  private func insert(
    _ fresh: [(subject: Subject, lookup: Data)], wrappedBy master: MasterKey, in database: Database
  ) throws {
    let insert = try database.cachedStatement(sql: "INSERT INTO subject (alias, lookup, key) VALUES (?, ?, ?)")
    for (subject, lookup) in fresh.sorted(by: { $0.subject.alias < $1.subject.alias }) {
      let key = try master.wrap(subject.key, for: .subject(subject.alias))
      try insert.execute(arguments: [subject.alias, lookup, key])
    }
  }

  private func hold(_ subjects: some Sequence<Subject>) {
    held.withLock { held in
      for subject in subjects where !held.erased.contains(subject.alias) { held.keys[subject.alias] = subject.key }
    }
  }

  /// Lets go of a subject's key for as long as this object lives: its erasure was seen in the log.
  public func forget(_ alias: String) {
    held.withLock { held in
      held.keys[alias] = nil
      held.erased.insert(alias)
    }
  }

  /// Lets go of the keys of everybody whose erasure was recorded since the last call, by any process. What was carried
  /// out before this object opened the file needs no look: those keys were not there to be held.
  func forgetErased(in log: EventLog) throws {
    var seen = held.withLock { $0.seen }
    while true {
      let page = try log.read(types: [SubjectErased.type], from: seen + 1)
      for erased in page {
        switch Stream(erased.stream) {
        case .user(let alias)?, .operator(let alias)?: forget(alias)
        default: break
        }
      }
      guard let last = page.last else { break }
      seen = last.position
    }
    held.withLock { [seen] in $0.seen = seen }
  }

  private func subject(_ row: Row, _ master: MasterKey) throws -> Subject {
    let alias: String = row[0]
    return Subject(alias: alias, key: try master.unwrap(row[1], for: .subject(alias)))
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
