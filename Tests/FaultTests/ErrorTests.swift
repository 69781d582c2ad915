import Base
import EventLog
import Foundation
import Provisioning
import Sealing
import Testing

/// One call to the disk fails, or all from some moment on: every such call of a day's work, one after the other.
@Suite(.timeLimit(.minutes(20)))
struct ErrorTests {
  struct Error: CustomTestStringConvertible, Sendable {
    var calls: Disk.Calls
    /// SQLite's code; 0 is the I/O error of the call itself.
    var code: Int32 = 0
    var isLasting: Bool

    var testDescription: String { "\(calls) \(isLasting ? "from the n-th on" : "the n-th") code \(code)" }
  }

  /// 13 is SQLITE_FULL.
  static let codes: [(Disk.Calls, Int32)] = [
    (.open, 0), (.read, 0), (.write, 0), (.write, 13), (.truncate, 0), (.sync, 0), (.size, 0), (.lock, 0),
    (.shmMap, 0), (.shmLock, 0), (.delete, 0), (.access, 0),
  ]
  static let errors = codes.flatMap { calls, code in
    [false, true].map { Error(calls: calls, code: code, isLasting: $0) }
  }

  /// A log with 250 events that a day's work begins with.
  private func begun() async throws -> (Disk, Author) {
    let (disk, author) = (try Disk(), Author())
    let log = try disk.log()
    await author.append(50, "other", to: log)
    await author.append(200, to: log)
    try log.close()
    return (disk, author)
  }

  /// Open, append one by one, in a batch and together, read, verify, checkpoint, close.
  private func day(_ disk: Disk, _ author: Author) async -> Log? {
    guard let log = await author.attempt("open", { try disk.log() }) else { return nil }
    for _ in 0..<2 { await author.append(1, to: log) }
    await author.append(
      [.init(stream: "a", events: author.events(20)), .init(stream: "b", events: author.events(1))], to: log)
    await author.appendTogether(callers: 8, to: log)
    await author.attempt("read") { try log.read(from: 100, limit: 100) }
    await author.attempt("verify") { if try !log.verify().isSound { author.note("not sound") } }
    await author.attempt("checkpoint") { try await author.sign(log) }
    await author.attempt("checkpoint of the WAL") { try log.checkpointWAL() }
    await author.append(1, to: log)
    await author.attempt("head") { try log.head() }
    return log
  }

  @Test(
    "an I/O error or a full disk at the n-th call of its kind, for every n",
    arguments: errors.filter { $0.calls != .delete })
  func everyCall(error: Error) async throws {
    let (origin, _) = try await begun()
    var (call, quiet) = (0, 0)
    // The callers' tasks take turns as they like, so the number of calls varies a little.
    while quiet < 2 {
      call += 1
      let disk = try origin.afterKill(seed: UInt64(call))
      let author = Author()
      try await author.adopt(disk)
      let closing = call.isMultiple(of: 3)
      disk.fail(error.calls, from: call, count: error.isLasting ? .max : 1, as: error.code)
      var log = await day(disk, author)
      if closing, let open = log {
        // A close that failed may be tried again; one that did not leaves nothing to try.
        if await author.attempt("close", { try open.close() }) != nil { log = nil }
      }
      quiet = disk.failures == 0 ? quiet + 1 : 0
      disk.mend()
      let place = "\(error.testDescription), n = \(call)"
      // The cause is gone: the same object goes on, or, where it could not be opened, a new one.
      let same = try log ?? disk.log()
      #expect(await author.append(2, to: same), "\(place): goes on")
      #expect(try author.complaints(about: same) == [], "\(place)")
      // Also what the notes state.
      try await author.sign(same)
      try same.checkpointWAL()
      try same.close()
      // What was acknowledged was on the disk, whatever had failed before.
      let survivor = try disk.afterPowerLoss(survival: 0)
      #expect(try survivor.complaints(of: author, isVerified: false) == [], "\(place): after a power loss")
      #expect(call < 3000)
    }
    #expect(call > 2)
  }

  @Test("the same while a log is made", arguments: errors)
  func creation(error: Error) async throws {
    var (call, quiet) = (0, 0)
    while quiet < 2 {
      call += 1
      let (disk, author) = (try Disk(seed: UInt64(call)), Author())
      disk.fail(error.calls, from: call, count: error.isLasting ? .max : 1, as: error.code)
      let log = await author.attempt("open") { try disk.log() }
      if let log { await author.append(1, to: log) }
      quiet = disk.failures == 0 ? quiet + 1 : 0
      disk.mend()
      let place = "\(error.testDescription), n = \(call)"
      let same = try log ?? disk.log()
      #expect(await author.append(2, to: same), "\(place)")
      #expect(try author.complaints(about: same) == [], "\(place)")
    }
    #expect(call > 2)
  }

