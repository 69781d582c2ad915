import Base
import EventLog
import Foundation
import GRDB
import JSON
import Operations
import Provisioning
import Sealing
import TestSupport
import Testing

@testable import Backup
@testable import Ledger
@testable import Views

@Suite("A ledger from its log and keys")
struct LedgerRebuildTests: BackupStage {
  let place: TestLedger
  let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  /// Copies files of the ledger, which is closed, into a new folder.
  private func keepOnly(_ names: String..., in folder: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    for name in names { _ = try BackupFile.copy("\(place.folder)/\(name)", to: "\(folder)/\(name)") }
  }

  private func rebuild(_ folder: String) throws -> Rebuilt {
    try LedgerRebuild(folder: folder, logger: quiet, clock: place.clock.read).run()
  }

  private func states(_ rebuilt: Rebuilt) -> [String: RebuiltPart.State] {
    Dictionary(rebuilt.parts.map { ($0.name, $0.state) }) { first, _ in first }
  }

  private func tiles() async throws -> String {
    let folder = "\(place.root)/tiles"
    try Tiles(of: ledger.log, in: folder).write(try await ledger.checkpoint())
    return folder
  }

  @Test("with no more than log, keys and the key that wraps them, configuration and views come back, and are equal")
  func bare() async throws {
    try await live(31)
    try await Records(in: ledger, actor: "test").configuration()
    try ledger.views.catchUp()
    let (head, text) = (try ledger.log.head(), ledger.configurationText)
    let digest = try ledger.views.digest(at: head.size)
    try ledger.close()
    try keepOnly("ledger.sqlite", "keys.sqlite", "master.key", in: newFolder)
    let rebuilt = try rebuild(newFolder)
    #expect(rebuilt.size == head.size && rebuilt.root == head.root.description)
    #expect(rebuilt.isEqual && rebuilt.views == digest && rebuilt.isCopy && !rebuilt.isDrill)
    #expect(
      states(rebuilt) == [
        "ledger.sqlite": .found, "keys.sqlite": .found, "provledger.yaml": .rebuilt, "views.sqlite": .rebuilt,
        "log.key": .lost,
      ])
    #expect(rebuilt.lost == ["log.key"])
    let again = try opened()
    defer { try? again.close() }
    #expect(again.configurationText == text)
    try await Records(in: again, actor: "test").rebuilt(rebuilt.event)
    #expect(try again.recorded().last?.type == "ledger.rebuilt" && again.recorded().last?.stream == "ledger")
    #expect(try again.views.check().isEqual)
    // A second time nothing is missing but the key that nothing can bring back.
    try again.close()
    let second = try rebuild(newFolder)
    #expect(states(second)["views.sqlite"] == .found && states(second)["provledger.yaml"] == .found)
  }

  @Test("views that differ are put right, and are equal then")
  func differing() async throws {
    try await live(32, rounds: 1)
    try ledger.views.catchUp()
    try await ledger.views.database.write { try $0.execute(sql: "UPDATE person SET display_name = 'Mallory'") }
    try ledger.close()
    let rebuilt = try rebuild(place.folder)
    let part = try #require(rebuilt.parts.first { $0.name == "views.sqlite" })
    #expect(rebuilt.isEqual && part.state == .rebuilt && part.words.contains("person"))
  }

  @Test("a log that was changed is refused with what verify says, and nothing is made")
  func damaged() async throws {
    try await live(33, rounds: 1)
    try ledger.close()
    try keepOnly("ledger.sqlite", "keys.sqlite", "master.key", in: newFolder)
    let path = "\(newFolder)/ledger.sqlite"
    var bytes = try place.bytes(path)
    let word = Array("provisioning.decided".utf8)
    let offset = try #require(bytes.indices.first { bytes[$0...].starts(with: word) })
    bytes[offset] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let found = fault { _ = try rebuild(newFolder) }
    #expect(found?.code == .logDamaged && found?.sentence.contains("position ") == true, "\(found?.sentence ?? "")")
    #expect(try names(newFolder) == ["keys.sqlite", "ledger.sqlite", "master.key"])
  }

  @Test("without keys.sqlite, or with no configuration in the log, nothing is made")
  func impossible() async throws {
    try await live(34, rounds: 1)
    try ledger.close()
    try keepOnly("ledger.sqlite", "master.key", in: newFolder)
    #expect(fault { _ = try rebuild(newFolder) }?.code == .keysMissing)
    #expect(try names(newFolder) == ["ledger.sqlite", "master.key"])
    let other = try TestLedger()
    try FileManager.default.removeItem(atPath: other.configuration)
    let found = fault { _ = try rebuild(other.folder) }
    #expect(found?.code == .rebuildImpossible && found?.sentence.contains("recorded no configuration") == true)
  }

  @Test("people whose keys are gone are named as lost, and so are events that an anchor's file knows of")
  func losses() async throws {
    let anchor = "\(place.root)/anchor"
    try place.reconfigure("anchorFiles: []", with: "anchorFiles: [\"\(anchor)\"]")
    let first = try place.open()
    var history = History(place, first, seed: 35)
    try await history.live(rounds: 1)
    _ = try await first.backUp(to: backupFolder)
    try await first.append([Event(.operators, .dataViewed(DataViewed(name: "x", count: 1, position: 1)))], actor: "t")
    let newest = try await first.checkpoint()
    _ = try await first.tellAnchors(of: newest)
    let lost = try #require(try first.views.livingAliases().first)
    try first.close()
    _ = try await restore()
    let copy = try opened()
    try copy.keys.erase([lost])
    try copy.close()
    let rebuilt = try rebuild(newFolder)
    #expect(rebuilt.lost == ["keys", "events"] && rebuilt.isEqual)
    let words = rebuilt.parts.filter { $0.state == .lost }.map(\.words)
    #expect(words[0].contains(lost) && words[1].contains("to \(newest.size)"))
  }

  @Test("published tiles and the keys make the ledger again, up to their checkpoint")
  func fromTiles() async throws {
    try await live(36)
    let folder = try await tiles()
    let head = try ledger.log.head()
    let published = try PublishedTiles(in: folder)
    let rebuilt = try await published.rebuild(
      to: newFolder, keys: place.folder, holding: KeptElsewhere(actor: "test"), logger: quiet, clock: place.clock.read
    ).rebuilt
    #expect(rebuilt.size == head.size && rebuilt.root == head.root.description && rebuilt.source == .tiles)
    #expect(try rebuilt.isEqual && rebuilt.lost.isEmpty && rebuilt.views == ledger.views.digest(at: head.size))
    let again = try opened()
    defer { try? again.close() }
    #expect(
      try again.log.verify(again.evidence()).isSound)
    #expect(try again.log.read(limit: 10).map(\.entry) == ledger.log.read(limit: 10).map(\.entry))
    try await again.append([Event(.operators, .dataViewed(DataViewed(name: "x", count: 1, position: 1)))], actor: "t")
  }

  @Test("who was erased after tiles were published stays erased when they become a ledger", arguments: [true, false])
  func erasedSince(fromLedger: Bool) async throws {
    try await live(38)
    let published = try PublishedTiles(in: try await tiles())
    let (keys, list) = ("\(place.root)/keys", "\(place.root)/erasures.ndjson")
    try keepOnly("keys.sqlite", "master.key", "log.key", in: keys)
    let late = try somebody().alias
    try await erase(late, in: ledger)
    place.clock.advance(.seconds(60))
    try ledger.keepErasures(in: list)
    let kept = KeptElsewhere(erasures: fromLedger ? .ledger(place.folder) : .list(list), actor: "test")
    let done = try await published.rebuild(
      to: newFolder, keys: keys, holding: kept, logger: quiet, clock: place.clock.read)
    #expect(done.restored.erased.map(\.alias) == [late])
    #expect(done.restored.unprovedFrom == (fromLedger ? nil : place.clock.moment))
    #expect(done.rebuilt.isEqual && done.rebuilt.lost.isEmpty && done.rebuilt.size == done.restored.size + 1)
    let again = try opened()
    defer { try? again.close() }
    #expect(try again.keys.key(of: late) == nil && !again.keys.aliases().contains(late))
    let person = try #require(try again.views.person(late))
    #expect(person.erasure != nil && person.user == nil)
  }

  @Test("keys that know of erasures which the log does not hold are told, and a list of them explains who misses a key")
  func newerKeys() async throws {
    try await live(39)
    let published = try PublishedTiles(in: try await tiles())
    try await erase(try somebody().alias, in: ledger)
    func rebuild(_ place: String, _ kept: KeptElsewhere) async throws -> (rebuilt: Rebuilt, restored: Restored) {
      try await published.rebuild(
        to: place, keys: self.place.folder, holding: kept, logger: quiet, clock: self.place.clock.read)
    }
    let silent = try await rebuild(newFolder, KeptElsewhere(actor: "test"))
    #expect(silent.rebuilt.lost == ["keys", "erasures"] && silent.restored.unprovedFrom != nil)
    let told = try await rebuild(
      "\(place.root)/told", KeptElsewhere(erasures: .ledger(place.folder), actor: "test"))
    #expect(told.rebuilt.lost.isEmpty && told.restored.unprovedFrom == nil && told.restored.erased.count == 1)
  }

  @Test("a checkpoint kept elsewhere that states another past stops a rebuild, and one that goes further is told")
  func keptCheckpoints() async throws {
    try await live(40, rounds: 1)
    let published = try PublishedTiles(in: try await tiles())
    try await live(41, rounds: 1)
    let late = try await ledger.checkpoint()
    let done = try await published.rebuild(
      to: newFolder, keys: place.folder, holding: KeptElsewhere(checkpoints: [late], actor: "test"), logger: quiet,
      clock: place.clock.read)
    #expect(done.restored.beyond == [late.size])
    let stranger = try TestLedger()
    let theirs = try stranger.open()
    try await Records(in: theirs, actor: "test").configuration()
    let foreign = KeptElsewhere(checkpoints: [try await theirs.checkpoint()], actor: "test")
    let found = await fault {
      _ = try await LedgerRebuild(folder: newFolder, logger: quiet, clock: place.clock.read).run(holding: foreign)
    }
    #expect(found?.code == .backupForeign)
  }

  @Test("tiles that were changed, are not whole, or that nobody known signed are refused, and nothing is made")
  func badTiles() async throws {
    try await live(37)
    let folder = try await tiles()
    let published = try PublishedTiles(in: folder)
    func refused(_ keys: String? = nil) async -> Fault? {
      await fault {
        _ = try await published.rebuild(
          to: newFolder, keys: keys ?? place.folder, holding: KeptElsewhere(actor: "test"), logger: quiet,
          clock: place.clock.read)
      }
    }
    let bundle = "\(folder)/tile/entries/000"
    let path = FileManager.default.fileExists(atPath: bundle) ? bundle : "\(bundle).p/\(published.checkpoint.size)"
    var bytes = try place.bytes(path)
    let word = Array("operator".utf8)
    bytes[try #require(bytes.indices.first { bytes[$0...].starts(with: word) })] ^= 1
    let whole = try place.bytes(path)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(await refused()?.code == .tilesUnreadable)
    try Data(whole.dropLast(3)).write(to: URL(fileURLWithPath: path))
    #expect(await refused()?.code == .tilesUnreadable)
    try FileManager.default.removeItem(atPath: path)
    #expect(await refused()?.code == .tilesUnreadable)
    let keys = "\(place.root)/keys"
    try keepOnly("keys.sqlite", "master.key", in: keys)
    #expect(await refused(keys)?.code == .rebuildImpossible)
    #expect(!FileManager.default.fileExists(atPath: newFolder))
    #expect(fault { _ = try PublishedTiles(in: place.folder) }?.code == .tilesUnreadable)
  }
}
