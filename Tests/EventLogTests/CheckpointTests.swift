import Base
import Crypto
import Foundation
import GRDB
import LogSupport
import Testing

@testable import EventLog

@Suite struct CheckpointTests {
  private func filled(_ folder: Folder, _ count: Int) async throws -> EventLog {
    let log = try folder.open()
    try await log.append([StreamAppend(stream: "s/1", events: events(count))])
    return log
  }

  @discardableResult
  private func sign(_ log: EventLog, _ key: LogKey) async throws -> SignedCheckpoint {
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
    let found = #expect(throws: Fault.self) { try EventLog(copy: folder.log, clock: { moment }, logger: quiet) }
    #expect(found?.code == .logDamaged && found?.sentence.contains("plain table") == true)
  }

  @Test("a query of somebody else's file that does not end is ended")
  func endless() async throws {
    let folder = try Folder()
    let log = try await filled(folder, 5)
    try log.close()
    let copy = try EventLog(copy: folder.log, clock: { moment }, logger: quiet)
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

  // MARK: Files

  private func proof(_ log: EventLog, _ position: Int64, _ signed: SignedCheckpoint) throws -> EventProof {
    let entry = try #require(try log.read(from: position, limit: 1).first).entry
    return EventProof(
      entry: entry, proof: try log.inclusionProof(of: position, size: signed.size), checkpoint: signed)
  }

  @Test("a proof's file reads back, holds, and does not hold for anything else")
  func eventFile() async throws {
    let folder = try Folder()
    let key = try LogKey(origin: "example.org/test")
    let log = try await filled(folder, 40)
    let signed = try await sign(log, key)
    let made = try proof(log, 17, signed)
    guard case .event(let read) = try ProofBundle(Array(made.text.utf8), named: "p") else {
      Issue.record("another kind")
      return
    }
    #expect(read == made)
    try read.verify(with: [key.verifier])
    let bare = EventProof(entry: nil, proof: made.proof, checkpoint: signed)
    #expect { try bare.verify(with: [key.verifier]) } throws: { ($0 as? Fault)?.code == .proofFails }
    try bare.verify(with: [key.verifier], entry: made.entry)
    #expect { try bare.verify(with: [key.verifier], entry: [1]) } throws: { ($0 as? Fault)?.code == .proofFails }
    #expect { try read.verify(with: [try LogKey(origin: "x").verifier]) } throws: {
      ($0 as? Fault)?.code == .noteUnsigned
    }
    if case .event(let read) = try ProofBundle(Array(bare.text.utf8), named: "p") { #expect(read == bare) }
  }

  @Test("the proof of an entry among eight is written byte for byte")
  func vector() throws {
    let tree = ProofTests.small
    let note = try NoteTests.note(
      """
      ledger.example/test
      8
      XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=

      — ledger.example/test eoZAmaV/in0IDskMWnTG5SPMud1pvqheHJWaiVUrPEZFFSyqbLbL7qfg3L+D2FQECtirtiNxpVrnGVJRgUfXThQJNgc=

      """)
    let proof = EventProof(
      entry: nil, proof: try InclusionProof(index: 5, size: 8, tree.hashes), checkpoint: try SignedCheckpoint(note))
    #expect(
      proof.text == """
        c2sp.org/tlog-proof@v1
        index 5
        vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=
        yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=
        037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=

        \(note)
        """)
  }

  @Test("growth between two checkpoints is a file too, of the form that a witness takes")
  func growthFile() async throws {
    let folder = try Folder()
    let key = try LogKey(origin: "example.org/test")
    let log = try await filled(folder, 3)
    let old = try await sign(log, key)
    try await log.append([StreamAppend(stream: "s/1", events: events(4))])
    let new = try await sign(log, key)
    let made = GrowthProof(proof: try log.consistencyProof(old: 3, new: 7), checkpoint: new)
    #expect(made.text.hasPrefix("old 3\n"))
    guard case .growth(let read) = try ProofBundle(Array(made.text.utf8), named: "p") else {
      Issue.record("another kind")
      return
    }
    #expect(read == made)
    try read.verify(from: old, with: [key.verifier])
    #expect { try read.verify(from: new, with: [key.verifier]) } throws: { ($0 as? Fault)?.code == .proofFails }
    let forged = Checkpoint(origin: "example.org/test", size: 3, root: Merkle.emptyRoot)
    let signed = try SignedCheckpoint(try SignedNote(forged.text, signedBy: [key]))
    #expect { try read.verify(from: signed, with: [key.verifier]) } throws: { ($0 as? Fault)?.code == .proofFails }
  }

