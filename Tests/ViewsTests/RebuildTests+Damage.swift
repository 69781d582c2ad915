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

/// Views that somebody changed, spoiled or took away.
extension RebuildTests {
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
