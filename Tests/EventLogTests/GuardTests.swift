import Base
import GRDB
import LogSupport
import Testing

@testable import EventLog

/// What the database itself refuses, whoever asks.
@Suite struct GuardTests {
  static let attempts = [
    "UPDATE event SET time = 0 WHERE position = 1",
    "UPDATE OR REPLACE event SET position = 2 WHERE position = 1",
    "UPDATE stream SET name = 'x'",
    "UPDATE event_type SET name = 'x'",
    "UPDATE merkle_node SET idx = 5",
    "DELETE FROM event WHERE position = 300",
    "DELETE FROM event",
    "DELETE FROM stream",
    "DELETE FROM event_type",
    "DELETE FROM merkle_node",
    // Overwriting by position, by id, by stream and version.
    "INSERT OR REPLACE INTO event SELECT * FROM event WHERE position = 1",
    "INSERT OR REPLACE INTO event SELECT 301, id, 9, 9, type, time, leaf_hash, entry FROM event WHERE position = 1",
    """
    INSERT OR REPLACE INTO event SELECT 301, randomblob(16), stream, version, type, time, leaf_hash, entry
    FROM event WHERE position = 1
    """,
    // A gap, and a position that counts backwards.
    "INSERT INTO event SELECT 302, randomblob(16), stream, 999, type, time, leaf_hash, entry FROM event LIMIT 1",
    "INSERT INTO event SELECT 0, randomblob(16), stream, 999, type, time, leaf_hash, entry FROM event LIMIT 1",
    "INSERT OR REPLACE INTO stream (id, name) VALUES (1, 'x')",
    "INSERT OR REPLACE INTO stream (id, name) SELECT max(id) + 1, min(name) FROM stream",
    "INSERT INTO stream (id, name) VALUES (77, 'x')",
    "INSERT OR REPLACE INTO event_type (id, name) VALUES (1, 'x')",
    "INSERT OR REPLACE INTO event_type (id, name) SELECT max(id) + 1, min(name) FROM event_type",
    "INSERT OR REPLACE INTO merkle_node (level, idx, hash) VALUES (8, 0, zeroblob(32))",
    "INSERT INTO merkle_node (level, idx, hash) VALUES (8, 2, zeroblob(32))",
    "INSERT INTO merkle_node (level, idx, hash) VALUES (7, 0, zeroblob(32))",
    "INSERT INTO event (position, id, stream, version, type, time, leaf_hash, entry) VALUES (301, 'x', 1, 1, 1, 1, 1, 1)",
    "INSERT INTO stream (name) VALUES ('x') ON CONFLICT DO UPDATE SET name = 'y'",
  ]

  @Test func everyOverwritingIsRefused() async throws {
    let folder = try Folder()
    let log = try folder.open()
    try await log.append([.init(stream: "a", events: events(200)), .init(stream: "b", events: events(100))])
    let head = try log.head()
    let shell = try folder.shell()
    for attempt in Self.attempts {
      #expect(throws: DatabaseError.self, "\(attempt)") {
        try shell.run(attempt)
      }
    }
    #expect(try log.head() == head)
    #expect(try log.verify().isSound)
    #expect(try await log.append([.init(stream: "a", events: events(1))]) == [301])
  }

  @Test func settingsAreWhatDurabilityNeeds() async throws {
    let folder = try Folder()
    let log = try folder.open()
    let settings = try await log.settings()
    #expect(settings == ["synchronous": 2, "page_size": 8192, "wal_autocheckpoint": 10_000, "cache_size": -65_536])
    #expect(try folder.shell().run { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
    // The next one to open it gets them too.
    #expect(try await folder.open().settings() == settings)
  }

  @Test func checkpointEmptiesTheWAL() async throws {
    let folder = try Folder()
    let log = try folder.open()
    try await log.append([.init(stream: "a", events: events(100))])
    #expect(try size(folder.log + "-wal") > 100_000)
    try log.checkpointWAL()
    #expect(try size(folder.log + "-wal") == 0)
    try await log.append([.init(stream: "a", events: events(1))])
    try log.close()
    try log.close()
    await #expect { try await log.append([.init(stream: "a", events: events(1))]) } throws: {
      ($0 as? Fault)?.code == .logClosed
    }
    #expect { try log.read() } throws: { ($0 as? Fault)?.code == .logClosed }
    #expect { try log.checkpointWAL() } throws: { ($0 as? Fault)?.code == .logClosed }
    #expect(try folder.open(readOnly: true).lastPosition() == 101)
  }

  @Test func indexesAreUsedWhereTheyAreMeantToBe() async throws {
    let folder = try Folder()
    let log = try folder.open()
    try await log.append([.init(stream: "a", events: events(3))])
    let shell = try folder.shell()
    func plan(_ sql: LogSQL) throws -> String {
      try shell.run { database in
        let unknown = StatementArguments(Array(repeating: 1, count: sql.text.filter { $0 == "?" }.count))
        let rows = try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(sql.text)", arguments: unknown)
        return rows.map { $0["detail"] as String }.joined(separator: "; ")
      }
    }
    for (sql, index) in [
      (LogSQL.find, "event_id"), (.version, "event_version"), (.streamEvents, "event_version"),
      (.typePositions, "event_kind"), (.verifyIDs, "event_id"), (.verifyVersions, "event_version"),
      (.verifyTypes, "event_kind"),
    ] {
      let plan = try plan(sql)
      #expect(plan.contains("INDEX \(index)") && !plan.contains("TEMP B-TREE"), "\(sql): \(plan)")
    }
  }
}
