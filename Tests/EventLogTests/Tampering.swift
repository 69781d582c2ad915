import Base
import Foundation
import GRDB
import LogSupport
import Testing

@testable import EventLog

/// A way to change history behind the log's back, and what `verify` is to say of it first.
struct Tampering: CustomTestStringConvertible, Sendable {
  typealias Kind = Verification.Finding.Kind

  /// What stands beside the file.
  enum Evidence: Sendable {
    /// The log's key alone: checkpoints are in the file itself.
    case key
    /// A checkpoint of size 600 that was kept elsewhere.
    case elsewhere
    /// Views that show 600 events.
    case views
  }

  var testDescription: String
  var kind: Kind
  var position: Int64?
  var stream: String?
  var evidence: Evidence
  /// False when the protection is left off, which is a finding of its own.
  var restores: Bool
  var change: @Sendable (Database) throws -> Void

  init(
    _ name: String, _ kind: Kind, _ position: Int64? = nil, _ stream: String? = nil, with evidence: Evidence = .key,
    restores: Bool = true, _ change: @escaping @Sendable (Database) throws -> Void
  ) {
    testDescription = name
    self.kind = kind
    self.position = position
    self.stream = stream
    self.evidence = evidence
    self.restores = restores
    self.change = change
  }

  init(
    _ name: String, _ kind: Kind, _ position: Int64? = nil, _ stream: String? = nil, with evidence: Evidence = .key,
    restores: Bool = true, sql: String
  ) {
    self.init(name, kind, position, stream, with: evidence, restores: restores) { try $0.execute(sql: sql) }
  }

  /// Replaces an entry and everything in its row that follows from it.
  static func rewrite(_ database: Database, _ position: Int64, _ edit: (String) -> String) throws {
    let entry = try String.fetchOne(
      database, sql: "SELECT CAST(entry AS TEXT) FROM event WHERE position = ?", arguments: [position])
    let bytes = Array(edit(try #require(entry)).utf8)
    try database.execute(
      sql: "UPDATE event SET entry = ?, leaf_hash = ? WHERE position = ?",
      arguments: [Data(bytes), Data(Merkle.leaf(bytes).bytes), position])
  }

  /// Adds an entry that is right but for what the caller makes wrong.
  static func forge(
    _ database: Database, position: Int64 = 601, version: Int = 301, id: EventID = ids.next(at: moment),
    time: Timestamp = moment
  ) throws {
    var encoder = EntryEncoder(origin: "example.org/test")
    let entry = try encoder.encode(
      event(id: id), stream: "a", version: version, position: position, time: time)
    try database.execute(
      sql: "INSERT INTO event VALUES (?, ?, 1, ?, 1, ?, ?, ?)",
      arguments: [
        position, Data(id.bytes), version, time.milliseconds, Data(Merkle.leaf(entry).bytes), Data(entry),
      ])
  }

  /// Exchanges columns of two rows.
  static func exchange(_ columns: [String], _ left: Int64, _ right: Int64, _ database: Database) throws {
    let list = columns.joined(separator: ", ")
    let rows = try [left, right].map {
      try #require(try Row.fetchOne(database, sql: "SELECT \(list) FROM event WHERE position = ?", arguments: [$0]))
    }
    let set = columns.map { "\($0) = ?" }.joined(separator: ", ")
    for (position, row) in zip([right, left], rows) {
      try database.execute(
        sql: "UPDATE event SET \(set) WHERE position = \(position)",
        arguments: StatementArguments(Array(row.databaseValues)))
    }
  }

  /// Moves all positions from one on, without a look at the entries.
  static func shift(_ database: Database, from position: Int64, by offset: Int64) throws {
    try database.execute(
      sql: """
        UPDATE event SET position = position + 100000 WHERE position >= \(position);
        UPDATE event SET position = position - 100000 + \(offset) WHERE position >= 100000
        """)
  }

  /// Puts another note into the place of the checkpoint of size 300.
  static func replaceNote(_ database: Database, signedBy key: LogKey, size: Int64 = 300, root: Digest32? = nil) throws {
    let old = try #require(try String.fetchOne(database, sql: "SELECT note FROM checkpoint WHERE size = 300"))
    let checkpoint = try SignedCheckpoint(SignedNote(Array(old.utf8))).checkpoint
    let text = Checkpoint(origin: FilledLog.origin, size: size, root: root ?? checkpoint.root).text
    try database.execute(
      sql: "UPDATE checkpoint SET note = ? WHERE size = 300",
      arguments: [try SignedNote(text, signedBy: [key]).description])
  }
}
