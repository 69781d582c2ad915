import Base
import Crypto
import Foundation
import GRDB
import LogSupport
import Testing

@testable import EventLog

@Suite struct CheckpointTests {
  func filled(_ folder: Folder, _ count: Int) async throws -> Log {
    let log = try folder.open()
    try await log.append([StreamAppend(stream: "s/1", events: events(count))])
    return log
  }

  @discardableResult
  func sign(_ log: Log, _ key: LogKey) async throws -> SignedCheckpoint {
    try await log.checkpoint(origin: "example.org/test", signedBy: [key], known: [key.verifier])
  }

  @Test("a checkpoint states the head, is kept once, and the next one is proved to continue it")
  func issue() async throws {
    let folder = try Folder()
    let key = try LogKey(origin: "example.org/test")
    let log = try await filled(folder, 5)
    let first = try await sign(log, key)
    let head = try log.head()
    #expect(first.size == 5)
    #expect(first.checkpoint.root == head.root)
    #expect(try await sign(log, key) == first)
    try await log.append([StreamAppend(stream: "s/1", events: events(400))])
    let second = try await sign(log, key)
    #expect(try log.checkpoints() == [first, second])
    #expect(try log.newestCheckpoint()?.checkpoint == second)
    let proof = try log.consistencyProof(old: 5, new: 405)
    #expect(proof.verify(oldRoot: first.checkpoint.root, newRoot: second.checkpoint.root))
  }

