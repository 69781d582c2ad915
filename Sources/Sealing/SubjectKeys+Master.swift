public import Base
import Crypto
import EventLog
import Foundation
import GRDB
import Synchronization

/// The master key that wraps the rows, and the file's own secrets under it.
extension SubjectKeys {
  /// The master key that the file needs; in a file that holds nothing yet, the one that is configured is noted.
  static func findMaster(
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

  static func wantedMaster(_ database: Database, _ folder: String) throws
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

  static func secret(_ name: String, _ database: DatabaseQueue, _ master: MasterKey) throws -> SymmetricKey {
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
}
