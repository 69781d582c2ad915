import Base
import Foundation
import GRDB
import LogSupport
import Testing

@testable import EventLog

/// What goes wrong outside ends in a typed error, and the log goes on when the cause is gone.
@Suite struct LogFailureTests {
  private func fault(_ body: () async throws -> Void) async -> FaultCode? {
    do {
      try await body()
      return nil
    } catch {
      return (error as? Fault)?.code
    }
  }

  @Test func fullDiskFailsTheGroupAndLeavesTheLogUsable() async throws {
    let folder = try Folder()
    let log = try folder.open()
    try await log.append([.init(stream: "s", events: events(250))])
    let head = try log.head()
    try await log.limitPages(toPresent: true)
    // It crosses the edge of a tile, so that the tree in memory must go back as well.
    let codes = await withTaskGroup(of: FaultCode?.self) { group in
      for caller in 0..<20 {
        group.addTask {
          await fault { try await log.append([.init(stream: "full/\(caller)", events: events(100))]) }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(codes.contains(.logFull))
    #expect(codes.allSatisfy { $0 == .logFull || $0 == nil })
    try await log.limitPages(toPresent: false)
    let taken = codes.filter { $0 == nil }.count
    #expect(try log.lastPosition() == 250 + 100 * Int64(taken))
    if taken == 0 { #expect(try log.head() == head) }
    try await log.append([.init(stream: "s", expectation: .version(250), events: events(50))])
    #expect(try log.verify().isSound)
  }

  @Test("what cannot be opened or read is told as no room only where the disk has none", arguments: [true, false])
  func wantOfRoom(isShort: Bool) {
    let codes: [ResultCode] = [.SQLITE_IOERR, .SQLITE_IOERR_SHMSIZE, .SQLITE_CANTOPEN]
    for error in codes.map({ DatabaseError(resultCode: $0) }) {
      let isForRoom = DatabaseFaults.isForWantOfRoom(error, at: "/ledger/views.sqlite") { $0 == "/ledger" && isShort }
      #expect(isForRoom == isShort)
    }
    let others: [any Error] = [DatabaseError(resultCode: .SQLITE_CORRUPT), StoreDamage("a")]
    let told = others.filter { DatabaseFaults.isForWantOfRoom($0, at: "a") { _ in isShort } }
    #expect(told.isEmpty)
    let full = DatabaseFaults.isForWantOfRoom(DatabaseError(resultCode: .SQLITE_FULL), at: "a") { _ in isShort }
    #expect(full)
  }

  @Test func readOnlyLogRefusesAppends() async throws {
    let folder = try Folder()
    #expect(await fault { _ = try folder.open(readOnly: true) } == .logMissing)
    let writer = try folder.open()
    try await writer.append([.init(stream: "s", events: events(2))])
    let log = try folder.open(readOnly: true)
    #expect(try log.read().count == 2)
    #expect(await fault { try await log.append([.init(stream: "s", events: events(1))]) } == .logReadOnly)
    #expect(await fault { try await log.appendLarge { _ in } } == .logReadOnly)
    #expect(try log.verify().isSound)
    try log.checkpointWAL()
    try log.close()
  }

  @Test func anotherProgramThatHoldsTheDatabaseIsABusyError() async throws {
    let folder = try Folder()
    let log = try folder.open()
    try await log.append([.init(stream: "s", events: events(1))])
    try await log.setPatience(milliseconds: 20)
    // Somebody who knows nothing of the lock file.
    let shell = try folder.shell()
    try shell.run("BEGIN IMMEDIATE")
    #expect(await fault { try await log.append([.init(stream: "s", events: events(1))]) } == .logBusy)
    #expect(try log.lastPosition() == 1)
    try shell.run("ROLLBACK")
    #expect(try await log.append([.init(stream: "s", events: events(1))]) == [2])
  }

  @Test func newerLogIsRefusedAndLeftAlone() async throws {
    let folder = try Folder()
    try await folder.open().append([.init(stream: "s", events: events(1))])
    try folder.shell().run("INSERT INTO grdb_migrations (identifier) VALUES ('0002_later')")
    for readOnly in [false, true] {
      #expect(await fault { _ = try folder.open(readOnly: readOnly) } == .logNewer)
    }
    #expect(try folder.shell().run { try Int.fetchOne($0, sql: "SELECT count(*) FROM event") } == 1)
  }

  @Test func filesThatAreNoLog() async throws {
    let folder = try Folder()
    try Data(repeating: 0x41, count: 5000).write(to: URL(filePath: folder.log))
    #expect(await fault { _ = try folder.open() } == .logDamaged)
    #expect(await fault { _ = try folder.open(readOnly: true) } == .logDamaged)
    let nowhere = folder.path + "/none/ledger"
    #expect(
      await fault {
        _ = try Log(
          path: nowhere, lockPath: nowhere, origin: "x", clock: { moment }, logger: quiet)
      } == .logLock)
    #expect(
      await fault {
        _ = try Log(
          path: nowhere, lockPath: folder.lock, origin: "x", clock: { moment }, logger: quiet)
      } == .logUnreadable)
  }

  @Test func aDatabaseOfSomethingElseIsNotALog() async throws {
    let folder = try Folder()
    try folder.shell().run("CREATE TABLE other (x); INSERT INTO other VALUES (1)")
    for readOnly in [false, true] {
      #expect(await fault { _ = try folder.open(readOnly: readOnly) } == .logDamaged)
    }
    #expect(try folder.shell().run { try String.fetchAll($0, sql: "SELECT name FROM sqlite_master") } == ["other"])
  }

  @Test(.timeLimit(.minutes(10))) func appendsBesideACloseEitherLastOrFail() async throws {
    let folder = try Folder()
    let (log, other) = (try folder.open(), try folder.open())
    let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
      for caller in 0..<100 {
        group.addTask {
          let code = await fault { try await log.append([.init(stream: "s/\(caller)", events: events(1))]) }
          #expect(code == nil || code == .logClosed)
          return code == nil
        }
        group.addTask {
          try await other.append([.init(stream: "t/\(caller)", events: events(1))])
          if caller == 20 { try log.close() }
          return true
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(try other.lastPosition() == Int64(taken))
    #expect(try other.verify().isSound)
  }

  @Test func overwrittenPagesNeverTrap() async throws {
    for seed in 1...12 {
      let folder = try Folder()
      let log = try folder.open()
      try await log.append([.init(stream: "s", events: events(400))])
      try log.close()
      var bytes = try Data(contentsOf: URL(filePath: folder.log))
      var random = UInt64(seed)
      for _ in 0..<40 {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let start = 100 + Int(random >> 20) % (bytes.count - 400)
        bytes.replaceSubrange(start..<start + 200, with: repeatElement(UInt8(truncatingIfNeeded: random), count: 200))
      }
      try bytes.write(to: URL(filePath: folder.log))
      do {
        let damaged = try folder.open(readOnly: true)
        #expect(try !damaged.verify().isSound)
        _ = try? damaged.read()
      } catch let fault as Fault {
        #expect(fault.code.exit == .io)
      }
    }
  }
}
