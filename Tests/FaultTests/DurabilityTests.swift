import Base
import EventLog
import Foundation
import GRDB
import Provisioning
import Sealing
import Testing

/// What is acknowledged was synchronised before.
@Suite struct DurabilityTests {
  @Test("each append is synchronised before it returns, on every writing connection")
  func syncs() async throws {
    let disk = try Disk()
    let author = Author()
    // The second makes nothing and finds a log; the third comes after a close.
    let (first, second) = (try disk.log(), try disk.log())
    func expectSynced(_ what: String, _ body: () async -> Void) async {
      let before = disk.calls(.sync, on: "ledger.sqlite-wal")
      await body()
      #expect(disk.calls(.sync, on: "ledger.sqlite-wal") > before, "\(what)")
      #expect(disk.unsynced("ledger.sqlite-wal") == 0, "\(what)")
    }
    for log in [first, second] {
      for turn in 0..<10 { await expectSynced("append \(turn)") { await author.append(1 + turn % 3, to: log) } }
      await expectSynced("group") { await author.appendTogether(callers: 8, to: log) }
      await expectSynced("large") {
        await author.attempt("large") {
          try await log.appendLarge { append in
            try append(StreamAppend(stream: "large", events: author.events(50)))
          }
        }
      }
    }
    try first.checkpointWAL()
    #expect(disk.unsynced("ledger.sqlite") == 0)
    await expectSynced("after a checkpoint") { await author.append(1, to: second) }
    try first.close()
    try second.close()
    #expect(disk.unsynced("ledger.sqlite") == 0)
    let third = try disk.log()
    await expectSynced("after a close") { await author.append(1, to: third) }
    #expect(author.problems == [] && author.failed.isEmpty)
  }

  @Test("keys are synchronised before they are handed out")
  func keys() throws {
    let disk = try Disk()
    for _ in 0..<2 {
      let keys = try disk.keys()
      for turn in 0..<10 {
        let before = disk.calls(.sync, on: "keys.sqlite")
        let made = try keys.subjects(for: ["\(turn)-\(before)"])
        #expect(made.count == 1)
        #expect(disk.calls(.sync, on: "keys.sqlite") > before)
        #expect(disk.unsynced() == 0)
      }
      _ = try keys.named("configuration")
      #expect(disk.unsynced() == 0)
    }
  }

  @Test("the disk itself: what a careless program writes is lost with the power")
  func carelessness() throws {
    let disk = try Disk()
    let path = disk.path + "/careless.sqlite"
    func open(_ synchronous: String) throws -> DatabaseQueue {
      var configuration = Configuration()
      // Not DELETE: a journal whose deletion a power loss takes back would take back the last transaction.
      configuration.prepareDatabase {
        try $0.execute(sql: "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=\(synchronous)")
      }
      return try DatabaseQueue(path: path, configuration: configuration)
    }
    do {
      let careful = try open("FULL")
      try careful.write { try $0.execute(sql: "CREATE TABLE row (x); INSERT INTO row VALUES (1)") }
      let careless = try open("OFF")
      try careless.write { try $0.execute(sql: "INSERT INTO row VALUES (2)") }
      #expect(try careless.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM row") } == 2)
      #expect(disk.unsynced("careless.sqlite") > 0)
    }
    let survivor = try disk.afterPowerLoss(survival: 0)
    let rows = try DatabaseQueue(path: survivor.path + "/careless.sqlite").read {
      try Int.fetchAll($0, sql: "SELECT x FROM row")
    }
    #expect(rows == [1])
  }
}
