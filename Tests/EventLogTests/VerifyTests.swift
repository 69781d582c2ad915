@testable import EventLog
import Foundation
import GRDB
import JSON
import Provisioning
import Testing

/// Each way to change history behind the log's back, and what `verify` says first about it.
@Suite struct VerifyTests {
  typealias Kind = Verification.Finding.Kind

  struct Tampering: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var kind: Kind
    var position: Int64?
    var stream: String?
    /// False when the protection is left off, which is a finding of its own.
    var restores = true
    var change: @Sendable (Database) throws -> Void

    init(
      _ name: String, _ kind: Kind, _ position: Int64? = nil, _ stream: String? = nil, restores: Bool = true,
      _ change: @escaping @Sendable (Database) throws -> Void
    ) {
      testDescription = name
      self.kind = kind
      self.position = position
      self.stream = stream
      self.restores = restores
      self.change = change
    }

    init(
      _ name: String, _ kind: Kind, _ position: Int64? = nil, _ stream: String? = nil, restores: Bool = true,
      sql: String
    ) {
      self.init(name, kind, position, stream, restores: restores) { try $0.execute(sql: sql) }
    }
  }

  /// The file of a log with 600 events: the odd positions in stream a, the even ones in b.
  private static let filled = Task {
    let folder = try Folder()
    let log = try folder.open()
    for _ in 0..<6 {
      try await log.append((0..<100).map { .init(stream: $0 % 2 == 0 ? "a" : "b", events: events(1)) })
    }
    #expect(try log.verify().isSound)
    try log.close()
    return try Data(contentsOf: URL(filePath: folder.log))
  }

  private static func filledFolder() async throws -> Folder {
    let folder = try Folder()
    try await filled.value.write(to: URL(filePath: folder.log))
    return folder
  }

  /// Replaces an entry and everything in its row that follows from it.
  private static func rewrite(_ database: Database, _ position: Int64, _ edit: (String) -> String) throws {
    let entry = try String.fetchOne(
      database, sql: "SELECT CAST(entry AS TEXT) FROM event WHERE position = ?", arguments: [position])
    let bytes = Array(edit(try #require(entry)).utf8)
    try database.execute(
      sql: "UPDATE event SET entry = ?, leaf_hash = ? WHERE position = ?",
      arguments: [Data(bytes), Data(Merkle.leaf(bytes).bytes), position])
  }

  /// Adds an entry that is right but for what the caller makes wrong.
  private static func forge(
    _ database: Database, position: Int64 = 601, version: Int = 301, id: EventID = ids.next(at: moment),
    time: Timestamp = moment
  ) throws {
    var encoder = EntryEncoder(origin: "example.org/test")
    let entry = try encoder.encode(
      event(id: id), stream: "a", version: version, position: position, time: time)
    try database.execute(
      sql: "INSERT INTO event VALUES (?, ?, 1, ?, 1, ?, ?, ?)",
      arguments: [
        position, Data(id.bytes), version, time.milliseconds, Data(Merkle.leaf(entry).bytes), Data(entry),
      ])
  }

  static let tamperings: [Tampering] = [
    .init(
      "entry changed", .entry, 17, "a",
      sql:
        "UPDATE event SET entry = CAST(replace(CAST(entry AS TEXT), '\"a\":1', '\"a\":2') AS BLOB) WHERE position = 17"),
    .init("entry and leaf hash changed, before the last complete tile", .node) {
      try rewrite($0, 17) { $0.replacing("\"a\":1", with: "\"a\":2") }
    },
    .init("leaf hash changed", .entry, 18, "b", sql: "UPDATE event SET leaf_hash = zeroblob(32) WHERE position = 18"),
    .init("event removed", .position, 300, sql: "DELETE FROM event WHERE position = 300"),
    .init("first event removed", .position, 1, sql: "DELETE FROM event WHERE position = 1"),
    .init("several removed", .position, 11, sql: "DELETE FROM event WHERE position BETWEEN 11 AND 20"),
    .init("tail removed, past a tile's edge", .node, sql: "DELETE FROM event WHERE position > 500"),
    .init("version column lies", .column, 599, "a", sql: "UPDATE event SET version = 999 WHERE position = 599"),
    .init(
      "stream column lies", .column, 600, "a", sql: "UPDATE event SET stream = 1, version = 301 WHERE position = 600"),
    .init("stream column names nothing", .column, 600, nil, sql: "UPDATE event SET stream = 77 WHERE position = 600"),
    .init("type column lies", .column, 5, "a", sql: "UPDATE event SET type = 9 WHERE position = 5"),
    .init("time column lies", .column, 5, "a", sql: "UPDATE event SET time = time + 1 WHERE position = 5"),
    .init("id column lies", .column, 6, "b", sql: "UPDATE event SET id = zeroblob(16) WHERE position = 6"),
    .init("stream renamed", .column, 2, "c", sql: "UPDATE stream SET name = 'c' WHERE name = 'b'"),
    .init("type renamed", .column, 1, "a", sql: "UPDATE event_type SET name = 'c'"),
    .init("stream forgotten", .column, 1, nil, sql: "DELETE FROM stream WHERE name = 'a'"),
    .init(
      "two positions swapped", .column, 10, "a",
      sql: """
        UPDATE event SET position = 9999 WHERE position = 10; UPDATE event SET position = 10 WHERE position = 11;
        UPDATE event SET position = 11 WHERE position = 9999
        """),
    .init("node changed", .node, sql: "UPDATE merkle_node SET hash = zeroblob(32) WHERE idx = 1"),
    .init("node removed", .node, sql: "DELETE FROM merkle_node WHERE idx = 1"),
    .init("node added", .node, sql: "INSERT INTO merkle_node VALUES (8, 2, zeroblob(32))"),
    .init("node of a higher level added", .node, sql: "INSERT INTO merkle_node VALUES (16, 0, zeroblob(32))"),
    .init("space in the envelope", .envelope, 590, "b") {
      try rewrite($0, 590) { $0.replacing(",\"id\":", with: ", \"id\":") }
    },
    .init("text escaped in another way", .envelope, 590, "b") {
      try rewrite($0, 590) { $0.replacing("\"actor\":\"test\"", with: "\"actor\":\"t\\u0065st\"") }
    },
    .init("members out of order", .envelope, 590, "b") {
      try rewrite($0, 590) {
        $0.replacing("\"specversion\":\"1.0\",\"stream\":\"b\"", with: "\"stream\":\"b\",\"specversion\":\"1.0\"")
      }
    },
    .init("another specversion", .envelope, 590, "b") {
      try rewrite($0, 590) { $0.replacing("\"1.0\"", with: "\"1.1\"") }
    },
    .init("entry names another stream", .column, 590, "b") {
      try rewrite($0, 590) { $0.replacing("\"stream\":\"b\"", with: "\"stream\":\"a\"") }
    },
    .init("entry cut", .entry, 30, "b", sql: "UPDATE event SET entry = substr(entry, 1, 40) WHERE position = 30"),
    .init("entry of zeros", .entry, 30, "b", sql: "UPDATE event SET entry = zeroblob(65535) WHERE position = 30"),
    .init(
      "entry larger than any can be", .entry, 30, "b",
      sql: "PRAGMA ignore_check_constraints=ON; UPDATE event SET entry = zeroblob(20000000) WHERE position = 30"),
    .init(
      "entry empty", .entry, 30, "b",
      sql: "PRAGMA ignore_check_constraints=ON; UPDATE event SET entry = x'' WHERE position = 30"),
    .init("payload broken", .envelope, 590, "b") {
      try rewrite($0, 590) { $0.replacing("{\"a\":1}", with: "{\"a\":}") }
    },
    .init("payload nested for ever", .envelope, 590, "b") {
      try rewrite($0, 590) { $0.replacing("1}", with: String(repeating: "[", count: 60_000)) }
    },
    .init("not UTF-8", .envelope, 590, "b") { database in
      let bytes = Data("{\"actor\":\"".utf8) + Data([0xC3, 0x28]) + Data("\"".utf8)
      try database.execute(
        sql: "UPDATE event SET entry = ?, leaf_hash = ? WHERE position = 590",
        arguments: [bytes, Data(Merkle.leaf(Array(bytes)).bytes)])
    },
    .init("version left out", .version, 601, "a") { try forge($0, version: 302) },
    .init("time that goes back", .time, 601, "a") { try forge($0, time: Timestamp(milliseconds: 5)) },
    .init("position left out", .position, 601) { try forge($0, position: 602) },
    .init("position below 1", .position, -5, "a") {
      try $0.execute(sql: "PRAGMA ignore_check_constraints=ON")
      try forge($0, position: -5)
    },
    .init("highest position that there is", .position, 601) { try forge($0, position: .max) },
    .init("lowest position that there is", .position, .min, "a") {
      try $0.execute(sql: "PRAGMA ignore_check_constraints=ON")
      try forge($0, position: .min)
    },
    .init("version below 1", .version, 601, "a") {
      try $0.execute(sql: "PRAGMA ignore_check_constraints=ON")
      try forge($0, version: .min)
    },
    .init("id used again", .schema, restores: false) { database in
      try database.execute(sql: "DROP INDEX event_id")
      let id = try Data.fetchOne(database, sql: "SELECT id FROM event WHERE position = 7") ?? Data()
      try forge(database, id: try #require(id.withUnsafeBytes { EventID(bytes: $0) }))
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

  @Test(arguments: tamperings) func everyTamperingIsNamed(_ tampering: Tampering) async throws {
    let folder = try await Self.filledFolder()
    try folder.shell().run { database in
      let triggers = try Row.fetchAll(database, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
      for trigger in triggers { try database.execute(sql: "DROP TRIGGER \(trigger["name"] as String)") }
      try tampering.change(database)
      if tampering.restores { for trigger in triggers { try database.execute(sql: trigger["sql"] as String) } }
    }
    let verification = try folder.open(readOnly: true).verify()
    let first = try #require(verification.findings.first)
    #expect(first.kind == tampering.kind, "\(first)")
    #expect(first.position == tampering.position, "\(first)")
    #expect(first.stream == tampering.stream, "\(first)")
    #expect(verification.findings.count <= Verification.limit)
    #expect(!first.sentence.isEmpty)
  }

  @Test func idUsedAgainIsNamedWithBothPositions() async throws {
    let folder = try await Self.filledFolder()
    let log = try folder.open()
    try folder.shell().run { database in
      try database.execute(sql: "DROP INDEX event_id; DROP TRIGGER event_append_only")
      let id = try Data.fetchOne(database, sql: "SELECT id FROM event WHERE position = 7") ?? Data()
      try Self.forge(database, id: try #require(id.withUnsafeBytes { EventID(bytes: $0) }))
    }
    let found = try #require(try log.verify().findings.first { $0.kind == .id })
    #expect(found.position == 601 && found.sentence.contains("position 7 too"))
  }

  @Test func soundLogGivesSizeRootAndProgress() async throws {
    let folder = try Folder()
    let log = try folder.open()
    #expect(try log.verify() == Verification(size: 0, root: Merkle.emptyRoot, findings: []))
    let many = 20_000
    try await log.appendLarge { append in
      for index in 0..<(many / 10) { try append(.init(stream: "s/\(index % 50)", events: events(10))) }
    }
    var steps: [Int64] = []
    let verification = try log.verify { done, size in
      steps.append(done)
      #expect(size == Int64(many))
    }
    #expect(verification.isSound && verification.size == Int64(many))
    #expect(try log.head() == LogHead(size: Int64(many), root: try #require(verification.root)))
    #expect(steps == [8192, 16_384, 20_000])
  }

  @Test func verifyingGoesOnBesideAppends() async throws {
    let folder = try Folder()
    let log = try folder.open()
    let appender = Task {
      for turn in 0..<60 {
        try await log.append([.init(stream: "s", expectation: .version(turn * 20), events: events(20))])
      }
    }
    while try log.lastPosition() < 1200 { #expect(try log.verify().findings == []) }
    try await appender.value
    #expect(try log.verify().isSound)
  }

  @Test(arguments: ["event", "stream", "event_type", "merkle_node"])
  func missingTableIsAFault(_ table: String) async throws {
    let folder = try await Self.filledFolder()
    try folder.shell().run("DROP TABLE \(table)")
    #expect { try folder.open(readOnly: true).verify() } throws: { ($0 as? Fault)?.code == .logDamaged }
  }

  @Test func tableOfAnotherShapeNeverTraps() async throws {
    let folder = try await Self.filledFolder()
    // No types, no key: every column holds what it should not.
    try folder.shell().run(
      """
      CREATE TABLE copy AS SELECT * FROM event; DROP TABLE event; ALTER TABLE copy RENAME TO event;
      UPDATE event SET position = NULL WHERE position = 9;
      UPDATE event SET id = 7, stream = 'x', version = 1.5, type = NULL, time = 'now', leaf_hash = 1, entry = NULL
      WHERE position = 3;
      INSERT INTO event SELECT * FROM event WHERE position = 4
      """)
    let damaged = try folder.open(readOnly: true)
    let findings = try damaged.verify().findings
    #expect(findings.contains { $0.kind == .schema })
    #expect(findings.contains { $0.kind == .entry && $0.position == 3 })
    #expect(findings.contains { $0.kind == .position && $0.position == 4 })
    #expect(findings.contains { $0.kind == .position && $0.position == 9 })
    #expect(throws: Fault.self) { try damaged.read() }
  }

  @Test func findingsAreBounded() async throws {
    let folder = try await Self.filledFolder()
    let log = try folder.open()
    try folder.shell().run("DROP TRIGGER event_no_update; UPDATE event SET leaf_hash = zeroblob(32)")
    #expect(try log.verify().findings.count == Verification.limit)
  }
}
