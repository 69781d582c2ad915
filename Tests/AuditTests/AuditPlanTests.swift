import Base
import EventLog
import GRDB
import Ledger
import Provisioning
import TestSupport
import Testing

@testable import Audit

@Suite("No question reads a whole table: audit")
struct AuditPlanTests {
  private static let filters: [@Sendable (inout AuditQuery) -> Void] = [
    { $0.subjects = ["a"] }, { $0.subjects = ["a", "b"] }, { $0.actor = "worker" }, { $0.action = "create" },
    { $0.status = .success }, { $0.reason = "NewInScope" }, { $0.type = Decision.type }, { $0.cycle = "c" },
    { $0.attribute = "displayName" }, { $0.correlation = "c" }, { $0.search = "name" }, { $0.search = "name of" },
  ]

  /// A store in which each word that the filters ask for is known.
  private func stage() async throws -> AuditPlace {
    let stage = try await AuditPlace(seed: 1, rounds: 2)
    try stage.audit.catchUp()
    try await stage.audit.database.write {
      try $0.execute(
        sql: "INSERT OR IGNORE INTO term (text) VALUES ('c'); INSERT INTO subject (alias) VALUES ('a'), ('b')")
    }
    return stage
  }

  private func requireSearches(_ statement: AuditStatement, _ database: Database) throws {
    let plan = try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(statement.sql)", arguments: statement.arguments)
    let details = plan.map { $0["detail"] as String }
    // What a subquery found is walked; a table is not.
    let scans = details.filter { $0.hasPrefix("SCAN") && !$0.contains("SUBQUERY") && !$0.contains("(subquery") }
    #expect(scans == [], "\(statement.sql)\n\(details.joined(separator: "\n"))")
  }

  @Test("each filter alone, and with each other one, whichever is taken first")
  func pages() async throws {
    let stage = try await stage()
    try stage.audit.read { database in
      for first in Self.filters {
        for second in Self.filters {
          var query = AuditQuery(positions: 2..<900)
          first(&query)
          second(&query)
          let search = try #require(try AuditSearch(query, database))
          for isOldestFirst in [true, false] {
            let paging = AuditPaging(after: 40, limit: 50, isOldestFirst: isOldestFirst)
            for statement in search.pages(paging) { try requireSearches(statement, database) }
          }
          for statement in search.counts(2..<900) { try requireSearches(statement, database) }
        }
      }
    }
  }

  @Test("a page that one word gives is in order without sorting")
  func sorted() async throws {
    let stage = try await stage()
    try stage.audit.read { database in
      for filter in [0, 2, 3, 4, 5, 6, 7, 8, 9] {
        var query = AuditQuery()
        Self.filters[filter](&query)
        let search = try #require(try AuditSearch(query, database))
        for statement in search.pages(AuditPaging(limit: 50)) {
          let plan = try Row.fetchAll(
            database, sql: "EXPLAIN QUERY PLAN \(statement.sql)", arguments: statement.arguments)
          #expect(!plan.contains { ($0["detail"] as String).contains("ORDER BY") }, "\(statement.sql)")
        }
      }
    }
  }

  @Test("who had a name")
  func names() async throws {
    let stage = try await stage()
    try stage.audit.read { database in
      try requireSearches(AuditStatement(sql: AuditStore.byName, arguments: ["a", "a", 9]), database)
      try requireSearches(try #require(AuditStore.byWords(["ada", "byron"], 9)), database)
    }
  }
}