  @Test(
    "what is no proof is refused",
    arguments: [
      "", "\n\n", "x\n\nnote", "c2sp.org/tlog-proof@v1\nindex 1\n", "c2sp.org/tlog-proof@v1\n\n\(NoteTests.seven)",
      "c2sp.org/tlog-proof@v1\nindex 01\n\n\(NoteTests.seven)",
      "c2sp.org/tlog-proof@v1\nextra ?\nindex 1\n\n\(NoteTests.seven)",
      "c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\n\(NoteTests.seven)", "old x\n\n\(NoteTests.seven)",
      "old 1\n" + String(repeating: "3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw=\n", count: 65)
        + "\n\(NoteTests.seven)",
    ])
  func badFiles(text: String) {
    #expect { try ProofBundle(Array(text.utf8), named: "p") } throws: { ($0 as? Fault)?.code == .proofInvalid }
  }

  // MARK: Tiles

  @Test(
    "an index becomes a path in threes",
    arguments: [(0, "000"), (5, "005"), (999, "999"), (1000, "x001/000"), (1_234_067, "x001/x234/067")])
  func names(index: Int, name: String) { #expect(Tiles.name(Int64(index)) == name) }

  private func files(_ folder: String) throws -> [String: Data] {
    var found: [String: Data] = [:]
    let names = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
    for name in names {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
      if !isFolder.boolValue { found[name] = FileManager.default.contents(atPath: "\(folder)/\(name)") }
    }
    return found
  }

  @Test("tiles grow piece by piece into the same files as at once, and hold the log")
  func tiles() async throws {
    let folder = try Folder()
    let key = try LogKey(origin: "example.org/test")
    let log = try await filled(folder, 10)
    let piecewise = Tiles(of: log, in: folder.path + "/a")
    for more in [0, 3, 243, 1, 299] {
      if more > 0 { try await log.append([StreamAppend(stream: "s/1", events: events(more))]) }
      try piecewise.write(try await sign(log, key))
    }
    let signed = try await sign(log, key)
    #expect(try piecewise.write(signed) == 0)
    try Tiles(of: log, in: folder.path + "/b").write(signed)
    let (pieces, once) = (try files(folder.path + "/a"), try files(folder.path + "/b"))
    // A reader who still has an older checkpoint finds the partial tile that it names.
    #expect(Set(pieces.keys).subtracting(once.keys) == ["tile/1/000.p/1"])
    for (name, data) in once { #expect(pieces[name] == data, "\(name)") }
    #expect(
      once.keys.sorted() == [
        "checkpoint", "tile/0/000", "tile/0/001", "tile/0/002.p/44", "tile/1/000.p/2", "tile/entries/000",
        "tile/entries/001", "tile/entries/002.p/44",
      ])
    let tree = Tree(try log.read(limit: 556).map(\.entry))
    #expect(once["tile/0/001"] == Data(tree.leaves[256..<512].flatMap(\.bytes)))
    #expect(once["tile/1/000.p/2"]?.prefix(32) == Data(try tree.root(256).bytes))
    let entry = try #require(try log.read(limit: 1).first).entry
    #expect(
      once["tile/entries/000"]?.prefix(2 + entry.count)
        == Data([UInt8(entry.count >> 8), UInt8(entry.count & 255)] + entry))
    let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/b/checkpoint")[.posixPermissions]
    #expect((mode as? NSNumber)?.intValue == 0o644)
  }

  @Test("the tiles of another log are not gone on with, and a folder that cannot be made is told")
  func otherTiles() async throws {
    let (first, second) = (try Folder(), try Folder())
    let key = try LogKey(origin: "example.org/test")
    let (one, other) = (try await filled(first, 10), try await filled(second, 12))
    try Tiles(of: one, in: first.path + "/a").write(try await sign(one, key))
    let signed = try await sign(other, key)
    #expect { try Tiles(of: other, in: first.path + "/a").write(signed) } throws: {
      ($0 as? Fault)?.code == .logForked
    }
    #expect { try Tiles(of: other, in: first.log + "/a").write(signed) } throws: {
      ($0 as? Fault)?.code == .tilesUnwritable
    }
  }
}
