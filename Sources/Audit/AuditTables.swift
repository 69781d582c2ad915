import Base
import EventLog
import GRDB
import JSON
import Provisioning

/// The statements by which one transaction writes rows.
struct AuditTables {
  private let database: Database
  private let row: RawStatement
  private let rowAgain: RawStatement
  private let change: RawStatement
  private let name: RawStatement
  private let personWord: RawStatement
  private let eventWord: RawStatement

  init(_ database: Database) throws {
    self.database = database
    let values = "INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    row = try RawStatement(database, "INSERT \(values)")
    rowAgain = try RawStatement(database, "INSERT OR REPLACE \(values)")
    change = try RawStatement(database, "INSERT OR IGNORE INTO change VALUES (?, ?)")
    name = try RawStatement(database, "INSERT INTO name VALUES (?, ?, ?)")
    personWord = try RawStatement(database, "INSERT INTO person_word VALUES (?, ?)")
    eventWord = try RawStatement(database, "INSERT INTO event_word VALUES (?, ?)")
  }

  /// Writes an event's row, with what it is found by. `isAgain` is for an event that has one.
  func write(_ audit: AuditRow, _ subject: Int64?, isAgain: Bool, term: (String) throws -> Int64) throws {
    let outcome = audit.outcome
    try (isAgain ? rowAgain : row).run([
      audit.position, audit.time.milliseconds, audit.occurred.milliseconds, term(audit.actor.description),
      term(audit.type), subject, term(outcome.action), term(outcome.status.rawValue), outcome.reason.map(term),
      audit.cycle.map(term), audit.correlation.map(term), audit.causation,
      audit.changes.isEmpty ? nil : Self.text(audit.changes), audit.text,
    ])
    for attribute in audit.changes { try change.run([term(attribute), audit.position]) }
    for word in audit.words { try eventWord.run([word, audit.position]) }
  }

  /// Writes what is new about a subject.
  func write(_ new: AuditValues, of subject: Int64) throws {
    for (value, isName) in new.values { try name.run([subject, value, isName]) }
    for word in new.words { try personWord.run([word, subject]) }
  }

  /// Removes everything by which a subject is found, and what its events say in words.
  func removeValues(of subject: Int64) throws {
    let rows = try Row.fetchAll(
      database, sql: "SELECT position, changes FROM audit WHERE subject = ? AND changes IS NOT NULL",
      arguments: [subject])
    for row in rows {
      try database.execute(
        sql: """
          DELETE FROM change WHERE position = ?
            AND attribute IN (SELECT id FROM term WHERE text IN (SELECT value FROM json_each(?)))
          """, arguments: [row["position"] as Int64, row["changes"] as String])
    }
    for sql in [
      "DELETE FROM event_word WHERE position IN (SELECT position FROM audit WHERE subject = ?)",
      "DELETE FROM name WHERE subject = ?", "DELETE FROM person_word WHERE subject = ?",
    ] {
      try database.execute(sql: sql, arguments: [subject])
    }
  }

  func setPosition(_ position: Int64) throws {
    try database.execute(sql: "UPDATE checkpoint SET position = ?", arguments: [position])
  }

  private static func text(_ names: [String]) -> String { JSONValue.array(names.map(JSONValue.string)).text }
}

extension AuditRow {
  /// The words by which the event itself is found: of what it says, and of why something went wrong.
  fileprivate var words: [String] {
    let reason = [.failure, .warning].contains(outcome.status) ? outcome.reason : nil
    let texts = [text, reason].compactMap { $0 }
    return texts.isEmpty ? [] : AuditWords.of(texts.joined(separator: " "))
  }
}
