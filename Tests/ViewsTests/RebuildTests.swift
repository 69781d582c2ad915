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

@testable import Views

@Suite("Views: rebuilt from the log they are the same")
struct RebuildTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  private func live(_ seed: UInt64, rounds: Int = 6) async throws {
    var history = History(place, ledger, seed: seed)
    try await history.live(rounds: rounds)
  }

  private func run(_ sql: String) throws {
    try ledger.views.database.write { try $0.execute(sql: sql) }
  }

  @Test("after any history", arguments: UInt64(1)...6)
  func anyHistory(seed: UInt64) async throws {
    try await live(seed)
    let comparison = try ledger.views.check()
    #expect(comparison.isEqual && comparison.live == comparison.rebuilt)
    #expect(try comparison.position == ledger.log.lastPosition())
    #expect(comparison.position > 60)
    #expect(try !ledger.views.people().people.isEmpty)
  }

  @Test("however the events were cut into batches", arguments: [1, 2, 7, 31])
  func batches(size: Int) async throws {
    try await live(20)
    let whole = try ledger.views.check().live
    let views = try ViewStore(path: "\(place.root)/cut.sqlite", log: ledger.log, codec: ledger.codec)
    let last = try ledger.log.lastPosition()
    while try ViewStore.project(batch: size, from: ledger.log, ledger.codec, into: views.database) < last {}
    let cut = try views.check()
    #expect(cut.isEqual)
    #expect(cut.live == whole)
  }

  @Test(
    "however many people one transaction takes over",
    arguments: [(1, 1), (2, 5), (7, 3), (31, 100), (ViewStore.batch, ViewStore.mostPeople)])
  func many(size: Int, people: Int) async throws {
    try await live(25)
    let whole = try ledger.views.check().live
    let views = try ViewStore(path: "\(place.root)/many.sqlite", log: ledger.log, codec: ledger.codec)
    let last = try ledger.log.lastPosition()
    while try views.projectMany(upTo: last, batch: size, people: people) < last {}
    #expect(try views.projectMany(upTo: last, batch: size, people: people) == last)
    let many = try views.check()
    #expect(many.isEqual && many.live == whole)
  }

  @Test("a long first cycle is taken over beside the live views, which have all indexes then; two at once do it once")
  func first() async throws {
    let people = (0..<4_200).map { Exported("p\($0)") }
    let path = try place.write("export.csv", Export.csv(people))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
    let shared = "\(place.root)/first.sqlite"
    let (log, codec, last) = (ledger.log, ledger.codec, try ledger.log.lastPosition())
    try #require(last > ViewStore.many)
    try await withThrowingTaskGroup(of: Int64.self) { group in
      for _ in 0..<2 {
        group.addTask { try ViewStore(path: shared, log: log, codec: codec).catchUp() }
      }
      for try await reached in group { #expect(reached == last) }
    }
    let views = try ViewStore(path: shared, log: log, codec: codec)
    #expect(try views.check().isEqual && views.people(withObjectIDs: ["p4199"]).count == 1)
    func indexes(_ views: ViewStore) throws -> [String] {
      try views.database.read {
        try String.fetchAll($0, sql: "SELECT name || ifnull(sql, '') FROM sqlite_master ORDER BY 1")
      }
    }
    #expect(try indexes(views) == indexes(ledger.views))
  }

  @Test("two who open and project one file at once give the same rows")
  func together() async throws {
    try await live(30)
    let whole = try ledger.views.check().live
    let path = "\(place.root)/shared.sqlite"
    let (log, codec, last) = (ledger.log, ledger.codec, try ledger.log.lastPosition())
    try await withThrowingTaskGroup(of: Void.self) { group in
      for size in [1, 2, 3, 5] {
        group.addTask {
          let views = try ViewStore(path: path, log: log, codec: codec)
          while try ViewStore.project(batch: size, from: log, codec, into: views.database) < last {
            _ = try views.projectMany(upTo: last, batch: size, people: 1)
          }
        }
      }
      try await group.waitForAll()
    }
    let shared = try ViewStore(path: path, log: ledger.log, codec: ledger.codec).check()
    #expect(shared.isEqual && shared.live == whole)
  }

  @Test("many who open views that are not there make them once", arguments: 0..<12)
  func made(round: Int) async throws {
    let path = "\(place.root)/new.sqlite"
    let (log, codec) = (ledger.log, ledger.codec)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<6 {
        group.addTask { try ViewStore(path: path, log: log, codec: codec).close() }
      }
      try await group.waitForAll()
    }
    #expect(try ViewStore(path: path, log: log, codec: codec).check().isEqual)
  }

  @Test("readers go on while they are rebuilt, and see whole rows")
  func readers() async throws {
    try await live(40, rounds: 4)
    let views = ledger.views
    try views.catchUp()
    let (people, position) = try views.people()
    let (rebuilds, reads) = (Counter(), Counter())
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        while rebuilds.count < 10 || reads.count == 0 {
          let seen = try views.people()
          #expect(seen.people == people && seen.position == position)
          #expect(try views.deliveries(limit: 5).count == 5)
          reads.add()
          await Task.yield()
        }
      }
      for _ in 0..<10 {
        #expect(try views.rebuild().isEqual)
        rebuilds.add()
      }
      try await group.waitForAll()
    }
    #expect(reads.count > 0)
  }

  @Test("a log that grows during a comparison does not hinder it")
  func growingLog() async throws {
    try await live(50, rounds: 2)
    let ledger = ledger
    let calls = Counter()
    // On a thread of its own, since the callback has to wait for an append.
    let comparison = try await withCheckedThrowingContinuation {
      (answer: CheckedContinuation<ViewStore.Comparison, any Error>) in
      Thread.detachNewThread {
        answer.resume(
          with: Result {
            try ledger.views.check { _ in
              guard calls.add() == 0 else { return }
              let appended = DispatchSemaphore(value: 0)
              Task {
                try? await ledger.target(.quarantineLeft(QuarantineLeft(.probe)))
                appended.signal()
              }
              appended.wait()
            }
          })
      }
    }
    #expect(comparison.isEqual)
    #expect(try comparison.position == ledger.log.lastPosition())
  }

  @Test("several rebuild at once without harm")
  func rebuildsTogether() async throws {
    try await live(60, rounds: 2)
    let views = ledger.views
    try await withThrowingTaskGroup(of: ViewStore.Comparison.self) { group in
      for _ in 0..<4 { group.addTask { try views.rebuild() } }
      for try await comparison in group { #expect(comparison.isEqual) }
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: place.folder).filter { $0.contains("rebuild") }
        == ["views.sqlite.rebuild.lock"])
  }

  // MARK: Damage

  struct Damage: Sendable, CustomTestStringConvertible {
    var table: String
    var sql: String
    var testDescription: String { sql }
  }

  static let damages = [
    Damage(
      table: "person",
      sql: "UPDATE person SET status = 'active', display_name = 'Eve' WHERE alias = (SELECT min(alias) FROM person)"),
    Damage(table: "person", sql: "DELETE FROM person"),
    Damage(
      table: "delivery",
      sql: "UPDATE delivery SET calls = calls + 1 WHERE decision = (SELECT min(decision) FROM delivery)"),
    Damage(
      table: "delivery",
      sql:
        "INSERT INTO delivery (decision, alias, decided, action, reason, status, changes) VALUES (1, 'x', 0, 'none', '', '', '[]')"
    ),
    Damage(table: "cycle", sql: "UPDATE cycle SET counts = '{}'"),
    Damage(table: "target", sql: "UPDATE target SET condition = '{\"pause\":1}'"),
    Damage(table: "safeguard", sql: "INSERT INTO safeguard VALUES ('x', 'y', 0, 1, 1, 1, NULL, NULL)"),
  ]

  @Test("a tampered row is found, named, and mended", arguments: damages)
  func tampered(damage: Damage) async throws {
    try await live(70, rounds: 2)
    try ledger.views.catchUp()
    try run(damage.sql)
    let found = try ledger.views.check()
    #expect(found.differing == [damage.table] && found.live != found.rebuilt)
    #expect(try !ledger.views.check().isEqual, "a check mends nothing")
    #expect(try ledger.views.rebuild().differing == [damage.table])
    #expect(try ledger.views.check().isEqual)
  }

  static let unreadable = [
    "UPDATE person SET state = '{\"alias\":'", "UPDATE person SET state = '{}'", "UPDATE target SET condition = '['",
    "DELETE FROM checkpoint",
  ]

  @Test("views that cannot even be read or caught up give a fault, and are mended", arguments: unreadable)
  func unreadableRow(sql: String) async throws {
    var history = History(place, ledger, seed: 80)
    try await history.live(rounds: 3)
    try run(sql)
    let views = ledger.views
    // More events about the same people.
    try await ledger.append(
      try ledger.recorded().compactMap { $0.type == Decision.type ? try ledger.codec.decode($0).event : nil },
      actor: "test")
    try await ledger.target(.quarantineLeft(QuarantineLeft(.probe)))
    do {
      try views.catchUp()
      _ = try views.people()
      _ = try views.target()
    } catch {
      #expect((error as? Fault)?.code == .viewsDamaged)
    }
    #expect(try !views.rebuild().isEqual)
    #expect(try views.check().isEqual)
    #expect(try views.catchUp() == ledger.log.lastPosition())
    #expect(try !views.people().people.isEmpty)
  }

  @Test("a table that is gone is a fault with the way out")
  func tableGone() async throws {
    try await live(85, rounds: 1)
    try run("DROP TABLE cycle")
    let found = fault { _ = try ledger.views.rebuild() }
    #expect(found?.code == .viewsDamaged && found?.sentence.contains("move it away") == true)
  }

  @Test("views that know more than the log are evidence: left alone, and kept when the loss is accepted")
  func aheadOfLog() async throws {
    try await live(88, rounds: 1)
    try ledger.views.catchUp()
    try run("UPDATE checkpoint SET position = position + 1")
    let ahead = try ledger.views.position()
    #expect(fault { try ledger.views.catchUp() }?.code == .viewsAhead)
    #expect(fault { _ = try ledger.views.check() }?.code == .viewsAhead)
    #expect(fault { _ = try ledger.views.rebuild() }?.code == .viewsAhead)
    #expect(try ledger.views.position() == ahead)
    // A program of another version would empty them.
    try run("INSERT INTO grdb_migrations VALUES ('0299_later')")
    #expect(fault { _ = try place.open() }?.code == .viewsAhead)
    try run("DELETE FROM grdb_migrations WHERE identifier = '0299_later'")
    #expect(try ledger.views.rebuild(acceptingLoss: true).differing == ["checkpoint"])
    #expect(try place.permissions("\(place.views).ahead-\(ahead)") == 0o600)
    #expect(try ledger.views.catchUp() == ledger.log.lastPosition())
  }

  @Test("deleted, they come back equal")
  func deleted() async throws {
    try await live(90)
    let before = try ledger.views.check().live
    try ledger.close()
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: place.views + suffix) }
    let again = try place.open()
    try again.views.catchUp()
    let after = try again.views.check()
    #expect(after.isEqual && after.live == before)
  }

  @Test("those of another version of the program are replaced")
  func otherVersion() async throws {
    try await live(100, rounds: 2)
    let before = try ledger.views.check().live
    try run("INSERT INTO grdb_migrations VALUES ('0299_later'); CREATE TABLE later (x); ALTER TABLE person ADD y TEXT")
    try ledger.close()
    let again = try place.open()
    try again.views.catchUp()
    let after = try again.views.check()
    #expect(after.isEqual && after.live == before)
  }

  @Test("a file that is no database gives a fault with the way out")
  func noDatabase() throws {
    try ledger.close()
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: place.views + suffix) }
    try Data(repeating: 65, count: 8192).write(to: URL(fileURLWithPath: place.views))
    let found = fault { _ = try place.open() }
    #expect(found?.code == .viewsDamaged && found?.sentence.contains("move it away") == true)
  }

  @Test("they are for their owner's eyes only, the write-ahead log too")
  func permissions() async throws {
    try await live(110, rounds: 1)
    for end in ["", "-wal"] { #expect(try place.permissions(place.views + end) == 0o600) }
  }
}
