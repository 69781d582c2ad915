import Base
import Foundation
import GRDB
import JSON
import LogSupport

@testable import EventLog

/// Edits of one row or a few, by somebody who leaves the rest as it is.
extension Tampering {
  static let edits: [Tampering] = [
    .init(
      "entry changed", .changed, 17, "a",
      sql:
        "UPDATE event SET entry = CAST(replace(CAST(entry AS TEXT), '\"a\":1', '\"a\":2') AS BLOB) WHERE position = 17"),
    .init("entry changed behind the last checkpoint", .changed, 599, "a") { database in
      try rewrite(database, 599) { $0.replacing("\"a\":1", with: "\"a\":2") }
      try database.execute(sql: "UPDATE event SET leaf_hash = zeroblob(32) WHERE position = 599")
    },
    .init("entry and leaf hash changed, under a tile", .changed, 1) {
      try rewrite($0, 17) { $0.replacing("\"a\":1", with: "\"a\":2") }
    },
    .init("entry and leaf hash changed, under no tile but a checkpoint", .forked, 301) {
      try rewrite($0, 540) { $0.replacing("\"a\":1", with: "\"a\":2") }
    },
    .init("leaf hash changed", .index, 18, "b", sql: "UPDATE event SET leaf_hash = zeroblob(32) WHERE position = 18"),
    .init(
      "leaf hash changed, under no tile but a checkpoint", .index, 540, "b",
      sql: "UPDATE event SET leaf_hash = zeroblob(32) WHERE position = 540"),
    .init("event removed", .removed, 300, sql: "DELETE FROM event WHERE position = 300"),
    .init("first event removed", .removed, 1, sql: "DELETE FROM event WHERE position = 1"),
    .init("several removed", .removed, 11, sql: "DELETE FROM event WHERE position BETWEEN 11 AND 20"),
    .init("event removed, the rest renumbered", .removed, 300) {
      try $0.execute(sql: "DELETE FROM event WHERE position = 300")
      try shift($0, from: 301, by: -1)
    },
    .init("last but one removed, the last renumbered", .removed, 599) {
      try $0.execute(sql: "DELETE FROM event WHERE position = 599")
      try shift($0, from: 600, by: -1)
    },
    .init("event inserted, the rest renumbered", .inserted, 301, "a") {
      try shift($0, from: 301, by: 1)
      try forge($0, position: 301)
    },
    .init("tail removed, under a checkpoint", .truncated, 501, sql: "DELETE FROM event WHERE position > 500"),
    .init("tail removed, under a tile alone", .truncated, 501) {
      try $0.execute(sql: "DELETE FROM event WHERE position > 500; DELETE FROM checkpoint WHERE size > 500")
    },
    .init(
      "tail removed, a checkpoint elsewhere", .truncated, 561, with: .elsewhere,
      sql: "DELETE FROM event WHERE position > 560"),
    .init("tail removed, the views know", .truncated, 561, with: .views, sql: "DELETE FROM event WHERE position > 560"),
    .init("tail removed with all that a stream has", .truncated, 601) {
      try $0.execute(sql: "INSERT INTO stream VALUES (3, 'gone')")
    },
    .init("version column lies", .index, 599, "a", sql: "UPDATE event SET version = 999 WHERE position = 599"),
    .init(
      "stream column lies", .index, 600, "a", sql: "UPDATE event SET stream = 1, version = 301 WHERE position = 600"),
    .init("stream column names nothing", .index, 600, nil, sql: "UPDATE event SET stream = 77 WHERE position = 600"),
    .init("type column lies", .index, 5, "a", sql: "UPDATE event SET type = 9 WHERE position = 5"),
    .init("time column lies", .index, 5, "a", sql: "UPDATE event SET time = time + 1 WHERE position = 5"),
    .init("id column lies", .index, 6, "b", sql: "UPDATE event SET id = zeroblob(16) WHERE position = 6"),
    .init("stream renamed", .index, 2, "c", sql: "UPDATE stream SET name = 'c' WHERE name = 'b'"),
    .init("type renamed", .index, 1, "a", sql: "UPDATE event_type SET name = 'c'"),
    .init("stream forgotten", .index, 1, nil, sql: "DELETE FROM stream WHERE name = 'a'"),
    .init("two positions swapped", .reordered, 10, "a") { database in
      try database.execute(
        sql: """
          UPDATE event SET position = 9999 WHERE position = 10; UPDATE event SET position = 10 WHERE position = 11;
          UPDATE event SET position = 11 WHERE position = 9999
          """)
    },
    .init("two entries swapped", .reordered, 10, "a") { try exchange(["entry"], 10, 11, $0) },
    .init("two entries swapped with their leaf hashes", .reordered, 10, "b") {
      try exchange(["entry", "leaf_hash"], 10, 590, $0)
    },
    .init("two entries swapped behind the last checkpoint", .reordered, 560, "a") {
      try exchange(["entry", "leaf_hash"], 560, 599, $0)
    },
    .init("entry moved, those between moved up", .reordered, 20, "a") { database in
      try database.execute(sql: "UPDATE event SET position = 9999 WHERE position = 20")
      try database.execute(sql: "UPDATE event SET position = position + 50000 WHERE position BETWEEN 21 AND 40")
      try database.execute(sql: "UPDATE event SET position = position - 50001 WHERE position > 50000")
      try database.execute(sql: "UPDATE event SET position = 40 WHERE position = 9999")
    },
    .init("node changed", .index, 257, sql: "UPDATE merkle_node SET hash = zeroblob(32) WHERE idx = 1"),
    .init("node removed", .index, 257, sql: "DELETE FROM merkle_node WHERE idx = 1"),
    .init("node added behind the end", .truncated, 601, sql: "INSERT INTO merkle_node VALUES (8, 2, zeroblob(32))"),
    .init("node of a higher level added", .index, sql: "INSERT INTO merkle_node VALUES (16, 0, zeroblob(32))"),
    .init("space in the envelope", .changed, 590, "b") {
      try rewrite($0, 590) { $0.replacing(",\"id\":", with: ", \"id\":") }
    },
    .init("text escaped in another way", .changed, 590, "b") {
      try rewrite($0, 590) { $0.replacing("\"actor\":\"test\"", with: "\"actor\":\"t\\u0065st\"") }
    },
    .init("members out of order", .changed, 590, "b") {
      try rewrite($0, 590) {
        $0.replacing("\"specversion\":\"1.0\",\"stream\":\"b\"", with: "\"stream\":\"b\",\"specversion\":\"1.0\"")
      }
    },
    .init("another specversion", .changed, 590, "b") {
      try rewrite($0, 590) { $0.replacing("\"1.0\"", with: "\"1.1\"") }
    },
    .init("entry names another stream", .index, 590, "b") {
      try rewrite($0, 590) { $0.replacing("\"stream\":\"b\"", with: "\"stream\":\"a\"") }
    },
    .init("entry names another stream, a checkpoint elsewhere", .changed, 590, "b", with: .elsewhere) {
      try rewrite($0, 590) { $0.replacing("\"stream\":\"b\"", with: "\"stream\":\"a\"") }
    },
    .init("entry names another position", .changed, 590, "b") {
      try rewrite($0, 590) { $0.replacing("\"position\":\"590\"", with: "\"position\":\"12\"") }
    },
    .init("entry names a position that is none", .changed, 590, "b") {
      try rewrite($0, 590) { $0.replacing("\"position\":\"590\"", with: "\"position\":\"0590\"") }
    },
    .init("entry cut", .changed, 30, "b", sql: "UPDATE event SET entry = substr(entry, 1, 40) WHERE position = 30"),
    .init("entry of zeros", .changed, 30, "b", sql: "UPDATE event SET entry = zeroblob(65535) WHERE position = 30"),
    .init(
      "entry larger than any can be", .changed, 30, "b",
      sql: "PRAGMA ignore_check_constraints=ON; UPDATE event SET entry = zeroblob(20000000) WHERE position = 30"),
    .init(
      "entry empty", .changed, 30, "b",
      sql: "PRAGMA ignore_check_constraints=ON; UPDATE event SET entry = x'' WHERE position = 30"),
    .init("payload broken", .changed, 590, "b") {
      try rewrite($0, 590) { $0.replacing("{\"a\":1}", with: "{\"a\":}") }
    },
    .init("payload nested for ever", .changed, 590, "b") {
      try rewrite($0, 590) { $0.replacing("1}", with: String(repeating: "[", count: 60_000)) }
    },
    .init("not UTF-8", .changed, 590, "b") { database in
      let bytes = Data("{\"actor\":\"".utf8) + Data([0xC3, 0x28]) + Data("\"".utf8)
      try database.execute(
        sql: "UPDATE event SET entry = ?, leaf_hash = ? WHERE position = 590",
        arguments: [bytes, Data(Merkle.leaf(Array(bytes)).bytes)])
    },
    .init("version left out", .removed, 601, "a") { try forge($0, version: 302) },
    .init("time that goes back", .reordered, 601, "a") { try forge($0, time: Timestamp(milliseconds: 5)) },
    .init("position left out", .removed, 601) { try forge($0, position: 602) },
    .init("position below 1", .inserted, -5, "a") {
      try $0.execute(sql: "PRAGMA ignore_check_constraints=ON")
      try forge($0, position: -5)
    },
    .init("highest position that there is", .removed, 601) { try forge($0, position: .max) },
    .init("a position far away", .removed, 601) { try forge($0, position: 1 << 40) },
    .init("lowest position that there is", .inserted, .min, "a") {
      try $0.execute(sql: "PRAGMA ignore_check_constraints=ON")
      try forge($0, position: .min)
    },
    .init("version below 1", .inserted, 601, "a") {
      try $0.execute(sql: "PRAGMA ignore_check_constraints=ON")
      try forge($0, version: .min)
    },
    .init("id used again", .inserted, 601, restores: false) { database in
      try database.execute(sql: "DROP INDEX event_id")
      let id = try Data.fetchOne(database, sql: "SELECT id FROM event WHERE position = 7") ?? Data()
      try forge(database, id: EventID(bytes: Array(id)) ?? ids.next(at: moment))
    },
    .init("index leaves an event out", .index) { database in
      // A partial index whose text then says that it is whole.
      let text = try String.fetchOne(database, sql: "SELECT sql FROM sqlite_master WHERE name = 'event_kind'")
      try database.execute(
        sql: """
          DROP INDEX event_kind; CREATE INDEX event_kind ON event (type) WHERE position <> 5;
          PRAGMA writable_schema=ON
          """)
      try database.execute(sql: "UPDATE sqlite_master SET sql = ? WHERE name = 'event_kind'", arguments: [text])
      try database.execute(sql: "PRAGMA writable_schema=RESET")
    },
    .init("triggers left off", .schema, restores: false) { _ in },
    .init(
      "trigger replaced by a blind one", .schema, restores: false,
      sql: """
        CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT 1; END
        """),
    .init("index dropped", .schema, sql: "DROP INDEX event_version"),
    .init("table added", .schema, sql: "CREATE TABLE notes (x)"),
  ]

