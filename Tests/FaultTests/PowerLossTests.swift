import Base
import EventLog
import Foundation
import JSON
import Provisioning
import Sealing
import Testing

/// The power goes at the n-th call to the disk; what was not synchronised is lost, whole or in sectors.
@Suite(.timeLimit(.minutes(20)))
struct PowerLossTests {
  /// More seeds: PROVLEDGER_SEEDS=2000.
  static let seeds = ProcessInfo.processInfo.environment["PROVLEDGER_SEEDS"].flatMap(UInt64.init) ?? 40

  @Test("at every call while a log is made and gets its first events", arguments: [0, 50, 100])
  func creation(survival: Int) async throws {
    var call = 0
    var isCut = true
    while isCut {
      call += 1
      let disk = try Disk(seed: UInt64(call), survival: survival)
      let author = Author()
      disk.fail(.all, from: call)
      if let log = await author.attempt("open", { try disk.log() }) {
        for count in [1, 2, 300] { await author.append(count, to: log) }
        await author.attempt("checkpoint") { try log.checkpointWAL() }
        await author.append(1, to: log)
        await author.attempt("close") { try log.close() }
      }
      isCut = disk.failures > 0
      let survivor = try disk.afterPowerLoss(seed: UInt64(call), survival: survival)
      let log = try survivor.log()
      #expect(try author.complaints(about: log) == [], "call \(call)")
      await author.append(1, to: log)
      #expect(author.problems == [])
      survivor.mend()
    }
    #expect(call > 50)
  }

  @Test("from seeds, three times in a row: nothing acknowledged is lost, nothing is halved, and the log verifies")
  func seeds() async throws {
    for seed in 1...Self.seeds {
      var random = SeededGenerator(seed: seed)
      let survivals = [0, 50, 90, 100]
      var disk = try Disk(seed: seed, survival: survivals[Int(seed % 4)])
      let author = Author()
      for loss in 1...3 {
        disk.fail(.all, from: Int.random(in: 1...(loss == 1 ? 400 : 200), using: &random))
        await write(disk, author, &random)
        disk.fail(.all)
        disk = try disk.afterPowerLoss(seed: seed, survival: survivals.randomElement(using: &random) ?? 0)
        let complaints = try disk.complaints(of: author)
        #expect(complaints == [], "seed \(seed), loss \(loss)")
        if !complaints.isEmpty { break }
      }
      let log = try disk.log()
      await author.retry(log)
      #expect(author.failed.isEmpty)
      #expect(try author.complaints(about: log) == [], "seed \(seed), the end")
      disk.mend()
    }
  }

  /// Opens, appends, closes, again and again until the power is gone.
  private func write(_ disk: Disk, _ author: Author, _ random: inout SeededGenerator) async {
    for _ in 0..<3 {
      guard let log = await author.attempt("open", { try disk.log() }) else { return }
      for _ in 0..<8 {
        switch Int.random(in: 0..<8, using: &random) {
        case 0...2: await author.append(1, "s/\(Int.random(in: 0..<4, using: &random))", to: log)
        case 3: await author.append(Int.random(in: 2...300, using: &random), to: log)
        case 4: await author.appendTogether(callers: 8, to: log)
        case 5: await author.attempt("checkpoint") { try log.checkpointWAL() }
        case 6:
          await author.append(
            [.init(stream: "a", events: author.events(2)), .init(stream: "b", events: author.events(2))], to: log)
        default: await author.attempt("read") { try log.read(limit: 50) }
        }
        if disk.failures > 0 { return }
      }
      if Bool.random(using: &random) { await author.attempt("close") { try log.close() } }
    }
  }

  @Test("a process dies at the n-th call, another is told that its retry is there already, and the power goes")
  func killThenPowerLoss() async throws {
    var call = 0
    var isCut = true
    while isCut {
      call += 1
      let disk = try Disk(seed: UInt64(call), survival: 0)
      let author = Author()
      let log = try disk.log()
      await author.append(5, to: log)
      disk.fail(.all, from: call)
      await author.append(2, to: log)
      await author.appendTogether(callers: 3, to: log)
      isCut = disk.failures > 0
      disk.fail(.all)
      let second = try disk.afterKill(seed: UInt64(call), survival: 0)
      let reopened = try second.log()
      await author.retry(reopened)
      #expect(author.failed.isEmpty)
      second.fail(.all)
      let third = try second.afterPowerLoss(seed: UInt64(call), survival: 0)
      #expect(try third.complaints(of: author) == [], "call \(call)")
    }
    #expect(call > 5)
  }

  // MARK: Keys

  /// Makes people, and an event of each that is sealed under the person's key, in the order of the ledger.
  private func record(_ people: Range<Int>, _ disk: Disk, _ author: Author) async -> [String: String] {
    var aliases: [String: String] = [:]
    let allowed = Author.inputOutput.union([.keysUnreadable, .keysFull, .keysBusy, .keysReadOnly])
    guard let log = await author.attempt("open", allowing: allowed, { try disk.log() }),
      let keys = await author.attempt("keys", allowing: allowed, { try disk.keys() })
    else { return [:] }
    for person in people {
      let id = "person-\(person)"
      guard let subject = await author.attempt("subject", allowing: allowed, { try keys.subjects(for: [id])[id] }),
        let subject
      else { continue }
      aliases[id] = subject.alias
      await author.attempt("seal") {
        var event = author.events(1)[0]
        event.subject = subject.alias
        event.data = try Sealer.seal(
          JSONObject(present: [("id", .string(id))]), for: subject, stream: "people", event: event.id)
        await author.append([StreamAppend(stream: "people", events: [event])], to: log, allowed)
      }
    }
    return aliases
  }

  @Test(
    "at every call while people are recorded: no sealed event without its key, no alias that changes",
    arguments: [(0, 0), (0, 1), (50, 0)])
  func keysAndLog(survival: Int, parity: Int) async throws {
    var call = 0
    var isCut = true
    while isCut {
      call += 1
      let disk = try Disk(seed: UInt64(call), survival: survival)
      let author = Author()
      disk.fail(.all, from: call)
      let aliases = await record(0..<2, disk, author)
      isCut = disk.failures > 0
      disk.fail(.all)
      // At every other call a second process goes on before the power goes.
      var cut = disk
      var later: [String: String] = [:]
      if call % 2 == parity {
        cut = try disk.afterKill(seed: UInt64(call), survival: survival)
        // With as many people as before it may find all of them, and have nothing to write.
        let people = survival == 0 ? 0..<2 : 0..<3
        later = await record(people, cut, author)
        #expect(later.count == people.count)
        cut.fail(.all)
      }
      let survivor = try cut.afterPowerLoss(seed: UInt64(call), survival: survival)
      let (log, keys) = (try survivor.log(), try survivor.keys())
      #expect(try author.complaints(about: log) == [], "call \(call)")
      for (id, alias) in aliases.merging(later, uniquingKeysWith: { _, new in new }) {
        #expect(try keys.alias(of: id) == alias, "call \(call), survival \(survival)")
      }
      for event in try log.read() {
        let envelope = try event.envelope()
        let opened = try keys.open(envelope.data, stream: event.stream, event: event.id)
        #expect(opened != .erased, "call \(call), survival \(survival): event \(event.position)")
      }
      survivor.mend()
    }
    #expect(call > 50)
  }
}
