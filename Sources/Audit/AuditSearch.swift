import Base
import GRDB
import Provisioning

/// How the rows that are asked for are found: by the condition that fewest events meet, the others looked at on the way.
struct AuditSearch {
  private let filters: [AuditFilter]
  private let positions: Range<Int64>

  /// Nil when nothing can be found: a word that is asked for stands in no row.
  init?(_ query: AuditQuery, _ database: Database) throws {
    var filters: [AuditFilter] = []
    guard let subjects = try query.subjects.map({ try Self.subjects($0, database) }) ?? .some(nil) else { return nil }
    if let subjects { filters.append(.column("subject", subjects)) }
    let columns = [
      ("correlation", query.correlation), ("cycle", query.cycle), ("reason", query.reason), ("action", query.action),
      ("type", query.type), ("status", query.status?.rawValue),
    ]
    for (column, text) in columns {
      guard let text else { continue }
      guard let id = try AuditTerm.id(text, database) else { return nil }
      filters.append(.column(column, [id]))
    }
    if let actor = query.actor {
      let ids = try Self.actors(actor, database)
      if ids.isEmpty { return nil }
      filters.append(.column("actor", ids))
    }
    if let attribute = query.attribute {
      guard let id = try AuditTerm.id(attribute, database) else { return nil }
      filters.append(.attribute(id))
    }
    let words = query.search.map(AuditWords.of) ?? []
    if query.search != nil, words.isEmpty { return nil }
    // The last one may be cut short. Were all of them taken so, an address would have no word that few people share.
    filters +=
      words.dropLast().map { .word($0, $0 + "\u{1}") } + words.suffix(1).map { .word($0, AuditWords.end(of: $0)) }
    (self.filters, positions) = (filters, query.positions)
  }

  /// The ids of some aliases; nil when there is none of them.
  private static func subjects(_ aliases: [String], _ database: Database) throws -> [Int64]? {
    let statement = try database.cachedStatement(sql: "SELECT id FROM subject WHERE alias = ?")
    let ids = try aliases.compactMap { try Int64.fetchOne(statement, arguments: [$0]) }
    return ids.isEmpty ? nil : ids
  }

  /// The actors that are meant: `operator:olga`, `worker`, or an id alone.
  static func actors(_ name: String, _ database: Database) throws -> [Int64] {
    let names = [name] + ["operator", "sign-in", "token", "schedule"].map { "\($0):\(name)" }
    return try names.compactMap { try AuditTerm.id($0, database) }
  }

  /// The statements that count how many events meet each condition.
  func counts(_ positions: Range<Int64>) -> [AuditStatement] { filters.map { $0.count(in: positions) } }

  /// The statement for a page, found by one of the filters.
  private func page(_ paging: AuditPaging, by driver: AuditFilter?, others: [AuditFilter]) -> AuditStatement {
    let span = positions(paging)
    let bounds = "position >= ? AND position < ?"
    let (ends, order): ([any DatabaseValueConvertible], String) = (
      [span.lowerBound, span.upperBound], "ORDER BY position \(paging.isOldestFirst ? "ASC" : "DESC")"
    )
    let rest = others.map { " AND \($0.condition)" }.joined()
    let (from, found): (String, [any DatabaseValueConvertible]) =
      switch driver {
      case nil: ("audit NOT INDEXED WHERE \(bounds)", ends)
      case let driver? where driver.source.hasPrefix("audit"):
        ("\(driver.source) WHERE \(driver.sourceCondition) AND \(bounds)", driver.arguments + ends)
      case let driver?:
        (
          "\(driver.source) CROSS JOIN audit USING (position) WHERE \(driver.sourceCondition) AND \(bounds)",
          driver.arguments + ends
        )
      }
    return AuditStatement(
      sql: "SELECT \(AuditEntry.columns) FROM \(from)\(rest) \(order) LIMIT ?",
      arguments: StatementArguments(found + others.flatMap(\.arguments) + [paging.limit + 1]))
  }

  private func positions(_ paging: AuditPaging) -> Range<Int64> {
    guard let after = paging.after else { return positions }
    let span = paging.isOldestFirst ? after + 1..<Int64.max : 0..<after
    return positions.clamped(to: span)
  }

  /// Every statement by which a page may be found, for those who look at their plans.
  func pages(_ paging: AuditPaging) -> [AuditStatement] {
    [page(paging, by: nil, others: filters)]
      + filters.indices.map { place in
        page(paging, by: filters[place], others: filters.indices.filter { $0 != place }.map { filters[$0] })
      }
  }

  /// The statement for a page.
  func page(_ paging: AuditPaging, _ database: Database) throws -> AuditStatement {
    let span = positions(paging)
    let counts = try counts(span).map { count in
      try Int.fetchOne(database.cachedStatement(sql: count.sql), arguments: count.arguments) ?? 0
    }
    // Of those that many events meet, the first whose rows need not be sorted; else the rows themselves are walked.
    let best = counts.indices.filter { counts[$0] < AuditFilter.many || filters[$0].isOrdered }.min {
      (counts[$0], $0) < (counts[$1], $1)
    }
    return page(
      paging, by: best.map { filters[$0] }, others: filters.indices.filter { $0 != best }.map { filters[$0] })
  }
}
