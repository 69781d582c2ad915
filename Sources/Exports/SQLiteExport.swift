import Base
import EventLog
import Foundation
import GRDB
import Provisioning
import Reports
import Sealing
import Views

/// A database of views and history, for Datasette, DuckDB and whatever else reads SQLite: `events`, `changes`, `people`,
/// `deliveries`, and `export`, which says what it is.
struct SQLiteExport {
  let source: ExportSource
  let views: ViewStore

  /// Makes the database in a folder, and writes its bytes. Returns how many events it holds. Throws the faults of log, keys and
  /// views, and `FaultCode.outputUnwritable`.
  func write(_ positions: Range<Int64>, _ settings: ExportSettings, to write: ([UInt8]) throws -> Void) throws -> Int {
    let path = FileManager.default.temporaryDirectory.appending(path: "provledger-\(randomName()).sqlite").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    do {
      close(try PrivateFile.create(path))
      let count = try fill(path, positions, settings)
      try Self.copy(path, write)
      return count
    } catch let failure as PrivateFile.Failure {
      throw Self.unwritable(path, failure.text)
    } catch let error as DatabaseError {
      throw Self.unwritable(path, error.message ?? "SQLite error \(error.resultCode.rawValue)")
    }
  }

  private func fill(_ path: String, _ positions: Range<Int64>, _ settings: ExportSettings) throws -> Int {
    var configuration = Configuration()
    configuration.prepareDatabase {
      try $0.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768")
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? queue.close() }
    return try queue.write { database in
      try database.execute(sql: Self.schema)
      let count = try addEvents(positions, settings, database)
      try addPeople(settings.privacy, database)
      if settings.privacy == .clear { try addDeliveries(database) }
      try addFacts(positions, settings, database)
      return count
    }
  }

  private func addEvents(_ positions: Range<Int64>, _ settings: ExportSettings, _ database: Database) throws -> Int {
    let event = try Self.insert("events", EventCSV.columns.count, database)
    let change = try Self.insert("changes", 4, database)
    return try source.forEach(positions, settings.privacy) { exported in
      try event.execute(arguments: Self.values(EventCSV.fields(exported)))
      for changed in exported.changes {
        try change.execute(arguments: [exported.position, changed.displayName, changed.oldValue, changed.newValue])
      }
    }
  }

  private func addPeople(_ privacy: ExportPrivacy, _ database: Database) throws {
    guard privacy != .none else { return }
    let person = try Self.insert("people", 12, database)
    for one in try views.people().people {
      let known = privacy == .clear ? ExportedPerson(one) : ExportedPerson(alias: one.alias)
      try person.execute(arguments: [
        one.alias, known.objectID, known.userPrincipalName, known.displayName, known.mail, known.accountID,
        known.accountName, one.account.believed.map { _ in one.hasActiveAccount }, PersonStatus(one).rawValue,
        one.decision?.action.rawValue,
        one.decision?.reason.rawValue, one.decision == nil ? nil : one.decisionPosition,
      ])
    }
  }

  private func addDeliveries(_ database: Database) throws {
    let delivery = try Self.insert("deliveries", DeliveryRecord.columns.count, database)
    var filter = ProvisioningReport.Filter()
    filter.includesUnchanged = true
    try ProvisioningReport(views, filter).forEach { record in
      try delivery.execute(arguments: Self.values(record.fields))
    }
  }

  private func addFacts(_ positions: Range<Int64>, _ settings: ExportSettings, _ database: Database) throws {
    let facts = [
      ("origin", settings.origin), ("program", settings.version), ("firstEvent", String(positions.lowerBound)),
      ("lastEvent", String(positions.upperBound - 1)), ("privacy", settings.privacy.rawValue),
    ]
    let fact = try Self.insert("export", 2, database)
    for (name, value) in facts { try fact.execute(arguments: [name, value]) }
  }

  /// No text is no value.
  private static func values(_ fields: [String]) -> StatementArguments {
    StatementArguments(fields.map { text -> String? in text.isEmpty ? nil : text })
  }

  private static func insert(_ table: String, _ columns: Int, _ database: Database) throws -> Statement {
    try database.makeStatement(sql: "INSERT INTO \(table) VALUES (\(databaseQuestionMarks(count: columns)))")
  }

  private static func copy(_ path: String, _ write: ([UInt8]) throws -> Void) throws {
    guard let file = FileHandle(forReadingAtPath: path) else { throw PrivateFile.Failure() }
    defer { try? file.close() }
    while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty { try write(Array(piece)) }
  }

  private static func unwritable(_ path: String, _ reason: String) -> Fault {
    Fault(.outputUnwritable, "\(path) cannot be written: \(reason). Set TMPDIR to a folder with room for it.")
  }
}

extension SQLiteExport {
  /// The tables: columns as in the CSV of the same, numbers as numbers.
  static var schema: String {
    let numbers: Set = ["position", "httpStatus", "milliseconds"]
    func columns(_ names: [String], key: String) -> String {
      names.map { "\"\($0)\" \(numbers.contains($0) ? "INTEGER" : "TEXT")" + ($0 == key ? " PRIMARY KEY" : "") }
        .joined(separator: ", ")
    }
    return """
      CREATE TABLE export (name TEXT PRIMARY KEY, value TEXT);
      CREATE TABLE events (\(columns(EventCSV.columns, key: "position")));
      CREATE INDEX events_alias ON events (alias, position);
      CREATE INDEX events_type ON events (type, position);
      CREATE TABLE changes (
        position INTEGER REFERENCES events (position), attribute TEXT, oldValue TEXT, newValue TEXT);
      CREATE INDEX changes_position ON changes (position);
      CREATE TABLE people (
        alias TEXT PRIMARY KEY, objectId TEXT, userPrincipalName TEXT, displayName TEXT, mail TEXT, accountId TEXT,
        accountName TEXT, isActive INTEGER, status TEXT, action TEXT, reason TEXT,
        decision INTEGER REFERENCES events (position));
      CREATE TABLE deliveries (\(columns(DeliveryRecord.columns, key: "Position")));
      """
  }
}
