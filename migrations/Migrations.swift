public import GRDB
public import Provisioning

/// The schema of one of the ledger's databases: its numbered steps, embedded in the binary, and how to apply them.
///
/// A step that has been released is never edited; a change is a new file with the next number.
public struct Migrations: Sendable {
  private let steps: [(name: String, sql: [UInt8])]

  private init(_ steps: [(name: String, sql: [UInt8])]) { self.steps = steps }

  /// `ledger.sqlite`: the event log.
  public static let eventLog = Migrations([
    ("0001_event_log", PackageResources._001_event_log_sql)
  ])

  /// `keys.sqlite`: the subject keys.
  public static let subjectKeys = Migrations([
    ("0101_subject_keys", PackageResources._101_subject_keys_sql)
  ])

  private var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    for step in steps {
      migrator.registerMigration(step.name) { try $0.execute(sql: String(decoding: step.sql, as: UTF8.self)) }
    }
    return migrator
  }

  /// Applies the steps that are missing, each in a transaction.
  ///
  /// Throws a `Fault` of code `newer` for a database with steps that this program does not know, and GRDB's errors.
  public func apply(to writer: some DatabaseWriter, named name: String, newer: FaultCode) throws {
    let migrator = migrator
    // Asked first: GRDB would apply our steps before it notices a stranger's.
    try writer.writeWithoutTransaction { try refuseNewer($0, migrator, name, newer) }
    try migrator.migrate(writer)
  }

  /// Whether the database has exactly the steps that this program knows.
  ///
  /// Throws as `apply` does for a newer database.
  public func isComplete(_ database: Database, named name: String, newer: FaultCode) throws -> Bool {
    let migrator = migrator
    try refuseNewer(database, migrator, name, newer)
    return try migrator.hasCompletedMigrations(database)
  }

  private func refuseNewer(_ database: Database, _ migrator: DatabaseMigrator, _ name: String, _ newer: FaultCode)
    throws
  {
    if try migrator.hasBeenSuperseded(database) {
      throw Fault(newer, "\(name) was made by a newer program; use that version or a later one. Nothing was changed.")
    }
  }
}
