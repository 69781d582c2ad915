import Base
import EventLog
import Foundation
import GRDB
public import JSON
import Migrations
import Provisioning
import Sealing
import Views

/// Rebuilding the rows from the log alone, comparing, and forgetting.
extension AuditStore {
  /// What a comparison of the rows with rebuilt ones found.
  public struct Comparison: Equatable, Sendable {
    /// The log position at which both stand.
    public var position: Int64
    /// The digest of the rows that were there; nil when they could not be read.
    public var live: String?
    /// The digest of the rebuilt ones.
    public var rebuilt: String

    /// True when both are the same.
    public var isEqual: Bool { live == rebuilt }

    /// As a JSON object; `isInstalled` says whether the rebuilt rows are in place.
    public func json(isInstalled: Bool) -> JSONValue {
      [
        "equal": .bool(isEqual), "position": .string(String(position)), "live": live.map(JSONValue.string) ?? .null,
        "rebuilt": .string(rebuilt), "installed": .bool(isInstalled),
      ]
    }
  }

  /// What the digest goes over. Words in place of their numbers, which depend on who was erased when.
  private static let digested = [
    "SELECT position FROM checkpoint",
    """
    SELECT position, time, occurred, \(["actor", "type", "action", "status", "reason", "cycle", "correlation"]
      .map { "(SELECT text FROM term WHERE id = audit.\($0))" }.joined(separator: ", ")),
      (SELECT alias FROM subject WHERE id = audit.subject), causation, changes, text FROM audit ORDER BY position
    """,
    "SELECT term.text, position FROM term JOIN change ON attribute = term.id ORDER BY term.text, position",
    "SELECT id, alias, shown, erased, state FROM subject ORDER BY id",
    "SELECT * FROM name ORDER BY subject, value", "SELECT * FROM person_word ORDER BY word, subject",
    "SELECT * FROM event_word ORDER BY word, position",
  ]

  /// The digest of the rows, and the position at which they stand.
  static func digest(_ database: Database) throws -> (String, Int64) {
    let digests = try digested.map { try TableDigest.of(select: $0, database) }
    return (TableDigest.text(over: digests), try position(database))
  }

  /// Builds the rows anew beside the live ones, up to where those are, and compares. Whoever is erased meanwhile is forgotten in
  /// both.
  ///
  /// Throws the faults of the log, `FaultCode.auditDamaged` and `FaultCode.viewsAhead`.
  public func check(_ progress: (Int64) -> Void = { _ in }) throws -> Comparison {
    var forgotten: [String] = []
    while true {
      let comparison = try compare(progress)
      if comparison.isEqual || end != nil { return comparison }
      // Behind the end of the rows no event tells them: these may be gone from the one and not yet from the other.
      let erased = try log.read(types: [SubjectErased.type], from: comparison.position + 1).compactMap(\.erasedAlias)
      if erased == forgotten { return comparison }
      try forget(erased)
      forgotten = erased
    }
  }

  private func compare(_ progress: (Int64) -> Void) throws -> Comparison {
    try Self.faults(path) {
      let (live, position) = try database.read(Self.digest)
      return try withFresh { fresh in
        let newest = try log.lastPosition()
        guard position <= newest else { throw Self.ahead(position, of: newest) }
        _ = try Self.takeOver(fresh, log, codec, upTo: position, progress)
        return Comparison(position: position, live: live, rebuilt: try fresh.read(Self.digest).0)
      }
    }
  }

  /// Brings the rows up to the log and compares as `check` does; where they differ, empties them and takes over the log again. Cut
  /// off, it goes on when somebody asks.
  ///
  /// Throws the faults of the log, `FaultCode.auditDamaged` and `FaultCode.viewsAhead`.
  public func rebuild(_ progress: (Int64) -> Void = { _ in }) throws -> Comparison {
    try catchUp()
    let comparison = try check(progress)
    if comparison.isEqual { return comparison }
    try reset()
    _ = try Self.faults(path) { try Self.takeOver(database, log, codec, upTo: comparison.position, progress) }
    return comparison
  }

  /// Empties the rows; they fill again when somebody asks. Throws `FaultCode.auditDamaged`.
  public func reset() throws {
    try Self.faults(path) {
      try database.writeWithoutTransaction { database in
        try database.inTransaction(.immediate) {
          for table in ["audit", "change", "name", "person_word", "event_word", "subject", "term"] {
            try database.execute(sql: "DELETE FROM \(table)")
          }
          try database.execute(sql: "UPDATE checkpoint SET position = 0")
          return .commit
        }
      }
    }
  }

  /// Leaves nothing of some people in any file of the rows, however far they have taken over the log: their keys must be gone.
  ///
  /// Throws `FaultCode.auditDamaged`, also while another process reads for more than some seconds; it may be tried again.
  public func forget(_ aliases: [String]) throws {
    let lock = try FileLock.held(path: path + ".rebuild.lock", fault: .auditDamaged)
    defer { withExtendedLifetime(lock) {} }
    try Self.faults(path) {
      try removeDatabase(path + ".rebuild")
      try database.writeWithoutTransaction { database in
        try database.inTransaction(.immediate) {
          try AuditProjection().forget(aliases, in: database, log, codec)
          return .commit
        }
        try database.execute(sql: "PRAGMA busy_timeout = 5000")
        defer { try? database.execute(sql: "PRAGMA busy_timeout = 60000") }
        // Clearing deleted cells is not enough: rows that once stood elsewhere in a page leave copies there.
        try database.execute(sql: "VACUUM")
        _ = try database.checkpoint(.truncate)
      }
    }
  }

  /// Runs a body with an empty database beside the live one, in no file where nothing can be written.
  private func withFresh<Result>(_ body: (DatabaseQueue) throws -> Result) throws -> Result {
    if end != nil { return try body(Self.emptyOwn()) }
    let beside = path + ".rebuild"
    let lock = try FileLock.held(path: beside + ".lock", fault: .auditDamaged)
    defer { withExtendedLifetime(lock) {} }
    try removeDatabase(beside)
    defer { try? removeDatabase(beside) }
    var configuration = Configuration()
    configuration.prepareDatabase {
      try $0.execute(sql: "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536")
    }
    let fresh = try DatabaseQueue(path: beside, configuration: configuration)
    defer { try? fresh.close() }
    try Migrations.audit.replace(in: fresh)
    return try body(fresh)
  }

  private func removeDatabase(_ path: String) throws {
    for suffix in ["", "-wal", "-shm"] where Self.exists(at: path + suffix) {
      try FileManager.default.removeItem(atPath: path + suffix)
    }
  }
}