  @Test("a trigger that drops what is inserted is found, whatever its name, and nothing is said to be kept")
  func droppingTriggers() async throws {
    for name in ["grdb_x", "sqlitex", "x"] {
      let folder = try Folder()
      let key = try LogKey(origin: "example.org/test")
      let log = try await filled(folder, 5)
      let shell = try folder.shell()
      try shell.run("CREATE TRIGGER \(name) BEFORE INSERT ON checkpoint BEGIN SELECT RAISE(IGNORE); END")
      await #expect { try await sign(log, key) } throws: { ($0 as? Fault)?.code == .logDamaged }
      #expect(try log.verify().findings.map(\.kind) == [.schema])
      try shell.run("DROP TRIGGER \(name)")
      try shell.run("CREATE TRIGGER \(name) BEFORE INSERT ON event BEGIN SELECT RAISE(IGNORE); END")
      await #expect { try await log.append([StreamAppend(stream: "s/1", events: events(1))]) } throws: {
        ($0 as? Fault)?.code == .logDamaged
      }
    }
  }

  @Test("each checkpoint names the one before it, so that one that was taken out is missed")
  func chain() async throws {
    let folder = try Folder()
    let key = try LogKey(origin: "example.org/test")
    let log = try await filled(folder, 5)
    var signed = [try await sign(log, key)]
    for _ in 0..<3 {
      try await log.append([StreamAppend(stream: "s/1", events: events(10))])
      signed.append(try await sign(log, key))
    }
    #expect(signed.map(\.previous) == [nil, 5, 15, 25])
    let scope = VerificationScope(keys: [key.verifier])
    #expect(try log.verify(scope).isSound)
    let shell = try folder.shell()
    try shell.run { database in
      let trigger = try String.fetchOne(
        database, sql: "SELECT sql FROM sqlite_master WHERE name = 'checkpoint_no_delete'")
      try database.execute(sql: "DROP TRIGGER checkpoint_no_delete; DELETE FROM checkpoint WHERE size = 15")
      try database.execute(sql: trigger ?? "")
    }
    let finding = try #require(try log.verify(scope).findings.first)
    #expect(finding.kind == .removed && finding.sentence.contains("size 15 before that of size 25"))
  }

  @Test("it says what no checkpoint covers, and fails when more is without one than can be")
  func uncovered() async throws {
    let folder = try Folder()
    let key = try LogKey(origin: "example.org/test")
    let log = try await filled(folder, 5)
    try await sign(log, key)
    try await log.append([StreamAppend(stream: "s/1", events: events(10))])
    func verify(events: Int64, after span: Duration) throws -> Verification {
      let now = try #require(try log.read(from: 6, limit: 1).first).time + .seconds(60)
      return try log.verify(
        VerificationScope(keys: [key.verifier], slack: CheckpointSlack(events: events, span: span, now: now)))
    }
    #expect(try verify(events: 10, after: .seconds(59)).isSound)
    #expect(try verify(events: 9, after: .seconds(61)).isSound)
    let found = try verify(events: 9, after: .seconds(59))
    #expect(found.covered == 5 && found.findings.map(\.kind) == [.uncovered] && found.findings[0].position == 6)
    let shell = try folder.shell()
    try shell.run("DROP TRIGGER checkpoint_no_delete; DELETE FROM checkpoint")
    let emptied = try verify(events: 9, after: .seconds(59))
    #expect(emptied.covered == 0 && emptied.findings.contains { $0.kind == .uncovered && $0.position == 1 })
  }

  @Test(
    "a file whose tables are none is refused before anything of it is run",
    arguments: [
      "CREATE VIEW event AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS position FROM n",
      "CREATE TABLE event (position INTEGER, entry BLOB GENERATED ALWAYS AS (zeroblob(1000000000)))",
      "CREATE VIRTUAL TABLE event USING fts5(position)",
    ])
  func hostileFile(statement: String) async throws {
    let folder = try Folder()
    let log = try await filled(folder, 5)
    try log.close()
    try folder.shell().run("DROP TABLE event;" + statement)
    let found = #expect(throws: Fault.self) { try Log(copy: folder.log, clock: { moment }, logger: quiet) }
    #expect(found?.code == .logDamaged && found?.sentence.contains("plain table") == true)
  }

  @Test("a query of somebody else's file that does not end is ended")
  func endless() async throws {
    let folder = try Folder()
    let log = try await filled(folder, 5)
    try log.close()
    let copy = try Log(copy: folder.log, clock: { moment }, logger: quiet)
    #expect(try copy.verify().isSound)
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    let found = #expect(throws: Fault.self) {
      try copy.store.read { _ = try Int.fetchOne($0.database, sql: endless) }
    }
    #expect(found?.code == .logDamaged && found?.sentence.contains("does not end") == true)
  }

  @Test("a log that was rewritten or cut is not signed again")
  func forks() async throws {
    for edit in [
      "DELETE FROM event WHERE position > 3",
      "UPDATE event SET leaf_hash = (SELECT leaf_hash FROM event WHERE position = 1) WHERE position = 2",
    ] {
      let folder = try Folder()
      let key = try LogKey(origin: "example.org/test")
      let log = try await filled(folder, 5)
      try await sign(log, key)
      let shell = try folder.shell()
      try shell.run("DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete;" + edit)
      await #expect {
        try await log.checkpoint(origin: "example.org/test", signedBy: [key], known: [key.verifier])
      } throws: { ($0 as? Fault)?.code == .logForked }
      try log.close()
      // A process that starts on such a log appends nothing either.
      let again = try folder.open()
      await #expect { try await again.append([StreamAppend(stream: "s/2", events: events(1))]) } throws: {
        ($0 as? Fault)?.code == .logForked
      }
    }
  }

  @Test("a kept checkpoint that no known key signed is not built upon")
  func unsigned() async throws {
    let folder = try Folder()
    let (key, other) = (try LogKey(origin: "example.org/test"), try LogKey(origin: "example.org/test"))
    let log = try await filled(folder, 2)
    try await sign(log, other)
    try await log.append([StreamAppend(stream: "s/1", events: events(1))])
    await #expect {
      try await log.checkpoint(origin: "example.org/test", signedBy: [key], known: [key.verifier])
    } throws: { ($0 as? Fault)?.code == .noteUnsigned }
  }

  @Test("the roots and proofs of the log are those of the tree in memory, at every size")
  func proofs() async throws {
    let folder = try Folder()
    let log = try await filled(folder, 600)
    let tree = Tree(try log.read(limit: 600).map(\.entry))
    for size in [1, 2, 3, 255, 256, 257, 511, 512, 513, 599, 600] {
      #expect(try log.root(at: Int64(size)) == tree.root(size))
      for position in [1, size / 2 + 1, size] {
        let proof = try log.inclusionProof(of: Int64(position), size: Int64(size))
        #expect(proof.verify(leaf: tree.leaves[position - 1], root: try tree.root(size)))
      }
      let proof = try log.consistencyProof(old: Int64(size / 3), new: Int64(size))
      #expect(proof.verify(oldRoot: try tree.root(size / 3), newRoot: try tree.root(size)))
    }
    for (position, size) in [(0, 600), (601, 600), (1, 601), (1, 0), (1, -1)] as [(Int64, Int64)] {
      #expect { try log.inclusionProof(of: position, size: size) } throws: { ($0 as? Fault)?.code == .proofOutside }
    }
    for (old, new) in [(-1, 600), (601, 600), (1, 601), (0, -1)] as [(Int64, Int64)] {
      #expect { try log.consistencyProof(old: old, new: new) } throws: { ($0 as? Fault)?.code == .proofOutside }
    }
    #expect { try log.root(at: 601) } throws: { ($0 as? Fault)?.code == .proofOutside }
  }

  @Test("anchors keep what they took and why they failed")
  func anchors() async throws {
    let folder = try Folder()
    let log = try folder.open()
    try await log.record(anchor: "a", failedWith: "no room")
    #expect(try log.anchors() == [AnchorState(name: "a", size: nil, anchored: nil, failed: moment, failure: "no room")])
    try await log.record(anchor: "a", took: 7)
    #expect(try log.anchors() == [AnchorState(name: "a", size: 7, anchored: moment, failed: nil, failure: nil)])
  }
}
