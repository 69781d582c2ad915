import Base
import EventLog
import Foundation
import GRDB
import Ledger
import Operations
import Provisioning
import Sealing
import TestSupport
import Testing
import Views

@testable import Audit

@Suite("Asking for audit rows")
struct AuditQueryTests {
  @Test("each filter finds what a walk over all rows finds, alone and with others", arguments: UInt64(1)...4)
  func filters(seed: UInt64) async throws {
    let stage = try await AuditPlace(seed: seed, rounds: 8)
    try stage.audit.catchUp()
    let all = try stage.all().map(\.row)
    var random = SeededGenerator(seed: seed)
    var found = 0
    for _ in 0..<150 {
      let model = try #require(all.randomElement(using: &random))
      var query = AuditQuery()
      var parts: [(AuditRow) -> Bool] = []
      func choose(_ fill: () -> ((AuditRow) -> Bool)?) {
        if random.chance(0.3), let part = fill() { parts.append(part) }
      }
      choose {
        query.actor = model.actor.description; return { $0.actor == model.actor }
      }
      choose {
        query.action = model.outcome.action; return { $0.outcome.action == model.outcome.action }
      }
      choose {
        query.status = model.outcome.status; return { $0.outcome.status == model.outcome.status }
      }
      choose {
        query.type = model.type; return { $0.type == model.type }
      }
      choose {
        model.outcome.reason.map { reason in
          query.reason = reason; return { $0.outcome.reason == reason }
        }
      }
      choose {
        model.cycle.map { cycle in
          query.cycle = cycle; return { $0.cycle == cycle }
        }
      }
      choose {
        model.correlation.map { id in
          query.correlation = id; return { $0.correlation == id }
        }
      }
      choose {
        model.changes.first.map { name in
          query.attribute = name; return { $0.changes.contains(name) }
        }
      }
      choose {
        model.subject.map { alias in
          query.subjects = [alias]; return { $0.subject == alias }
        }
      }
      choose {
        query.positions = model.position / 2..<model.position + 50; return { query.positions.contains($0.position) }
      }
      let expected = all.filter { row in parts.allSatisfy { $0(row) } }.map(\.position)
      let page = try stage.audit.page(query, AuditPaging(limit: 1_000_000, isOldestFirst: true))
      #expect(page.entries.map(\.row.position) == expected && page.next == nil, "\(query)")
      found += expected.count
    }
    #expect(found > 1000)
  }

  @Test("every way to find a page finds the same", arguments: [true, false])
  func ways(isOldestFirst: Bool) async throws {
    let stage = try await AuditPlace(seed: 9, rounds: 8)
    try stage.audit.catchUp()
    var query = AuditQuery(positions: 3..<400)
    (query.action, query.actor, query.attribute, query.search) = ("create", "worker", "displayName", "person exam")
    try stage.audit.read { database in
      let search = try #require(try AuditSearch(query, database))
      let pages = try search.pages(AuditPaging(limit: 20, isOldestFirst: isOldestFirst)).map { statement in
        try Row.fetchAll(database, sql: statement.sql, arguments: statement.arguments).map { $0["position"] as Int64 }
      }
      #expect(pages.count == 6 && Set(pages).count == 1 && pages[0].count > 5, "\(pages)")
    }
  }

  @Test("pages go on where the one before ended, whatever is appended meanwhile", arguments: [true, false])
  func paging(isOldestFirst: Bool) async throws {
    let stage = try await AuditPlace(seed: 5)
    try stage.audit.catchUp()
    var query = AuditQuery()
    query.actor = "worker"
    let before = try stage.positions { $0.actor = "worker" }
    var paging = AuditPaging(limit: 7, isOldestFirst: isOldestFirst)
    var seen: [Int64] = []
    repeat {
      let page = try stage.audit.page(query, paging)
      #expect(page.entries.count == 7 || page.next == nil)
      seen += page.entries.map(\.row.position)
      paging.after = page.next
      if seen.count < 15 {
        try await stage.ledger.target(.circuitClosed(CircuitClosed()))
        try stage.audit.catchUp()
      }
    } while paging.after != nil
    #expect((isOldestFirst ? seen : seen.reversed()).filter { $0 <= before.last ?? 0 } == before)
    #expect(Set(seen).count == seen.count)
  }

  @Test("a person is found by any name or id that they ever had, and all that was done about them")
  func names() async throws {
    let stage = try await AuditPlace()
    func cycle(_ people: [Exported]) async throws {
      let path = try stage.place.write("export", Export.ndjson(people))
      _ = try await DirectoryImport(into: stage.ledger, actor: "operator:olga").run(paths: [path])
    }
    let others = (0..<9).map { Exported("o\($0)") }
    try await cycle(others + [Exported("id-1", name: "Ada Byron", address: "ada.byron@example.com")])
    let alias = try #require(try stage.ledger.keys.alias(of: "id-1"))
    try await stage.ledger.account(
      alias,
      .linked(
        AccountLinked(
          .created, RemoteAccount(id: "u77", userName: "ada.byron@example.com", displayName: "Ada Byron", active: true))
      ))
    try await cycle(others + [Exported("id-1", name: "Ada Lovelace", address: "ada.lovelace@example.com")])
    try await stage.ledger.account(alias, .unlinked(AccountUnlinked(.notFound, id: "u77")))
    try stage.audit.catchUp()
    for name in [
      "id-1", "ID-1", "Ada Byron", "ada BYRON", "Ada.Byron@example.com", "ada.lovelace@example.com", "u77", alias,
      "byron",
      "lovel",
    ] { #expect(try stage.audit.subjects(named: name) == [alias], "\(name)") }
    #expect(try stage.audit.subjects(named: "nobody") == [] && stage.audit.subjects(named: "-") == [])
    #expect(try stage.audit.subjects(named: "example.com").count == 10)
    let hers = try stage.ledger.log.events(about: alias).map(\.position)
    #expect(try hers.count == 6 && stage.positions { $0.subjects = [alias] } == hers)
    #expect(
      try stage.positions { $0.search = "byron" } == hers && stage.positions { $0.search = "ada lovelace" } == hers)
    #expect(try stage.positions { $0.search = "ada nobody" } == [] && stage.positions { $0.search = "?" } == [])
    #expect(try stage.positions { $0.search = "ada byr" } == hers && stage.positions { $0.search = "byr ada" } == [])
    #expect(try stage.all().last?.person == "ada.lovelace@example.com")
    #expect(try stage.positions { $0.actor = "olga" } == stage.positions { $0.actor = "operator:olga" })
    #expect(try stage.positions { $0.actor = "olga" }.count > 20)
  }

  @Test("what an event says in words is found, and why it failed")
  func texts() async throws {
    let stage = try await AuditPlace(seed: 2, rounds: 1)
    let alias = try #require(try stage.ledger.views.livingAliases().first)
    let moment = stage.place.clock.moment
    let parked = DeliveryParked(
      .invalidAnchor, decision: 1, attempt: 1, since: moment, retry: moment, detail: "Größe überschritten, quota 7")
    let position = try await stage.ledger.account(alias, .deliveryParked(parked))
    try stage.audit.catchUp()
    for text in ["große", "GRÖSSE", "quota", "uberschritten 7", "invalidanch"] {
      #expect(try stage.positions { $0.search = text } == (text == "GRÖSSE" ? [] : position), "\(text)")
    }
  }
}
