import Base
import Foundation
import GRDB
import JSON
import LogSupport
import Testing

@testable import EventLog

/// Each way to change history behind the log's back, and what `verify` says first about it.
@Suite struct VerifyTests {
  @Test(arguments: Tampering.edits + Tampering.forgeries)
  func everyTamperingIsNamed(_ tampering: Tampering) async throws {
    let filled = try await FilledLog.get()
    let folder = try filled.folder()
    try folder.shell().run { database in
      let triggers = try Row.fetchAll(database, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
      try database.execute(sql: triggers.map { "DROP TRIGGER \($0["name"] as String);" }.joined())
      try tampering.change(database)
      if tampering.restores { try database.execute(sql: triggers.map { "\($0["sql"] as String);" }.joined()) }
    }
    var scope = filled.scope
    switch tampering.evidence {
    case .key: break
    case .elsewhere: scope.keptElsewhere = [filled.elsewhere]
    case .views: scope.viewsPosition = 600
    }
    let verification = try folder.open(readOnly: true).verify(scope)
    let first = try #require(verification.findings.first)
    #expect(first.kind == tampering.kind, "\(first)")
    #expect(first.position == tampering.position, "\(first)")
    #expect(first.stream == tampering.stream, "\(first)")
    #expect(verification.findings.count <= Verification.limit)
    #expect(!first.sentence.isEmpty)
  }

  @Test(
    "with all triggers in place, overwriting is refused",
    arguments: [
      "INSERT OR REPLACE INTO event SELECT 5, id, stream, version, type, time, leaf_hash, entry FROM event WHERE position = 6",
      "INSERT OR REPLACE INTO event SELECT 601, id, stream, version, type, time, leaf_hash, entry FROM event WHERE position = 6",
      "REPLACE INTO merkle_node VALUES (8, 0, zeroblob(32))",
      "REPLACE INTO checkpoint SELECT size, time, 'x' FROM checkpoint WHERE size = 300",
      "REPLACE INTO stream VALUES (1, 'c')", "UPDATE OR REPLACE event SET position = 6 WHERE position = 5",
    ])
  func replacingIsRefused(_ sql: String) async throws {
    let filled = try await FilledLog.get()
    let folder = try filled.folder()
    #expect(throws: DatabaseError.self) { try folder.shell().run(sql) }
    #expect(try folder.open(readOnly: true).verify(filled.scopeWithElsewhere).findings == [])
  }

  @Test("the log of another ledger is called that, and not one whose end is missing")
  func anotherLedgersLog() async throws {
    let filled = try await FilledLog.get()
    let folder = try filled.folder()
    let log = try Log(
      path: folder.log, lockPath: folder.lock, origin: "example.org/other", clock: { moment }, logger: quiet,
      readOnly: true)
    #expect(try log.otherOrigin() == FilledLog.origin)
    #expect(try folder.open(readOnly: true).otherOrigin() == nil)
    var scope = filled.scope
    scope.viewsPosition = 100_000
    let findings = try log.verify(scope).findings
    #expect(findings.map(\.kind) == [.forked] && findings[0].sentence.contains(FilledLog.origin))
  }

  @Test func idUsedAgainIsNamedWithBothPositions() async throws {
    let folder = try await FilledLog.get().folder()
    let log = try folder.open()
    try folder.shell().run { database in
      try database.execute(sql: "DROP INDEX event_id; DROP TRIGGER event_append_only")
      let id = try Data.fetchOne(database, sql: "SELECT id FROM event WHERE position = 7") ?? Data()
      try Tampering.forge(database, id: try #require(id.withUnsafeBytes { EventID(bytes: $0) }))
    }
    let found = try #require(try log.verify().findings.first { $0.kind == .inserted })
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
    var steps: [VerificationProgress] = []
    let verification = try log.verify(threads: 2) { steps.append($0) }
    #expect(verification.isSound && verification.size == Int64(many))
    #expect(try log.head() == LogHead(size: Int64(many), root: try #require(verification.root)))
    #expect(steps.filter { $0.part == .entries }.map(\.done) == [8192, 16_384, 20_000])
    #expect(steps.last == VerificationProgress(part: .indexes, done: 60_000, total: 60_000))
    #expect(steps.allSatisfy { $0.done <= $0.total })
    for threads in 1...3 { #expect(try log.hashPass(threads: threads) == verification.root) }
    #expect(try log.verify(threads: 1) == verification)
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
    let folder = try await FilledLog.get().folder()
    try folder.shell().run("DROP TABLE \(table)")
    #expect { try folder.open(readOnly: true).verify() } throws: { ($0 as? Fault)?.code == .logDamaged }
  }

  @Test func tableOfAnotherShapeNeverTraps() async throws {
    let folder = try await FilledLog.get().folder()
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
    #expect(findings.contains { $0.kind == .changed && $0.position == 3 })
    #expect(findings.contains { $0.kind == .inserted && $0.position == 4 })
    #expect(findings.contains { $0.kind == .removed && $0.position == 9 })
    #expect(throws: Fault.self) { try damaged.read() }
  }

  @Test func findingsAreBounded() async throws {
    let folder = try await FilledLog.get().folder()
    let log = try folder.open()
    try folder.shell().run("DROP TRIGGER event_no_update; UPDATE event SET leaf_hash = zeroblob(32)")
    #expect(try log.verify().findings.count == Verification.limit)
  }
}
