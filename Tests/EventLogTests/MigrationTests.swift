import Base
import Foundation
import GRDB
import LogSupport
import Testing

@testable import EventLog
@testable import Migrations

/// A later program on an older database, with a step that does not exist yet.
@Suite struct MigrationTests {
  private let folder: Folder
  private static let later = Migrations.eventLog.adding(
    "0002_later", "CREATE TABLE later (x INTEGER) STRICT; INSERT INTO later VALUES (7)")

  init() throws { folder = try Folder() }

  private func store(_ schema: Migrations) throws -> LogStore {
    try LogStore(path: folder.log, lockPath: folder.lock, readOnly: false, schema: schema)
  }

  private func root(_ store: LogStore) throws -> Digest32 { try store.read { try $0.tree().root } }

  private var copy: String { "\(folder.log).before-0002_later" }

  private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }

  @Test func theFileIsCopiedBeforeItsSchemaChanges() async throws {
    let log = try folder.open()
    try await log.append([.init(stream: "s", events: events(300))])
    let head = try log.head()
    // Not closed, so that the newest events are in the write-ahead log only.
    let store = try self.store(Self.later)
    #expect(try root(store) == head.root)
    #expect(try folder.shell().run { try Int.fetchOne($0, sql: "SELECT x FROM later") } == 7)
    try store.close()
    let permissions = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? NSNumber
    #expect(permissions?.intValue == 0o600)
    let kept = try Log(path: copy, lockPath: folder.lock, origin: "x", clock: { moment }, logger: quiet)
    #expect(try kept.head() == head && kept.verify().isSound)
    try kept.close()
    #expect(try !Shell(path: copy).run { try $0.tableExists("later") })
  }

  @Test func aDatabaseThatIsNewOrCompleteIsNotCopied() throws {
    try store(Self.later).close()
    try store(Self.later).close()
    #expect(try names().filter { $0.contains("before") } == [])
  }

  @Test func whatAnAttemptThatWasCutOffLeftIsReplaced() async throws {
    let log = try folder.open()
    try await log.append([.init(stream: "s", events: events(3))])
    try log.close()
    try Data("half".utf8).write(to: URL(fileURLWithPath: copy))
    try Data("half".utf8).write(to: URL(fileURLWithPath: copy + ".partial"))
    try store(Self.later).close()
    #expect(try Shell(path: copy).run { try Int.fetchOne($0, sql: "SELECT count(*) FROM event") } == 3)
    #expect(try names().filter { $0.hasSuffix(".partial") } == [])
  }

  @Test func aStepThatFailsLeavesTheDatabaseAndItsCopy() async throws {
    let log = try folder.open()
    try await log.append([.init(stream: "s", events: events(3))])
    try log.close()
    #expect(throws: Fault.self) { try store(Migrations.eventLog.adding("0002_later", "CREATE TABLE event (x)")) }
    #expect(try folder.open().verify().isSound)
    #expect(try Shell(path: copy).run { try Int.fetchOne($0, sql: "SELECT count(*) FROM event") } == 3)
  }

  @Test func aStepThatChangesTheLogIsFound() async throws {
    let log = try folder.open()
    try await log.append([.init(stream: "s", events: events(3))])
    try log.close()
    let bad = Migrations.eventLog.adding(
      "0002_later", "DROP TRIGGER event_no_update; UPDATE event SET leaf_hash = zeroblob(32) WHERE position = 2")
    do {
      try store(bad).close()
      Issue.record("a changed leaf was not noticed")
    } catch let fault as Fault {
      #expect(fault.code == .logDamaged && fault.sentence.contains(copy))
    }
  }

  @Test func whoOpensForReadingChangesNothing() async throws {
    try await folder.open().append([.init(stream: "s", events: events(1))])
    #expect(throws: Fault.self) {
      try LogStore(path: folder.log, lockPath: folder.lock, readOnly: true, schema: Self.later)
    }
    #expect(try names().filter { $0.contains("before") } == [])
  }
}
