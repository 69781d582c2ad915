import Base
import EventLog
import Foundation
import GRDB
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing

@testable import Views

/// Snapshots make a question about the past faster, and must never change its answer.
@Suite("Snapshots of everybody")
struct ViewSnapshotTests {
  private let place: TestLedger
  private let ledger: OpenLedger
  /// Views of the same log that keep a snapshot every few events; those of the ledger keep none of so short a log.
  private let views: ViewStore

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
    views = try ViewStore(path: "\(place.root)/cut.sqlite", log: ledger.log, codec: ledger.codec, stretch: 16)
  }

  private func live(_ seed: UInt64, rounds: Int = 6, erasing: Bool = false) async throws {
    var history = History(place, ledger, seed: seed)
    for _ in 0..<rounds {
      try await history.live(rounds: 1, erasing: erasing, losing: true)
      try views.catchUp()
    }
  }

  private func expectSame(_ position: Int64, _ seed: UInt64 = 0) throws {
    // Without a snapshot, since everything is looked at.
    let folded = try ledger.views.people(at: position) { _, _ in }
    #expect(try views.people(at: position) == folded, "event \(position) of seed \(seed)")
    #expect(try views.at(position) { try $0.people().people } == folded, "event \(position) of seed \(seed)")
  }

  @Test(
    "everybody is as without them and as in views rebuilt up to there, also after erasures", arguments: UInt64(1)...8)
  func same(seed: UInt64) async throws {
    try await live(8000 + seed, erasing: true)
    let last = try views.catchUp()
    var random = SeededGenerator(seed: seed)
    let snapshots = views.shelf.positions
    #expect(!snapshots.isEmpty && snapshots.count <= 16)
    for position in snapshots + (0..<8).map({ _ in Int64.random(in: 0...last, using: &random) }) {
      try expectSame(position, seed)
    }
    #expect(views.shelf.positions == snapshots, "all of them were of use")
  }

  @Test("changes between two moments are as without them", arguments: UInt64(1)...4)
  func changes(seed: UInt64) async throws {
    try await live(8100 + seed, erasing: true)
    let last = try views.catchUp()
    for (start, end) in [(last / 3, last / 2), (last / 2, last), (last - 20, last)] {
      let (mine, theirs) = (try views.changes(from: start, to: end), try ledger.views.changes(from: start, to: end))
      #expect(mine.map(\.after) == theirs.map(\.after) && mine.map(\.before) == theirs.map(\.before))
    }
  }

  @Test("nobody stands in clear in one, and whoever was erased since cannot be opened")
  func sealed() async throws {
    try await live(8201)
    let people = try views.people().people
    let names = people.compactMap { $0.user?[.userPrincipalName] }
    let newest = try #require(views.shelf.positions.last)
    let beside = try Remnants.of(names, in: place.root).filter { $0.file.contains(".past-") }
    #expect(!names.isEmpty && beside.isEmpty)

    let before = try #require(try views.snapshot(upTo: newest))
    #expect(before.closed.isEmpty && before.people.count > 3)
    var history = History(place, ledger, seed: 8202)
    let gone = try #require(try await history.erase())
    #expect(before.people[gone] != nil)
    let after = try #require(try views.snapshot(upTo: newest))
    #expect(after.closed == [gone] && after.people[gone] == nil)
  }

  @Test("one that is cut, changed, or of another log is passed over and removed")
  func useless() async throws {
    try await live(8301)
    let newest = try #require(views.shelf.positions.last)
    let folded = try ledger.views.people(at: newest) { _, _ in }
    let url = URL(fileURLWithPath: views.shelf.file(newest))
    let whole = try Data(contentsOf: url)
    var changed = whole
    changed[whole.count - 40] ^= 1
    // A record that does not open is taken from the log.
    try changed.write(to: url)
    #expect(try views.snapshot(upTo: newest)?.closed.count == 1)
    #expect(try views.changes(from: newest, to: newest).isEmpty)
    for useless in [whole.dropLast(1), whole.dropLast(200), Data(), Data(whole.reversed())] {
      try useless.write(to: url)
      #expect(try views.snapshot(upTo: newest)?.position != newest)
      #expect(!views.shelf.positions.contains(newest))
      #expect(try views.people(at: newest) == folded)
    }
    let earlier = views.shelf.file(newest - 1)
    try whole.write(to: URL(fileURLWithPath: earlier))
    #expect(try views.snapshot(upTo: newest)?.position != newest - 1)
    #expect(!FileManager.default.fileExists(atPath: earlier))
  }

  @Test("where nothing can be written they are read, and none is made or removed")
  func readOnly() async throws {
    try await live(8401)
    let kept = views.shelf.positions
    let fixed = try ViewStore(fixed: "\(place.root)/cut.sqlite", log: ledger.log, codec: ledger.codec)
    defer { try? fixed.close() }
    try Data("x".utf8).write(to: URL(fileURLWithPath: views.shelf.file(1)))
    for position in kept + [1, 2] {
      #expect(try fixed.people(at: position) == ledger.views.people(at: position) { _, _ in })
    }
    #expect(fixed.shelf.positions == [1] + kept)
  }

  @Test("views that are replaced, and rows that a rebuild finds wrong, take them along")
  func dropped() async throws {
    try await live(8501)
    #expect(!views.shelf.positions.isEmpty)
    _ = try views.rebuild()
    #expect(!views.shelf.positions.isEmpty, "nothing was wrong")
    try await views.database.write { try $0.execute(sql: "UPDATE person SET status = 'erased'") }
    #expect(try !views.rebuild().isEqual)
    #expect(views.shelf.positions.isEmpty)
  }
}
