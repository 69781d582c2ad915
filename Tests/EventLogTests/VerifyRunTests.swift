import Base
import Crypto
import Foundation
import GRDB
import LogSupport
import Synchronization
import Testing

@testable import EventLog

/// Verifications that are interrupted, that read only what is new, and that go on in the background.
@Suite struct VerifyRunTests {
  private static let origin = FilledLog.origin

  /// A log of 40,000 small events in 60 streams: five pieces, with checkpoints inside and at the edges of pieces.
  private struct Large: Sendable {
    var bytes: Data
    var key: LogKey
    var scope: VerificationScope { VerificationScope(keys: [key.verifier]) }

    func folder() throws -> Folder {
      let folder = try Folder()
      try bytes.write(to: URL(filePath: folder.log))
      return folder
    }
  }

  private static let made = Task {
    let folder = try Folder()
    let log = try folder.open()
    let key = try LogKey(origin: origin)
    var size = 0
    for next in [8192, 10_000, 16_384, 39_000, 40_000] {
      let range = size..<next
      try await log.appendLarge { append in
        for index in range { try append(.init(stream: "s/\(index * 7 % 60)", events: events(1))) }
      }
      size = next
      if next < 40_000 { try await log.checkpoint(origin: origin, signedBy: [key], known: [key.verifier]) }
    }
    try log.close()
    return Large(bytes: try Data(contentsOf: URL(filePath: folder.log)), key: key)
  }

  private func large() async throws -> Large { try await Self.made.value }

