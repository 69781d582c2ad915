public import Base
import Crypto
import EventLog
import Foundation
import GRDB
public import JSON
import Provisioning

/// Another master key for the same subject keys: all are wrapped anew, no entry of the log is.
extension SubjectKeys {
  /// What a rotation did.
  public struct Rotation: Equatable, Sendable {
    /// The id of the master key before.
    public let old: String
    /// The id of the master key now.
    public let new: String
    /// How many keys are wrapped by it.
    public let count: Int
    /// Where it is.
    public let place: SecretSource
    /// Where it was before.
    public let oldPlace: SecretSource
  }

  /// Wraps every key anew in one transaction. One caller at a time, which the cycle lock sees to.
  ///
  /// `place` is where the new master key is, or nil for a fresh one in place of the file that holds the present one: that
  /// one waits beside the old until the transaction is durable, and a crash at any moment leaves the key that the file
  /// needs where it is looked for. Throws faults PL-0401 to PL-0407 and PL-0410 to PL-0412.
  public func rotate(to place: SecretSource?) throws -> Rotation {
    let present = try masterKey()
    let target = place ?? present.place
    let isReplaced = target == present.place
    let key = isReplaced ? try waiting(beside: target) : try newKey(at: target)
    if key.id == present.id {
      throw Fault(.masterKeyUnusable, "\(target) holds the present master key; put another one there.")
    }
    let count = try faults.map { try rewrap(under: key, at: target) }
    if isReplaced { target.adopt() }
    adopt(key, at: target)
    // So that nothing that the old key opens stays in free pages; the rotation stands without it.
    try? database.vacuum()
    return Rotation(old: present.id, new: key.id, count: count, place: target, oldPlace: present.place)
  }

  private func waiting(beside place: SecretSource) throws -> MasterKey {
    guard let beside = place.beside else {
      throw Fault(
        .masterKeyUnusable,
        "The master key is in \(place), which cannot be changed from here. Make a new key in a file or in another variable, and name it."
      )
    }
    // What a rotation that was cut off before its transaction left there was never used.
    place.discardWaiting()
    let key = MasterKey()
    try beside.write(key)
    return key
  }

  private func newKey(at place: SecretSource) throws -> MasterKey {
    if let key = try place.masterKey() { return key }
    guard case .file = place else {
      throw Fault(.masterKeyMissing, "\(place) holds no master key; put one there first, as base64 of 32 random bytes.")
    }
    let key = MasterKey()
    try place.write(key)
    return key
  }

  private func rewrap(under key: MasterKey, at place: SecretSource) throws -> Int {
    var count = 0
    try database.inTransaction(.immediate) { database in
      let master = try currentMaster(database)
      for row in try Row.fetchAll(database, sql: "SELECT alias, key FROM subject") {
        let alias: String = row[0]
        let wrapped = try key.wrap(master.unwrap(row[1], for: .subject(alias)), for: .subject(alias))
        try database.cachedStatement(sql: "UPDATE subject SET key = ? WHERE alias = ?")
          .execute(arguments: [wrapped, alias])
        count += 1
      }
      for row in try Row.fetchAll(database, sql: "SELECT name, value FROM secret") {
        let name: String = row[0]
        let wrapped = try key.wrap(master.unwrap(row[1], for: .secret(name)), for: .secret(name))
        try database.cachedStatement(sql: "UPDATE secret SET value = ? WHERE name = ?")
          .execute(arguments: [wrapped, name])
        count += 1
      }
      try database.execute(sql: "UPDATE master SET key_id = ?, place = ?", arguments: [key.id, place.note(in: folder)])
      return .commit
    }
    return count
  }
}

extension SubjectKeys.Rotation {
  /// As a JSON object.
  public var json: JSONValue {
    [
      "old": .string(old), "new": .string(new), "keys": .integer(Int64(count)), "place": .string(place.description),
    ]
  }
}
