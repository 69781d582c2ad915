import GRDB

/// One condition on rows: how to find those that meet it, and how to look at one of them.
struct AuditFilter {
  /// Where the positions of those that meet it are, in the order of the log: a source of `position`, behind `FROM`.
  var source: String
  /// The condition of that source.
  var sourceCondition: String
  /// The condition on a row of `audit` that was found in another way.
  var condition: String
  /// What stands in both for `?`.
  var arguments: [any DatabaseValueConvertible]
  /// The parts of the source that are counted one by one, each up to the bound; nil for the source as it is.
  var parts: [AuditStatement]?
  /// True when the source gives its positions in their order without sorting.
  var isOrdered = true

  /// A column of which one word is asked for, or one of some.
  static func column(_ name: String, _ ids: [Int64]) -> AuditFilter {
    let marks = databaseQuestionMarks(count: ids.count)
    let match = ids.count == 1 ? "= ?" : "IN (\(marks))"
    return AuditFilter(
      source: "audit INDEXED BY audit_\(name)", sourceCondition: "\(name) \(match)", condition: "+\(name) \(match)",
      arguments: ids, isOrdered: ids.count == 1)
  }

  static func attribute(_ id: Int64) -> AuditFilter {
    AuditFilter(
      source: "change", sourceCondition: "attribute = ?",
      condition: "EXISTS (SELECT 1 FROM change WHERE attribute = ? AND position = audit.position)", arguments: [id])
  }

  /// A word of the event, or of a name of its person, that begins so.
  static func word(_ beginning: String, _ end: String) -> AuditFilter {
    let span = "word >= ? AND word < ?"
    return AuditFilter(
      source: """
        (SELECT position FROM audit INDEXED BY audit_subject
          WHERE subject IN (SELECT subject FROM person_word WHERE \(span))
        UNION SELECT position FROM event_word WHERE \(span))
        """,
      sourceCondition: "true",
      condition: """
        (EXISTS (SELECT 1 FROM person_word INDEXED BY person_word_subject WHERE subject = audit.subject AND \(span))
        OR EXISTS (SELECT 1 FROM event_word INDEXED BY event_word_position WHERE position = audit.position AND \(span)))
        """,
      arguments: [beginning, end, beginning, end],
      parts: [
        AuditStatement(
          sql: "person_word CROSS JOIN audit INDEXED BY audit_subject USING (subject) WHERE \(span)",
          arguments: [beginning, end]),
        AuditStatement(sql: "event_word WHERE \(span)", arguments: [beginning, end]),
      ], isOrdered: false)
  }
}

/// A statement and what stands in it.
struct AuditStatement {
  var sql: String
  var arguments: StatementArguments
}

extension AuditFilter {
  /// More than so many events are not counted before a way is chosen, nor sorted.
  static let many = 2000

  /// How many events of some positions meet it, each part of the source counted up to `many`: an event that is in two parts
  /// counts twice.
  func count(in positions: Range<Int64>) -> AuditStatement {
    let whole = AuditStatement(sql: "\(source) WHERE \(sourceCondition)", arguments: StatementArguments(arguments))
    let parts = parts ?? [whole]
    let selects = parts.map { part in
      "SELECT * FROM (SELECT 1 FROM \(part.sql) AND position >= ? AND position < ? LIMIT \(Self.many))"
    }
    let bounds: StatementArguments = [positions.lowerBound, positions.upperBound]
    return AuditStatement(
      sql: "SELECT count(*) FROM (\(selects.joined(separator: " UNION ALL ")))",
      arguments: parts.reduce(StatementArguments()) { $0 + $1.arguments + bounds })
  }
}
