import Base
import EventLog
import Foundation
import Provisioning
import Sealing
import TestSupport
import Testing
import Views

@testable import Backup
@testable import Ledger

@Suite("Drills of a rebuild")
struct RebuildDrillTests: BackupStage {
  let place: TestLedger
  let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  private func drill(_ source: DrillSource) async throws -> Rebuilt { try await ledger.drill(source, logger: quiet) }

  private func isTidy() throws -> Bool { try !names(place.folder).contains { $0.hasPrefix("proof-") } }

  @Test("from its own log and keys the ledger comes back equal, and nothing is left of the try")
  func own() async throws {
    try await live(41)
    let rebuilt = try await drill(.ledger)
    #expect(rebuilt.isDrill && rebuilt.isEqual && rebuilt.source == .ledger && rebuilt.lost == ["log.key"])
    #expect(try rebuilt.size == ledger.log.lastPosition() && rebuilt.views == ledger.views.digest(at: rebuilt.size))
    #expect(try isTidy())
    let event = rebuilt.event
    #expect(event.isDrill && event.isEqual && event.events == rebuilt.size && event.lost == ["log.key"])
  }

  @Test("from a backup, and from tiles, it is equal too, also when somebody was erased since")
  func kept() async throws {
    try await live(42)
    let backup = try await ledger.backUp(to: backupFolder)
    let folder = "\(place.root)/tiles"
    try Tiles(of: ledger.log, in: folder).write(try await ledger.checkpoint())
    try await erase(try somebody().alias, in: ledger)
    for (source, word) in [
      (DrillSource.backup(backup), LedgerRebuilt.Source.backup), (.tiles(try PublishedTiles(in: folder)), .tiles),
    ] {
      let rebuilt = try await drill(source)
      #expect(try rebuilt.isEqual && rebuilt.source == word && rebuilt.size < ledger.log.lastPosition())
    }
    #expect(try isTidy())
  }

  @Test("a ledger whose own keys have gone is told from its backup: the drill says that they differ")
  func differs() async throws {
    try await live(43)
    let backup = try await ledger.backUp(to: backupFolder)
    try ledger.keys.erase([try somebody().alias])
    let rebuilt = try await drill(.backup(backup))
    #expect(!rebuilt.isEqual && !rebuilt.event.isEqual)
    #expect(try isTidy())
  }

  @Test("another ledger's backup or tiles are refused")
  func foreign() async throws {
    try await live(44, rounds: 1)
    let other = try TestLedger()
    let theirs = try other.open()
    var history = History(other, theirs, seed: 45)
    try await history.live(rounds: 1)
    let backup = try await theirs.backUp(to: "\(other.root)/backup")
    #expect(await fault { _ = try await drill(.backup(backup)) }?.code == .backupForeign)
    let folder = "\(other.root)/tiles"
    try Tiles(of: theirs.log, in: folder).write(try await theirs.checkpoint())
    let tiles = try PublishedTiles(in: folder)
    #expect(await fault { _ = try await drill(.tiles(tiles)) }?.code == .noteUnsigned)
    #expect(try isTidy())
  }
}
