import Base
import EventLog
import Foundation
import Provisioning
import Subprocess
import SystemPackage
import Testing

/// Eight writing processes that are slowed and killed at random, and a follower in a process of its own.
@Suite struct WriterTests {
  private static let slots = 8
  /// More events: PROVLEDGER_WRITER_EVENTS=200000.
  private static let events =
    ProcessInfo.processInfo.environment["PROVLEDGER_WRITER_EVENTS"].flatMap(Int.init) ?? 6000

  /// One line of processes, each of which takes over from the one that was killed.
  private struct Slot {
    let number: UInt64
    /// The position of each of its events that was acknowledged, in order.
    var positions: [Int64] = []
    var kills = 0
  }

  @Test(
    "a follower sees 1 to N: no gap, no repeat, no swap; what was acknowledged is there once", .timeLimit(.minutes(30)))
  func writersAndFollower() async throws {
    let disk = try Scratch()
    let each = Self.events / Self.slots
    let total = each * Self.slots
    // So that the follower finds a log.
    try disk.log().close()
    let started = ContinuousClock.now
    let slots = try await withThrowingTaskGroup(of: Slot?.self) { group in
      group.addTask {
        try await Self.follow(disk, total)
        return nil
      }
      for number in 0..<UInt64(Self.slots) { group.addTask { try await Self.write(disk, number, each) } }
      return try await group.reduce(into: [Slot]()) { if let slot = $1 { $0.append(slot) } }
    }
    let seconds = (ContinuousClock.now - started) / .seconds(1)
    let kills = slots.reduce(0) { $0 + $1.kills }
    print("\(total) events, \(kills) kills, \(Int(Double(total) / seconds)) events/s")
    #expect(kills > Self.slots)

    let log = try disk.log()
    let verification = try log.verify()
    #expect(verification.isSound && verification.size == total)
    var tree = CompactRange()
    var places: [EventID: Int64] = [:]
    var lines = try String(contentsOfFile: disk.followed, encoding: .utf8).split(separator: "\n")[...]
    #expect(lines.count == total)
    while case let batch = try log.read(from: tree.size + 1), !batch.isEmpty {
      for event in batch {
        let leaf = Merkle.leaf(event.entry)
        tree.append(leaf)
        places[event.id] = event.position
        #expect(lines.popFirst().map(String.init) == "\(event.position) \(event.id) \(leaf)")
      }
    }
    #expect(tree.size == total && places.count == total)
    #expect(tree.root == verification.root)
    #expect(try tree.root == log.head().root)
    for slot in slots {
      #expect(slot.positions.count == each)
      for (index, position) in slot.positions.enumerated() {
        #expect(try places[Self.id(slot.number, index)] == position, "event \(index) of slot \(slot.number)")
      }
    }
  }

  /// As `logwriter` names them.
  private static func id(_ slot: UInt64, _ index: Int) throws -> EventID {
    try #require(EventID(String(format: "00000000-0000-7000-8000-%04x%08x", slot, index)))
  }

  private static func executable() throws -> Executable {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return .path(FilePath(URL(fileURLWithPath: tests).deletingLastPathComponent().appending(path: "logwriter").path))
  }

  private static func follow(_ disk: Scratch, _ total: Int) async throws {
    let file = try FileDescriptor.open(
      FilePath(disk.followed), .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
    let result = try await Subprocess.run(
      try executable(), arguments: ["follow", disk.path, "\(total)"], input: .none,
      output: .fileDescriptor(file, closeAfterSpawningProcess: true), error: .string(limit: 10_000))
    #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
  }

  /// One process after the other, until all events of a slot are acknowledged.
  private static func write(_ disk: Scratch, _ number: UInt64, _ count: Int) async throws -> Slot {
    var random = SeededGenerator(seed: number &+ 20_261_124)
    var slot = Slot(number: number)
    while slot.positions.count < count {
      try await writeUntilKilled(
        disk, &slot, count, seed: random.next(), appends: Int.random(in: 1...max(2, count / 60), using: &random))
    }
    return slot
  }

  /// One process. Takes down what it has had acknowledged, and kills it after so many appends, or some more.
  private static func writeUntilKilled(
    _ disk: Scratch, _ slot: inout Slot, _ count: Int, seed: UInt64, appends: Int
  ) async throws {
    let result = try await Subprocess.run(
      try executable(),
      arguments: [
        "write", disk.path, "\(slot.number)", "\(slot.positions.count)", "\(count)", "\(seed)", "\(appends + 40)",
      ],
      input: .none, output: .sequence, error: .string(limit: 10_000)
    ) { execution in
      var positions: [Int64] = []
      var left = appends
      for try await line in execution.standardOutput.strings() {
        let numbers = line.split(whereSeparator: { $0 == " " || $0.isNewline }).compactMap { Int64($0) }
        guard let size = numbers.first, numbers.count == Int(size) + 1 else { continue }
        positions += numbers.dropFirst()
        left -= 1
        if left == 0 { try? execution.send(signal: .kill) }
      }
      return positions
    }
    slot.positions += result.closureResult
    switch result.terminationStatus {
    case .signaled: slot.kills += 1
    case .exited(let code):
      try #require(code == 0 && slot.positions.count == count, "slot \(slot.number): \(result.standardError)")
    }
  }
}

/// A folder that is gone when the test ends.
private final class Scratch: Sendable {
  let path: String
  var followed: String { path + "/followed" }

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "writers-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func log() throws -> Log {
    try Log(
      path: path + "/ledger.sqlite", lockPath: path + "/ledger.lock", origin: "example.org/test", clock: { moment },
      logger: quiet)
  }
}
