import Base
import EventLog
import Foundation
import GRDB
import Ledger
import Provisioning
import TestSupport
import Testing
import Views

@testable import Audit

@Suite("Audit rows: rebuilt from the log they are the same")
struct AuditRebuildTests {
  @Test("after any history, with and without erasures", arguments: UInt64(1)...6, [false, true])
  func anyHistory(seed: UInt64, erasing: Bool) async throws {
    let stage = try await AuditPlace(seed: seed, erasing: erasing)
    let size = try stage.audit.catchUp()
    #expect(try size == stage.ledger.log.lastPosition() && stage.all().map(\.row.position) == Array(1...size))
    let check = try stage.audit.check()
    #expect(check.isEqual && check.position == size)
    let rebuilt = try stage.audit.rebuild()
    #expect(rebuilt.isEqual && rebuilt.rebuilt == check.live)
  }

  @Test("however the events were cut into transactions", arguments: [1, 2, 7, 31, 100])
  func batches(size: Int) async throws {
    let stage = try await AuditPlace(seed: 20, erasing: true)
    try stage.audit.catchUp()
    let whole = try stage.audit.check().live
    let cut = try AuditStore(path: "\(stage.place.root)/cut.sqlite", log: stage.ledger.log, codec: stage.ledger.codec)
    _ = try AuditStore.takeOver(
      cut.database, stage.ledger.log, stage.ledger.codec, upTo: stage.ledger.log.lastPosition(), batch: size)
    #expect(try cut.check().live == whole)
  }

  @Test(
    "caught up between the steps of a life that has erasures in it, they are those of a rebuild",
    arguments: UInt64(40)...44)
  func alongside(seed: UInt64) async throws {
    let stage = try await AuditPlace()
    var history = History(stage.place, stage.ledger, seed: seed)
    for round in 0..<8 {
      try await history.live(rounds: 1, erasing: round > 2)
      // At times the rows are behind when somebody is erased.
      if round != 4 { try stage.audit.catchUp() }
      #expect(try stage.audit.check().isEqual)
    }
  }

  @Test("several who take over one log at once give the same rows")
  func together() async throws {
    let stage = try await AuditPlace(seed: 30)
    try stage.audit.catchUp()
    let whole = try stage.audit.check().live
    let (log, codec, last) = (stage.ledger.log, stage.ledger.codec, try stage.ledger.log.lastPosition())
    let path = "\(stage.place.root)/shared.sqlite"
    try await withThrowingTaskGroup(of: Void.self) { group in
      for size in [1, 2, 3, 5] {
        group.addTask {
          let audit = try AuditStore(path: path, log: log, codec: codec)
          _ = try AuditStore.takeOver(audit.database, log, codec, upTo: last, batch: size)
        }
      }
      try await group.waitForAll()
    }
    #expect(try AuditStore(path: path, log: log, codec: codec).check().live == whole)
  }

  @Test("cut off, it goes on from where it was")
  func resumed() async throws {
    struct Killed: Error {}
    let stage = try await AuditPlace(seed: 31)
    let (log, codec, last) = (stage.ledger.log, stage.ledger.codec, try stage.ledger.log.lastPosition())
    _ = try AuditStore.takeOver(stage.audit.database, log, codec, upTo: last / 2, batch: 10)
    #expect(try stage.audit.position() == last / 2)
    #expect(try stage.audit.catchUp() == last)
    #expect(try stage.audit.check().isEqual)
  }

  @Test(
    "a row that somebody changed is found, and mended",
    arguments: [
      "UPDATE audit SET time = time + 1 WHERE position = 3", "DELETE FROM audit WHERE position = 2",
      "UPDATE term SET text = 'somebody' WHERE text = 'worker'", "DELETE FROM change WHERE position = 6",
      "UPDATE name SET value = 'x' || value", "DELETE FROM person_word", "INSERT INTO event_word VALUES ('x', 1)",
      "UPDATE subject SET shown = 'x'",
    ])
  func changed(sql: String) async throws {
    let stage = try await AuditPlace(seed: 3)
    try stage.audit.catchUp()
    try await stage.audit.database.write { try $0.execute(sql: sql) }
    #expect(try !stage.audit.check().isEqual)
    #expect(try !stage.audit.rebuild().isEqual)
    #expect(try stage.audit.check().isEqual)
  }

  @Test("whoever is erased while rows are compared is no difference, and a changed row is one all the same")
  func erasedMeanwhile() async throws {
    let stage = try await AuditPlace(seed: 32)
    let size = try stage.audit.catchUp()
    try stage.ledger.views.catchUp()
    let person = try #require(try stage.ledger.views.people().people.first { $0.user?.id.isEmpty == false })
    let erased = SubjectErased(reason: try #require(ErasureReason("other")), forced: [], events: 1, calls: 0)
    // The log says so, and nothing of it is carried out yet.
    try await stage.ledger.append([Event(.user(person.alias), .subjectErased(erased))], actor: "test")
    let check = try stage.audit.check()
    #expect(check.isEqual && check.position == size)
    try await stage.audit.database.write { try $0.execute(sql: "UPDATE audit SET time = time + 1 WHERE position = 3") }
    #expect(try !stage.audit.check().isEqual)
    #expect(try !stage.audit.rebuild().isEqual)
    #expect(try stage.audit.rebuild().isEqual)
  }

  @Test("rows of events that the log does not hold are kept, and said so")
  func ahead() async throws {
    let stage = try await AuditPlace(seed: 3)
    try stage.audit.catchUp()
    try await stage.audit.database.write { try $0.execute(sql: "UPDATE checkpoint SET position = position + 1") }
    for act in [
      { try stage.audit.catchUp() },
      {
        _ = try stage.audit.check(); return 0
      },
    ] as [() throws -> Int64] {
      #expect(fault { _ = try act() }?.code == .viewsAhead)
    }
  }

  @Test("its files are for the owner's eyes only, and where nothing can be written it is made in memory")
  func files() async throws {
    let stage = try await AuditPlace(seed: 3)
    try stage.audit.catchUp()
    let path = "\(stage.place.folder)/audit.sqlite"
    for file in [path, path + "-wal", path + "-shm"] { #expect(try stage.place.permissions(file) == 0o600) }
    let rows = try stage.all()
    let (log, codec) = (stage.ledger.log, stage.ledger.codec)
    for place in [path, "\(stage.place.root)/none.sqlite"] {
      let fixed = try AuditStore(fixed: place, log: log, codec: codec)
      #expect(try fixed.page(AuditQuery(), AuditPaging(limit: 9999, isOldestFirst: true)).entries == rows)
      #expect(try fixed.check().isEqual)
    }
    #expect(!FileManager.default.fileExists(atPath: "\(stage.place.root)/none.sqlite"))
  }
}
