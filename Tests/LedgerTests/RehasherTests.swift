import Base
import EventLog
import Foundation
import GRDB
import Provisioning
import TestSupport
import Testing

@testable import Ledger

@Suite struct RehasherTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() async throws {
    place = try TestLedger()
    ledger = try place.open()
    let exported = ReportExported(name: "log", format: "ndjson", count: 1)
    try await ledger.append((0..<50).map { _ in Event(.operators, .reportExported(exported)) }, actor: "test")
    try await ledger.checkpoint()
  }

  /// Steps until a pass ends, and the pauses between them.
  private func pass(_ rehash: inout Rehash) throws -> [Duration] {
    var pauses: [Duration] = []
    let before = rehash.last
    while rehash.last == before {
      pauses.append(Rehasher(for: ledger, logger: quiet).step(&rehash))
      try #require(pauses.count < 100)
    }
    return pauses
  }

  @Test("a pass reads the whole log, is kept, and the next one waits for half of the configured hours")
  func pass() throws {
    var rehash = Rehash()
    let pauses = try pass(&rehash)
    #expect(pauses.allSatisfy { $0 <= .seconds(5) })
    #expect(rehash.last?.size == 50 && rehash.last?.findings == 0)
    #expect(try ledger.keptRehash()?.last == rehash.last)
    let rehasher = Rehasher(for: ledger, logger: quiet)
    #expect(rehasher.step(&rehash) == .seconds(60))
    place.clock.advance(.seconds(12 * 3600 - 10))
    #expect(rehasher.step(&rehash) == .seconds(10))
    place.clock.advance(.seconds(10))
    _ = rehasher.step(&rehash)
    #expect(rehash.progress != nil)
  }

  @Test("one that is cut off goes on where it was, also in another process, and a stranger's state is not believed")
  func cut() async throws {
    await Rehasher(for: ledger, logger: quiet).run { _ in throw CancellationError() }
    let kept = try #require(try ledger.keptRehash())
    #expect(kept.progress != nil && kept.last == nil)
    let count = Counter()
    await Rehasher(for: try place.open(), logger: quiet).run { _ in if count.add() > 20 { throw CancellationError() } }
    #expect(try ledger.keptRehash()?.last?.size == 50)
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: "\(place.folder)/rehash.state"))
    #expect(try ledger.keptRehash()?.last == nil)
  }

  @Test("what was changed is found, and kept for the status")
  func tampered() throws {
    let shell = try DatabaseQueue(path: place.log)
    try shell.write {
      try $0.execute(sql: "DROP TRIGGER event_no_update; UPDATE event SET entry = x'7b7d' WHERE position = 7")
    }
    var rehash = Rehash()
    _ = try pass(&rehash)
    #expect((rehash.last?.findings ?? 0) > 0)
    #expect(try ledger.keptRehash()?.last?.first?.hasPrefix("position 7") == true)
  }
}