  /// Damage of several kinds, far apart, so that a state that forgets something is seen.
  private static func damage(_ folder: Folder) throws {
    try folder.shell().run { database in
      for name in try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger'") {
        try database.execute(sql: "DROP TRIGGER \(name)")
      }
      try Tampering.exchange(["entry", "leaf_hash"], 50, 33_000, database)
      try database.execute(
        sql: """
          UPDATE event SET leaf_hash = zeroblob(32) WHERE position = 9000;
          UPDATE event SET version = 100000 WHERE position = 20000;
          DELETE FROM event WHERE position BETWEEN 24000 AND 30000
          """)
    }
  }

  @Test("stopped anywhere and gone on with, it says what an uninterrupted one says", arguments: [false, true])
  func resuming(_ isDamaged: Bool) async throws {
    let large = try await large()
    let folder = try large.folder()
    if isDamaged { try Self.damage(folder) }
    let log = try folder.open(readOnly: true)
    let whole = try log.verify(large.scope)
    #expect(whole.isSound != isDamaged)
    #expect(isDamaged || whole.checkpoints == 4)
    let secret = SymmetricKey(size: .bits256)
    for seed in 0..<8 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let file = VerificationFile(path: folder.path + "/verify.state", secret: secret)
      var result: Verification?
      var starts = 0
      while result == nil {
        // Each round is a process of its own: all that it knows is in the file.
        var run = try file.load(for: large.scope, of: log) ?? log.begin(large.scope)
        if starts > 0 { #expect(run.next > 0) }
        starts += 1
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          try log.advance(
            &run, large.scope, pieces: Int.random(in: 1...3, using: &random),
            threads: Int.random(in: 1...2, using: &random))
        }
        result = run.result
        file.save(run, for: large.scope)
      }
      #expect(starts > 1)
      #expect(result == whole)
      file.remove()
    }
  }

  @Test("what is kept is believed only under its key, for its question, for a day, and while the log begins as it did")
  func keeping() async throws {
    let large = try await large()
    let folder = try large.folder()
    let clock = SetClock(moment)
    let log = try folder.open(clock: clock.read, readOnly: true)
    let path = folder.path + "/verify.state"
    let file = VerificationFile(path: path, secret: SymmetricKey(size: .bits256))
    var run = try log.begin(large.scope)
    try log.advance(&run, large.scope, pieces: 2)
    file.save(run, for: large.scope)
    #expect(try file.load(for: large.scope, of: log)?.next == 16_384)
    #expect(try size(path) > 0)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber == 0o600)

    #expect(
      try VerificationFile(path: path, secret: SymmetricKey(size: .bits256)).load(for: large.scope, of: log) == nil)
    #expect(try file.load(for: VerificationScope(), of: log) == nil)
    clock.set(Timestamp(milliseconds: moment.milliseconds + 86_400_000))
    #expect(try file.load(for: large.scope, of: log) == nil)
    clock.set(Timestamp(milliseconds: moment.milliseconds - 1))
    #expect(try file.load(for: large.scope, of: log) == nil)
    clock.set(moment)

    let other = try Folder()
    let elsewhere = try other.open()
    try await elsewhere.append([.init(stream: "a", events: events(20_000))])
    #expect(try file.load(for: large.scope, of: elsewhere) == nil)

    var bytes = try Data(contentsOf: URL(filePath: path))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(filePath: path))
    #expect(try file.load(for: large.scope, of: log) == nil)
    // Nothing to go on with is no error.
    #expect(try log.verify(large.scope, keptIn: file).isSound)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("only what is new is read", arguments: [8192, 10_000, 16_384, 39_000] as [Int64])
  func since(_ size: Int64) async throws {
    let large = try await large()
    let folder = try large.folder()
    let log = try folder.open(readOnly: true)
    let checkpoint = try log.keptCheckpoint(size: size)
    #expect(try log.keptCheckpoint().size == 39_000)
    var read: Int64 = 0
    let found = try log.verify(since: checkpoint, large.scope, threads: 2) { read = $0.total }
    #expect(found.findings == [])
    #expect(found.since == size && read == 40_000 - size)
    #expect(found.root == (try log.head().root))
    #expect(found.checkpoints == ([8192, 10_000, 16_384, 39_000] as [Int64]).count { $0 >= size })
  }

  @Test("a checkpoint that is not there, or that nobody known signed, is no start")
  func noStart() async throws {
    let large = try await large()
    let folder = try large.folder()
    let log = try folder.open(readOnly: true)
    #expect { try log.keptCheckpoint(size: 77) } throws: { ($0 as? Fault)?.code == .checkpointMissing }
    let checkpoint = try log.keptCheckpoint()
    let stranger = VerificationScope(keys: [try LogKey(origin: Self.origin).verifier])
    #expect { try log.verify(since: checkpoint, stranger) } throws: { ($0 as? Fault)?.code == .noteUnsigned }
    let fresh = try Folder()
    let empty = try fresh.open()
    #expect { try empty.keptCheckpoint() } throws: { ($0 as? Fault)?.code == .checkpointMissing }
  }

  struct New: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var kind: Verification.Finding.Kind
    var position: Int64?
    var sql: String
  }

  static let news: [New] = [
    New(
      testDescription: "an entry changed", kind: .changed, position: 39_500,
      sql: "UPDATE event SET entry = CAST(replace(CAST(entry AS TEXT), ':1}', ':2}') AS BLOB) WHERE position = 39500"),
    New(
      testDescription: "an entry removed", kind: .removed, position: 39_500,
      sql: "DELETE FROM event WHERE position = 39500"),
    New(
      testDescription: "a column lies", kind: .index, position: 39_500,
      sql: "UPDATE event SET type = 7 WHERE position = 39500"),
    New(
      testDescription: "the tail cut", kind: .truncated, position: 38_001,
      sql: "DELETE FROM event WHERE position > 38000"),
    New(
      testDescription: "what was signed rewritten", kind: .forked, position: nil,
      sql: "UPDATE event SET leaf_hash = zeroblob(32) WHERE position = 38999"),
    New(
      testDescription: "a version missing", kind: .removed, position: 39_500,
      sql: "UPDATE event SET version = version + 500 WHERE position = 39500"),
    New(
      testDescription: "an index that leaves it out", kind: .index, position: 39_500,
      sql: """
        DROP INDEX event_kind; CREATE INDEX event_kind ON event (type) WHERE position <> 39500; PRAGMA writable_schema=ON;
        UPDATE sqlite_master SET sql = 'CREATE INDEX event_kind ON event (type)' WHERE name = 'event_kind';
        PRAGMA writable_schema=RESET
        """),
    New(testDescription: "an index dropped", kind: .schema, position: nil, sql: "DROP INDEX event_id"),
  ]

  @Test(arguments: news) func tamperingWithWhatIsNewIsNamed(_ new: New) async throws {
    let large = try await large()
    let folder = try large.folder()
    try folder.shell().run { database in
      let triggers = try Row.fetchAll(database, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
      try database.execute(sql: triggers.map { "DROP TRIGGER \($0["name"] as String);" }.joined())
      try database.execute(sql: new.sql)
      try database.execute(sql: triggers.map { "\($0["sql"] as String);" }.joined())
    }
    let log = try folder.open(readOnly: true)
    let first = try #require(try log.verify(since: log.keptCheckpoint(), large.scope).findings.first)
    #expect(first.position == new.position, "\(first)")
    #expect(first.kind == new.kind || new.testDescription == "a version missing", "\(first)")
  }

  @Test("in the background the log is read again and again, also over a restart")
  func rehash() async throws {
    let large = try await large()
    let folder = try large.folder()
    let clock = SetClock(moment)
    let log = try folder.open(clock: clock.read, readOnly: true)
    let secret = SymmetricKey(size: .bits256)
    var rehash = Rehash()
    #expect(rehash.pause(toTake: .seconds(3600)) == .zero)
    var steps = 0
    var outcome: Rehash.Outcome?
    while outcome == nil {
      outcome = try rehash.step(log, large.scope)
      steps += 1
      clock.set(Timestamp(milliseconds: moment.milliseconds + Int64(steps) * 1000))
      if outcome == nil {
        #expect(rehash.pause(toTake: .seconds(3600)) > .seconds(300))
        // Kept, and gone on with by another process.
        let kept = try rehash.sealed(under: secret)
        #expect(Rehash(sealed: kept, under: SymmetricKey(size: .bits256)) == nil)
        rehash = try #require(Rehash(sealed: kept, under: secret))
        try rehash.settle(log, within: .seconds(86_400))
        #expect(rehash.progress != nil)
      }
    }
    // Five pieces of entries, and one of each index.
    #expect(steps == 8)
    #expect(outcome?.size == 40_000 && outcome?.findings == 0 && outcome?.first == nil)
    #expect(rehash.last == outcome && rehash.progress == nil)
    #expect(Rehash(sealed: try rehash.sealed(under: secret), under: secret)?.last == outcome)

    try log.close()
    try Self.damage(folder)
    let damaged = try folder.open(clock: clock.read, readOnly: true)
    outcome = nil
    while outcome == nil { outcome = try rehash.step(damaged, large.scope) }
    #expect(outcome?.first?.hasPrefix("position 50, stream s/") == true, "\(outcome?.first ?? "")")
    _ = try rehash.step(damaged, large.scope)
    clock.set(Timestamp(milliseconds: moment.milliseconds + 90_000_000))
    try rehash.settle(damaged, within: .seconds(86_400))
    #expect(rehash.progress == nil)
  }

  @Test("a key that the log calls replaced counts only under a later signature of the present one")
  func formerKeys() async throws {
    let folder = try Folder()
    let log = try folder.open()
    let (old, new) = (try LogKey(origin: Self.origin), try LogKey(origin: Self.origin))
    let scope = VerificationScope(keys: [new.verifier], formerKeys: [old.verifier])
    try await log.append([.init(stream: "a", events: events(3))])
    try await log.checkpoint(origin: Self.origin, signedBy: [old], known: [old.verifier])
    #expect(try log.verify(scope).findings.map(\.kind) == [.forked])
    try await log.append([.init(stream: "a", events: events(3))])
    try await log.checkpoint(origin: Self.origin, signedBy: [new], known: [old.verifier, new.verifier])
    #expect(try log.verify(scope).findings == [])
    #expect(try log.verify(scope).checkpoints == 2)
  }

  @Test("a copy of the file alone is verified where nothing can be written")
  func copy() async throws {
    let filled = try await FilledLog.get()
    let folder = try filled.folder()
    let strange = folder.path + "/a copy? #1%20.sqlite"
    try FileManager.default.moveItem(atPath: folder.log, toPath: strange)
    let log = try Log(copy: strange, clock: { moment }, logger: quiet)
    #expect(try log.verify(filled.scopeWithElsewhere).findings == [])
    try log.close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a copy? #1%20.sqlite"])
    #expect { try Log(copy: folder.log, clock: { moment }, logger: quiet) } throws: {
      ($0 as? Fault)?.code == .logMissing
    }
  }
}
