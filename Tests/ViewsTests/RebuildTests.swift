import Base
import EventLog
import Foundation
import GRDB
import Ledger
import Operations
import Provisioning
import Sealing
import TestSupport
import Testing

@testable import Views

@Suite("Views: rebuilt from the log they are the same")
struct RebuildTests {
  let place: TestLedger
  let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  func live(_ seed: UInt64, rounds: Int = 6) async throws {
    var history = History(place, ledger, seed: seed)
    try await history.live(rounds: rounds)
  }

  func run(_ sql: String) throws {
    try ledger.views.database.write { try $0.execute(sql: sql) }
  }

  @Test("after any history", arguments: UInt64(1)...6)
  func anyHistory(seed: UInt64) async throws {
    try await live(seed)
    let comparison = try ledger.views.check()
    #expect(comparison.isEqual && comparison.live == comparison.rebuilt)
    #expect(try comparison.position == ledger.log.lastPosition())
    #expect(comparison.position > 60)
    #expect(try !ledger.views.people().people.isEmpty)
  }

  @Test("however the events were cut into batches", arguments: [1, 2, 7, 31])
  func batches(size: Int) async throws {
    try await live(20)
    let whole = try ledger.views.check().live
    let views = try ViewStore(path: "\(place.root)/cut.sqlite", log: ledger.log, codec: ledger.codec)
    let last = try ledger.log.lastPosition()
    while try ViewStore.project(batch: size, from: ledger.log, ledger.codec, into: views.database) < last {}
    let cut = try views.check()
    #expect(cut.isEqual)
    #expect(cut.live == whole)
  }

  @Test(
    "however many people one transaction takes over",
    arguments: [(1, 1), (2, 5), (7, 3), (31, 100), (ViewStore.batch, ViewStore.mostPeople)])
  func many(size: Int, people: Int) async throws {
    try await live(25)
    let whole = try ledger.views.check().live
    let views = try ViewStore(path: "\(place.root)/many.sqlite", log: ledger.log, codec: ledger.codec)
    let last = try ledger.log.lastPosition()
    while try views.projectMany(upTo: last, batch: size, people: people) < last {}
    #expect(try views.projectMany(upTo: last, batch: size, people: people) == last)
    let many = try views.check()
    #expect(many.isEqual && many.live == whole)
  }

  @Test("a long first cycle is taken over beside the live views, which have all indexes then; two at once do it once")
  func first() async throws {
    let people = (0..<4_200).map { Exported("p\($0)") }
    let path = try place.write("export.csv", Export.csv(people))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
    let shared = "\(place.root)/first.sqlite"
    let (log, codec, last) = (ledger.log, ledger.codec, try ledger.log.lastPosition())
    try #require(last > ViewStore.many)
    try await withThrowingTaskGroup(of: Int64.self) { group in
      for _ in 0..<2 {
        group.addTask { try ViewStore(path: shared, log: log, codec: codec).catchUp() }
      }
      for try await reached in group { #expect(reached == last) }
    }
    let views = try ViewStore(path: shared, log: log, codec: codec)
    #expect(try views.check().isEqual && views.people(withObjectIDs: ["p4199"]).count == 1)
    func indexes(_ views: ViewStore) throws -> [String] {
      try views.database.read {
        try String.fetchAll($0, sql: "SELECT name || ifnull(sql, '') FROM sqlite_master ORDER BY 1")
      }
    }
    #expect(try indexes(views) == indexes(ledger.views))
  }

  @Test("two who open and project one file at once give the same rows")
  func together() async throws {
    try await live(30)
    let whole = try ledger.views.check().live
    let path = "\(place.root)/shared.sqlite"
    let (log, codec, last) = (ledger.log, ledger.codec, try ledger.log.lastPosition())
    try await withThrowingTaskGroup(of: Void.self) { group in
      for size in [1, 2, 3, 5] {
        group.addTask {
          let views = try ViewStore(path: path, log: log, codec: codec)
          while try ViewStore.project(batch: size, from: log, codec, into: views.database) < last {
            _ = try views.projectMany(upTo: last, batch: size, people: 1)
          }
        }
      }
      try await group.waitForAll()
    }
    let shared = try ViewStore(path: path, log: ledger.log, codec: ledger.codec).check()
    #expect(shared.isEqual && shared.live == whole)
  }

  @Test("many who open views that are not there make them once", arguments: 0..<12)
  func made(round: Int) async throws {
    let path = "\(place.root)/new.sqlite"
    let (log, codec) = (ledger.log, ledger.codec)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<6 {
        group.addTask { try ViewStore(path: path, log: log, codec: codec).close() }
      }
      try await group.waitForAll()
    }
    #expect(try ViewStore(path: path, log: log, codec: codec).check().isEqual)
  }

  @Test("readers go on while they are rebuilt, and see whole rows")
  func readers() async throws {
    try await live(40, rounds: 4)
    let views = ledger.views
    try views.catchUp()
    let (people, position) = try views.people()
    let (rebuilds, reads) = (Counter(), Counter())
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        while rebuilds.count < 10 || reads.count == 0 {
          let seen = try views.people()
          #expect(seen.people == people && seen.position == position)
          #expect(try views.deliveries(limit: 5).count == 5)
          reads.add()
          await Task.yield()
        }
      }
      for _ in 0..<10 {
        #expect(try views.rebuild().isEqual)
        rebuilds.add()
      }
      try await group.waitForAll()
    }
    #expect(reads.count > 0)
  }

  @Test("a log that grows during a comparison does not hinder it")
  func growingLog() async throws {
    try await live(50, rounds: 2)
    let ledger = ledger
    let calls = Counter()
    // On a thread of its own, since the callback has to wait for an append.
    let comparison = try await withCheckedThrowingContinuation {
      (answer: CheckedContinuation<ViewStore.Comparison, any Error>) in
      Thread.detachNewThread {
        answer.resume(
          with: Result {
            try ledger.views.check { _ in
              guard calls.add() == 0 else { return }
              let appended = DispatchSemaphore(value: 0)
              Task {
                try? await ledger.target(.quarantineLeft(QuarantineLeft(.probe)))
                appended.signal()
              }
              appended.wait()
            }
          })
      }
    }
    #expect(comparison.isEqual)
    #expect(try comparison.position == ledger.log.lastPosition())
  }

  @Test("several rebuild at once without harm")
  func rebuildsTogether() async throws {
    try await live(60, rounds: 2)
    let views = ledger.views
    try await withThrowingTaskGroup(of: ViewStore.Comparison.self) { group in
      for _ in 0..<4 { group.addTask { try views.rebuild() } }
      for try await comparison in group { #expect(comparison.isEqual) }
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: place.folder).filter { $0.contains("rebuild") }
        == ["views.sqlite.rebuild.lock"])
  }
}
