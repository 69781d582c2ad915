public import Base
public import Crypto
import EventLog
import Foundation
import GRDB
import Glibc
import Migrations
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
  let search: MasterKeySearch
  let master: Mutex<(key: MasterKey, place: SecretSource)>
  let held: HeldKeys
  private let lookupSecret: SymmetricKey
  /// True in a folder where nothing can be written: no subject is made.
  private let isFixed: Bool

  /// Opens the key file, and makes it, for its owner's eyes only, when it is not there.
  ///
  /// `master` is where the configuration says that the master key is; it must be there, and none is ever made here.
  /// Throws faults PL-0401 to PL-0407 and PL-0410 to PL-0412.
  ///
  /// With `isFixed` nothing can be written in its folder, and nothing is made.
  public init(path: String, master: SecretSource, isFixed: Bool = false) throws {
    let faults = DatabaseFaults.keys(path)
    let search = MasterKeySearch(configured: master)
    let folder = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path
    self.path = path
    self.folder = folder
    self.faults = faults
    self.search = search
    // SQLite gives its journal the same permissions. A file that is there already keeps its own.
    let descriptor = isFixed ? -1 : Glibc.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor >= 0 { Glibc.close(descriptor) }
    self.isFixed = isFixed
    let opened = try faults.map {
      let database = isFixed ? try Self.openFixed(path) : try Self.openDatabase(path)
      if !isFixed,
        let copy = try Migrations.subjectKeys.apply(
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
    held = HeldKeys(seen: opened.erased)
    lookupSecret = opened.lookup
  }

  private static func openFixed(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = "keys"
    configuration.busyMode = .timeout(5)
    configuration.readonly = true
    let database = try DatabaseQueue(path: path, configuration: configuration)
    guard try database.read({ try Migrations.subjectKeys.isComplete($0, named: path, newer: .keysNewer) }) else {
      throw Fault(
        .keysReadOnly, "\(path) is of a former program. Run a command once where it can be written, then read it here.")
    }
    return database
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
    switch held[alias] {
    case .erased: return nil
    case .key(let key): return key
    case .unknown: break
    }
    try fetch([alias])
    if case .key(let key) = held[alias] { return key }
    return nil
  }

  /// Takes the keys of many aliases into memory at once, so that `key(of:)` finds them there: looking one up in the file
  /// costs more than sealing. Throws as `key(of:)` does.
  public func prepare(_ aliases: some Sequence<String>) throws {
    let missing = held.missing(aliases)
    if missing.count > 1 { try fetch(missing) }
  }

  /// The keys of many aliases, in their order; nil for those that were erased. Throws as `key(of:)` does.
  func keys(of aliases: [String]) throws -> [SymmetricKey?] {
    var answers = held.answers(aliases)
    let unknown = Set(zip(aliases, answers).compactMap { if case .unknown = $1 { $0 } else { nil } })
    if !unknown.isEmpty {
      try fetch(unknown)
      answers = held.answers(aliases)
    }
    // Whose key the file does not have either was erased.
    return answers.map { if case .key(let key) = $0 { key } else { nil } }
  }

  /// Takes keys from the file into memory, as far as it has them.
  private func fetch(_ aliases: some Collection<String>) throws {
    let found = try faults.map {
      let (master, stored) = try database.read { (try currentMaster($0), try Self.wrapped(aliases, $0)) }
      // Without the file, so that several threads do it at the same time.
      return try stored.map { Subject(alias: $0.alias, key: try master.unwrap($0.key, for: .subject($0.alias))) }
    }
    held.hold(found)
  }

  /// The keys as the file has them.
  private static func wrapped(
    _ aliases: some Collection<String>, _ database: Database
  ) throws -> [(alias: String, key: Data)] {
    let statement = try RawStatement(database, "SELECT key FROM subject WHERE alias = ?")
    var found: [(alias: String, key: Data)] = []
    for alias in aliases {
      try alias.bind(to: statement, at: 1)
      try statement.rows { row in
        guard case .blob(let key) = row.value(0) else { throw damaged("the key of \(alias) is no key") }
        found.append((alias, Data(key)))
        return false
      }
    }
    return found
  }

  /// Copies the keys into a new file, in one read transaction: who writes waits for it. Throws `FaultCode.backupFile`,
  /// and faults PL-0401 to PL-0407.
  public func copy(to path: String) throws {
    try faults.map {
      try database.read { source in
        // The first read takes the lock that keeps the file as it is.
        _ = try Int.fetchOne(source, sql: "SELECT count(*) FROM subject")
        try DatabaseCopy.write(source, to: path)
      }
    }
  }

  /// Closes the file; the object cannot be used afterwards. Throws faults PL-0401 to PL-0407.
  public func close() throws { try faults.map { try database.close() } }

  // MARK: Parts

  private func lookup(_ text: String) -> Data {
    Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: lookupSecret))
  }

  private func findOrMake(_ wanted: [(id: String, lookup: Data, alias: () -> String)]) throws -> [String: Subject] {
    guard !isFixed else {
      throw Fault(.keysReadOnly, "\(path) can only be read here. Run the command where it can be written.")
    }
    var subjects: [String: Subject] = [:]
    subjects.reserveCapacity(wanted.count)
    try faults.map {
      try database.inTransaction(.immediate) { database in
        let find = try database.cachedStatement(sql: "SELECT alias, key FROM subject WHERE lookup = ?")
        let master = try currentMaster(database)
        // A process that was killed may have cut its journal and not synchronised that: a power loss would bring the
        // journal back, and take back keys that are found here. A commit that writes, as this makes it, ends that.
        if !held.isSettled { try database.execute(sql: "PRAGMA user_version=0") }
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
    held.hold(subjects.values)
    held.settle()
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

  func subject(_ row: Row, _ master: MasterKey) throws -> Subject {
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