  @Test("errors while keys are made: typed, and the keys go on", arguments: errors)
  func keys(error: Error) async throws {
    let allowed: Set<FaultCode> = [.keysUnreadable, .keysFull, .keysBusy, .keysReadOnly]
    var (call, quiet) = (0, 0)
    while quiet < 2 {
      call += 1
      let (disk, author) = (try Disk(seed: UInt64(call)), Author())
      disk.fail(error.calls, from: call, count: error.isLasting ? .max : 1, as: error.code)
      var aliases: [String: String] = [:]
      let keys = await author.attempt("open", allowing: allowed) { try disk.keys() }
      for person in ["a", "b", "c"] {
        guard let keys else { continue }
        let subject = await author.attempt("subject", allowing: allowed) { try keys.subjects(for: [person])[person] }
        if let subject, let subject { aliases[person] = subject.alias }
      }
      quiet = disk.failures == 0 ? quiet + 1 : 0
      disk.mend()
      let place = "\(error.testDescription), n = \(call)"
      let same = try keys ?? disk.keys()
      let all = try same.subjects(for: ["a", "b", "c", "d"])
      for (person, alias) in aliases { #expect(all[person]?.alias == alias, "\(place)") }
      #expect(author.problems == [], "\(place)")
      let survivor = try disk.afterPowerLoss(survival: 0)
      let kept = try survivor.keys()
      for (person, subject) in all { #expect(try kept.alias(of: person) == subject.alias, "\(place)") }
      survivor.mend()
    }
  }

  @Test("a file that cannot be written: reading goes on, appends say so, and go on when it can")
  func readOnly() async throws {
    let (origin, _) = try await begun()
    let disk = try origin.afterKill()
    let author = Author()
    try await author.adopt(disk)
    let log = try disk.log()
    disk.makeReadOnly()
    #expect(await !author.append(1, to: log))
    #expect(try log.verify().isSound)
    #expect { _ = try disk.log() } throws: { ($0 as? Fault)?.code == .logReadOnly }
    #expect(try disk.log(readOnly: true).verify().isSound)
    disk.mend()
    #expect(await author.append(1, to: log))
    #expect(try author.complaints(about: log) == [])
  }

  @Test("a page that reads as something else: found, typed, and never more than that", arguments: 0..<4)
  func garbledPages(kind: Int) async throws {
    let (origin, _) = try await begun()
    let pages = try Int(origin.size("ledger.sqlite")) / 8192
    #expect(pages > 20)
    let allowed = Author.inputOutput.union([.logDamaged, .entryUnreadable, .logNewer])
    var unseen: [Int] = []
    for page in 0..<pages {
      let disk = try origin.afterKill()
      let author = Author()
      try await author.adopt(disk)
      disk.garble(page: page, kind)
      let reader = await author.attempt("open", allowing: allowed) { try disk.log(readOnly: true) }
      let verification = await author.attempt("verify", allowing: allowed) { try reader?.verify() }
      if let verification, let verification, verification.isSound { unseen.append(page) }
      await author.attempt("read", allowing: allowed) { try reader?.read() }
      await author.attempt("head", allowing: allowed) { try reader?.head() }
      if let log = await author.attempt("open", allowing: allowed, { try disk.log() }) {
        await author.append([.init(stream: "s", events: author.events(3))], to: log, allowed)
        await author.append([.init(stream: "new", events: author.events(3))], to: log, allowed)
        await author.attempt("close", allowing: allowed) { try log.close() }
      }
      disk.mend()
      #expect(author.problems == [], "page \(page)")
      // What was read wrong may have been written back; then it is found.
      if let log = await author.attempt("open", allowing: allowed, { try disk.log() }) {
        let isSound = await author.attempt("verify", allowing: allowed) { try log.verify().isSound } ?? false
        if isSound { #expect(try author.complaints(about: log) == [], "page \(page)") }
      }
    }

    #expect(unseen.count <= 6, "pages that verify did not miss: \(unseen)")
  }
}

extension Disk {
  /// What is wrong with the log that lies here.
  func complaints(of author: Author, isVerified: Bool = true) throws -> [String] {
    try author.complaints(about: log(), isVerified: isVerified)
  }

  func size(_ name: String) throws -> Int {
    (try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.size] as? NSNumber)?.intValue ?? 0
  }
}

extension Author {
  /// Takes what is on the disk already for its own.
  func adopt(_ disk: Disk) async throws {
    let log = try disk.log(readOnly: true)
    var appends: [Append] = []
    while case let batch = try log.read(from: Int64(appends.count + 1)), !batch.isEmpty {
      for event in batch {
        let known = NewEvent(id: event.id, type: event.type, occurred: moment, actor: "test", data: [])
        appends.append(
          Append(appends: [.init(stream: event.stream, events: [known])], positions: [event.position]))
      }
    }
    try log.close()
    add(appends)
  }
}
