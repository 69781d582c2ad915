public import Crypto
import EventLog
import Foundation
import GRDB

/// A mark of the folder that the keys lie in, by which a copy is told from it; 32 bytes that say nothing else.
extension SubjectKeys {
  private static let name = "instance"

  /// The mark that was set last; nil when none was. Throws faults PL-0401 to PL-0407 and PL-0410 to PL-0412.
  public func mark() throws -> SymmetricKey? {
    try faults.map {
      try database.read { database in
        let value = try Data.fetchOne(
          database, sql: "SELECT value FROM secret WHERE name = ?", arguments: [Self.name])
        return try value.map { try currentMaster(database).unwrap($0, for: .secret(Self.name)) }
      }
    }
  }

  /// Sets it. Throws as `mark` does.
  public func setMark(_ mark: SymmetricKey) throws {
    try faults.map {
      try database.inTransaction(.immediate) { database in
        let wrapped = try currentMaster(database).wrap(mark, for: .secret(Self.name))
        try database.execute(
          sql: "INSERT INTO secret (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
          arguments: [Self.name, wrapped])
        return .commit
      }
    }
  }
}