  /// The log made anew as a whole, tree and versions too: checkpoints alone find it.
  static let forgeries: [Tampering] = [
    .init("all rewritten: an entry changed", .forked, 1) {
      try Forger(database: $0).rewrite { $0[16].event.data = Array("{\"a\":2}".utf8) }
    },
    .init("all rewritten: an entry changed behind a checkpoint", .forked, 101) {
      try Forger(database: $0).rewrite { $0[249].event.data = Array("{\"a\":2}".utf8) }
    },
    .init("all rewritten: an entry removed", .forked, 301) {
      try Forger(database: $0).rewrite { $0.remove(at: 349) }
    },
    .init("all rewritten: two entries exchanged", .forked, 101) {
      try Forger(database: $0).rewrite { $0.swapAt(149, 150) }
    },
    .init("all rewritten: an entry inserted", .forked, 101) {
      try Forger(database: $0).rewrite { $0.insert(.init(stream: "a", event: event(), time: $0[0].time), at: 199) }
    },
    .init("all rewritten, behind the last checkpoint in the log", .forked, 551, with: .elsewhere) {
      try Forger(database: $0).rewrite { $0[579].event.data = Array("{\"a\":2}".utf8) }
    },
    .init("cut, tree and checkpoints too", .truncated, 201, with: .elsewhere) { database in
      try Forger(database: database).rewrite { $0.removeLast(400) }
      try database.execute(sql: "DELETE FROM checkpoint WHERE size > 200")
    },
    .init("all rewritten, and the checkpoints removed", .forked, 1, with: .elsewhere) { database in
      try Forger(database: database).rewrite { $0[16].event.data = Array("{\"a\":2}".utf8) }
      try database.execute(sql: "DELETE FROM checkpoint")
    },
    .init("checkpoint signed by somebody else", .forked) {
      try replaceNote($0, signedBy: try LogKey(origin: FilledLog.origin))
    },
    .init("checkpoint of another log", .forked) {
      try $0.execute(sql: "UPDATE checkpoint SET note = replace(note, 'example.org/test', 'example.org/other')")
    },
    .init("checkpoint changed", .forked) {
      try $0.execute(sql: "UPDATE checkpoint SET note = replace(note, '300', '299') WHERE size = 300")
    },
    .init("checkpoint that is none", .forked, sql: "UPDATE checkpoint SET note = 'x' WHERE size = 300"),
    .init("checkpoint moved", .forked, sql: "UPDATE checkpoint SET size = 301 WHERE size = 300"),
  ]
}
