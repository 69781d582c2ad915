import Base
import Foundation
import GRDB
import JSON
import Provisioning

/// Asking.
extension AuditStore {
  /// A page of what is asked for. Throws `FaultCode.auditDamaged`.
  public func page(_ query: AuditQuery, _ paging: AuditPaging) throws -> AuditPage {
    try read { database in
      guard let search = try AuditSearch(query, database) else { return AuditPage(entries: []) }
      let statement = try search.page(paging, database)
      var entries = try Row.fetchAll(
        database.cachedStatement(sql: statement.sql), arguments: statement.arguments
      ).map(AuditEntry.init)
      let isMore = entries.count > paging.limit
      if isMore { entries.removeLast() }
      return AuditPage(entries: entries, next: isMore ? entries.last?.row.position : nil)
    }
  }

  /// The words of a query that stand in no event at all, with what they were asked for as: a typing error finds nothing, and is
  /// no finding. Throws `FaultCode.auditDamaged`.
  public func strangers(of query: AuditQuery) throws -> [(kind: String, word: String)] {
    let asked = [
      ("action", query.action), ("reason", query.reason), ("attribute", query.attribute), ("cycle", query.cycle),
      ("correlation", query.correlation),
    ]
    return try read { database in
      var strangers = try asked.compactMap { kind, word -> (kind: String, word: String)? in
        guard let word, try AuditTerm.id(word, database) == nil else { return nil }
        return (kind, word)
      }
      if let actor = query.actor, try AuditSearch.actors(actor, database).isEmpty { strangers.append(("actor", actor)) }
      return strangers
    }
  }

  /// What was done in any event, in one word each. Throws `FaultCode.auditDamaged`.
  public func actions() throws -> [String] {
    try read {
      try String.fetchAll($0, sql: "SELECT text FROM term WHERE id IN (SELECT DISTINCT action FROM audit)")
    }
  }

  /// How many events meet what is asked for, counted up to a number. Throws `FaultCode.auditDamaged`.
  public func count(_ query: AuditQuery, upTo most: Int = .max - 1) throws -> Int {
    var (count, paging) = (0, AuditPaging(limit: 1000))
    repeat {
      let page = try page(query, paging)
      count += page.entries.count
      paging.after = page.next
    } while paging.after != nil && count < most
    return min(count, most)
  }

  /// The aliases of whom a name belonged to at any time: a name, address or id in full, without regard to ASCII case, or an
  /// alias; else everybody of whom each of its words begins one. Throws `FaultCode.auditDamaged`.
  public func subjects(named name: String, limit: Int = 1000) throws -> [String] {
    try read { database in
      let whole = try String.fetchAll(
        database, sql: Self.byName, arguments: [Address.folded(name), Address.folded(name), limit])
      let words = AuditWords.of(name)
      guard whole.isEmpty, let statement = Self.byWords(words, limit) else { return whole }
      return try String.fetchAll(database, sql: statement.sql, arguments: statement.arguments)
    }
  }

  static let byName = """
    SELECT alias FROM subject WHERE id IN (
      SELECT subject FROM name WHERE is_name = 1 AND value = ? UNION SELECT id FROM subject WHERE alias = ?)
    ORDER BY id LIMIT ?
    """

  /// Who has a word that begins with each of some; nil for none.
  static func byWords(_ words: [String], _ limit: Int) -> AuditStatement? {
    if words.isEmpty { return nil }
    let each = words.map { _ in "SELECT subject FROM person_word WHERE word >= ? AND word < ?" }
    return AuditStatement(
      sql: "SELECT alias FROM subject WHERE id IN (\(each.joined(separator: " INTERSECT "))) ORDER BY id LIMIT ?",
      arguments: StatementArguments(
        words.flatMap { [$0, AuditWords.end(of: $0)] } + [limit] as [any DatabaseValueConvertible]))
  }
}

extension AuditEntry {
  /// What a row is read from; words stand for their numbers.
  static let columns =
    "audit.position, time, occurred, causation, changes, audit.text AS said, "
    + ["actor", "type", "action", "status", "reason", "cycle", "correlation"]
    .map { "(SELECT text FROM term WHERE id = audit.\($0)) AS \($0)" }.joined(separator: ", ")
    + ", (SELECT alias FROM subject WHERE id = audit.subject) AS alias"
    + ", (SELECT shown FROM subject WHERE id = audit.subject) AS shown"

  init(_ row: Row) throws {
    let changes = try (row["changes"] as String?).map { try JSONParser.parse($0.utf8) }
    guard let status = AuditOutcome.Status(rawValue: row["status"]) else {
      throw AuditStore.damaged("a row has no status")
    }
    self.init(
      row: AuditRow(
        position: row["position"], time: Timestamp(milliseconds: row["time"]),
        occurred: Timestamp(milliseconds: row["occurred"]), actor: Actor(row["actor"] as String), type: row["type"],
        subject: row["alias"], outcome: AuditOutcome(row["action"], status, row["reason"]), cycle: row["cycle"],
        correlation: row["correlation"],
        causation: (row["causation"] as Data?).flatMap { $0.withUnsafeBytes(EventID.init(bytes:)) },
        changes: changes?.array?.compactMap(\.string) ?? [], text: row["said"]),
      person: row["shown"])
  }
}
