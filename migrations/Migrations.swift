public import Base
public import GRDB
import Glibc

/// The schema of one of the ledger's databases: its numbered steps, embedded in the binary, and how to apply them.
///
/// A step that has been released is never edited; a change is a new file with the next number.
public struct Migrations: Sendable {
  private let steps: [(name: String, sql: [UInt8])]

  init(_ steps: [(name: String, sql: [UInt8])]) { self.steps = steps }

  /// These steps and one more, as a later program has them.
  func adding(_ name: String, _ sql: String) -> Migrations { Migrations(steps + [(name, Array(sql.utf8))]) }

  /// `ledger.sqlite`: the event log.
  public static let eventLog = Migrations([
    ("0001_event_log", PackageResources._001_event_log_sql)
  ])

  /// `keys.sqlite`: the subject keys.
  public static let subjectKeys = Migrations([
    ("0101_subject_keys", PackageResources._101_subject_keys_sql),
    ("0102_subjects_by_alias", PackageResources._102_subjects_by_alias_sql),
  ])

  /// `views.sqlite`: what is derived from the log.
  public static let views = Migrations([
    ("0201_views", PackageResources._201_views_sql),
    ("0202_operators", PackageResources._202_operators_sql),
    ("0203_audit", PackageResources._203_audit_sql),
    ("0204_replaced", PackageResources._204_replaced_sql),
    ("0206_deliveries_by_status", PackageResources._206_deliveries_by_status_sql),
    ("0207_configurations", PackageResources._207_configurations_sql),
    ("0208_concern", PackageResources._208_concern_sql),
    ("0209_attempts", PackageResources._209_attempts_sql),
  ])

  /// `audit.sqlite`: a row for each event, as an auditor asks for it.
  public static let audit = Migrations([("0301_audit", PackageResources._301_audit_sql)])

  /// The name of the newest step.
  public var newest: String { steps.last?.name ?? "" }

  private var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    for step in steps {
      migrator.registerMigration(step.name) { try $0.execute(sql: String(decoding: step.sql, as: UTF8.self)) }
    }
    return migrator
  }

  /// Applies the steps that are missing, each in a transaction.
  ///
  /// When the database has some of them already, its file is copied first, to `<name>.before-<step>`, for its owner's eyes
  /// only; the path of the copy is returned. A copy that is there already, from an attempt that was cut off, is replaced.
  /// Throws a `Fault` of code `newer` for a database with steps that this program does not know, of code `foreign` for
  /// one that holds something else, and GRDB's errors. `name` is the file as the fault calls it.
  @discardableResult
  public func apply(
    to writer: some DatabaseWriter, named name: String, newer: FaultCode, foreign: FaultCode
  ) throws -> String? {
    let migrator = migrator
    let first = try writer.writeWithoutTransaction { database -> String? in
      try refuseNewer(database, migrator, name, newer)
      guard try hasSteps(database) else {
        if try isEmpty(database) { return nil }
        throw Fault(foreign, "\(name) is a database of something else; name another path. Nothing was changed.")
      }
      let applied = try migrator.appliedIdentifiers(database)
      return applied.isEmpty ? nil : steps.first { !applied.contains($0.name) }?.name
    }
    let copy = first.map { "\(name).before-\($0)" }
    if let copy { try keepCopy(of: writer, at: copy) }
    try migrator.migrate(writer)
    return copy
  }

  /// One file, written beside and moved, so that half a copy never has its name.
  private func keepCopy(of writer: some DatabaseWriter, at path: String) throws {
    let beside = "\(path).partial"
    unlink(beside)
    do {
      try PrivateFile.make(beside) { _ in
        let queue = try DatabaseQueue(path: beside)
        try writer.backup(to: queue)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode=DELETE") }
        try queue.close()
      }
    } catch let failure as PrivateFile.Failure {
      throw DatabaseError(
        resultCode: .SQLITE_CANTOPEN, message: "\(path), a copy before the change, cannot be made: \(failure.text)")
    }
    guard rename(beside, path) == 0 else {
      throw DatabaseError(resultCode: .SQLITE_IOERR, message: "\(path), a copy before the change, cannot be written")
    }
  }

  /// Whether the database has these steps and no other. Throws GRDB's errors.
  public func isCurrent(in writer: some DatabaseWriter) throws -> Bool {
    let migrator = migrator
    return try writer.read { try migrator.hasCompletedMigrations($0) && !migrator.hasBeenSuperseded($0) }
  }

  /// Makes the schema in a database that may be thrown away: content of another version is erased first.
  ///
  /// Two who may do it at once must take turns. Throws GRDB's errors.
  public func replace(in writer: some DatabaseWriter) throws {
    if try isCurrent(in: writer) { return }
    let migrator = migrator
    let isEmpty = try writer.read(isEmpty)
    if !isEmpty { try writer.erase() }
    try migrator.migrate(writer)
  }

  /// Whether the database has exactly the steps that this program knows.
  ///
  /// Throws as `apply` does for a newer database.
  public func isComplete(_ database: Database, named name: String, newer: FaultCode) throws -> Bool {
    let migrator = migrator
    try refuseNewer(database, migrator, name, newer)
    return try isListed(database) && migrator.hasCompletedMigrations(database)
  }

  /// Whether nothing but the list of steps is there: a first opening that was cut off may have left that much.
  private func isEmpty(_ database: Database) throws -> Bool {
    try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'") == 0
  }

  private func hasSteps(_ database: Database) throws -> Bool {
    guard try isListed(database) else { return false }
    return try !migrator.appliedIdentifiers(database).isEmpty
  }

  /// Whether there is a list of steps. The migrator would take an I/O error for the lack of it.
  private func isListed(_ database: Database) throws -> Bool { try database.tableExists("grdb_migrations") }

  private func refuseNewer(_ database: Database, _ migrator: DatabaseMigrator, _ name: String, _ newer: FaultCode)
    throws
  {
    if try isListed(database), try migrator.hasBeenSuperseded(database) {
      throw Fault(newer, "\(name) was made by a newer program; use that version or a later one. Nothing was changed.")
    }
  }
}
