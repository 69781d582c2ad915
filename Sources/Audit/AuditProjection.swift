import Base
import EventLog
import GRDB
import JSON
import Provisioning
import Sealing

/// Writes the rows of events, inside one transaction at a time; what it keeps in memory holds as long as nobody else writes.
final class AuditProjection {
  /// The most subjects that are kept: about 50 MB.
  private static let mostSubjects = 25_000

  private var terms: [String: Int64] = [:]
  private var subjects: [String: AuditSubject] = [:]

  /// Takes over events, in order, and moves the checkpoint.
  func apply(
    _ batch: [[LoggedEvent]], reaching position: Int64, in database: Database, _ log: Log, _ codec: EventCodec
  ) throws {
    let tables = try AuditTables(database)
    for logged in batch.joined() {
      if case .subjectErased = logged.payload, let subject = try subject(of: logged, database), !subject.isErased {
        try forget(subject, before: logged.position, in: database, log, codec)
        subject.erased = logged.position
      }
      try apply(logged, tables, database)
    }
    try saveSubjects(database)
    try tables.setPosition(position)
  }

  private func apply(_ logged: LoggedEvent, _ tables: AuditTables, _ database: Database, isAgain: Bool = false) throws {
    let subject = try subject(of: logged, database)
    // What comes late about an erased subject brings no value back, whoever still holds the key.
    let logged = subject?.isErased == true ? try logged.erased() : logged
    let before = subject?.person
    subject?.take(logged)
    let row = AuditRow(logged, before: before, after: subject?.person)
    try tables.write(row, subject?.id, isAgain: isAgain) { try self.term($0, database) }
    if let subject { try tables.write(subject.learn(logged.payload.names), of: subject.id) }
  }

  /// Derives what is left of a subject anew from what its events say in clear, so that it is the same whether the key was still
  /// there when they were first read or not.
  func forget(
    _ subject: AuditSubject, before position: Int64, in database: Database, _ log: Log, _ codec: EventCodec
  ) throws {
    let tables = try AuditTables(database)
    try tables.removeValues(of: subject.id)
    subject.forget()
    for earlier in try log.events(of: subject.streams, before: position) {
      try apply(codec.decode(earlier, asErased: true), tables, database, isAgain: true)
    }
  }

  /// Derives what is left of some aliases anew, up to where the rows are. Throws the faults of the log.
  func forget(_ aliases: [String], in database: Database, _ log: Log, _ codec: EventCodec) throws {
    let end = try AuditStore.position(database) + 1
    for alias in aliases {
      guard let subject = try AuditSubject.find(alias, database) else { continue }
      subjects[alias] = subject
      try forget(subject, before: end, in: database, log, codec)
    }
    try saveSubjects(database)
  }

  private func subject(of logged: LoggedEvent, _ database: Database) throws -> AuditSubject? {
    guard let alias = logged.subject else { return nil }
    if let kept = subjects[alias] { return kept }
    let subject = try AuditSubject.find(alias, database) ?? AuditSubject.make(logged.stream, alias, database)
    subjects[alias] = subject
    return subject
  }

  private func saveSubjects(_ database: Database) throws {
    for (_, subject) in subjects.sorted(by: { $0.value.id < $1.value.id }) where subject.isChanged {
      try subject.save(database)
    }
    if subjects.count > Self.mostSubjects { subjects = [:] }
  }

  private func term(_ text: String, _ database: Database) throws -> Int64 {
    if let id = terms[text] { return id }
    let id = try AuditTerm.id(text, database) ?? AuditTerm.make(text, database)
    terms[text] = id
    return id
  }
}

/// Words that stand in many rows.
enum AuditTerm {
  static func id(_ text: String, _ database: Database) throws -> Int64? {
    try Int64.fetchOne(database.cachedStatement(sql: "SELECT id FROM term WHERE text = ?"), arguments: [text])
  }

  static func make(_ text: String, _ database: Database) throws -> Int64 {
    try database.cachedStatement(sql: "INSERT INTO term (text) VALUES (?)").execute(arguments: [text])
    return database.lastInsertedRowID
  }
}
