import Base
import EventLog
import Foundation
import JSON
import Operations
import Provisioning
import Sealing
import TestSupport
import Testing
import Views

@testable import Backup
@testable import Ledger

@Suite("Backups: proved")
struct BackupProofTests: BackupStage {
  let place: TestLedger
  let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  @Test("a good one is proved: root and views, recorded, the backup untouched, nothing left behind")
  func good() async throws {
    try await live()
    let made = try await ledger.backUp(to: backupFolder)
    try await live(7, rounds: 1)
    let before = try names(backupFolder).map { try place.bytes("\(backupFolder)/\($0)") }
    let proved = try await proof()
    #expect(proved.size == made.manifest.size && proved.root == made.manifest.root && proved.name == "backup")
    #expect(proved.views.count == 64)
    #expect(
      proved.json == [
        "proved": true, "name": "backup", "created": .string(made.manifest.created.description),
        "size": .string(String(proved.size)), "root": .string(proved.root), "views": .string(proved.views),
      ])
    let last = try #require(try ledger.lastProof())
    #expect(last.proof == proved)
    #expect(try ledger.recorded().last?.stream == "ledger")
    #expect(try names(backupFolder).map { try place.bytes("\(backupFolder)/\($0)") } == before)
    #expect(try !names(place.folder).contains { $0.hasPrefix("proof-") || $0 == "backup.begun" })
    #expect(try !names(place.folder).contains("views.sqlite.rebuild"))
  }

  @Test("it stays good after somebody was erased")
  func proveAfterErasure() async throws {
    try await live(8)
    _ = try await ledger.backUp(to: backupFolder)
    try await erase(try somebody().alias, in: ledger)
    let proved = try await proof()
    #expect(try proved.size < ledger.log.lastPosition())
  }

  @Test(
    "any file that was changed or is missing is named, and nothing is recorded",
    arguments: ["ledger.sqlite", "keys.sqlite", "provledger.yaml", "checkpoint", "log.key", "master.key"],
    [true, false])
  func damaged(name: String, isRemoved: Bool) async throws {
    try await live(9, rounds: 1)
    _ = try await ledger.backUp(to: backupFolder)
    let path = "\(backupFolder)/\(name)"
    if isRemoved {
      try FileManager.default.removeItem(atPath: path)
    } else {
      var bytes = try place.bytes(path)
      bytes[bytes.count / 2] ^= 1
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
    let size = try ledger.log.lastPosition()
    let found = await fault { _ = try await proof() }
    #expect(found?.code == .backupDamaged && found?.code.exit == .failures)
    #expect(found?.sentence.contains(name) == true)
    #expect(await fault { _ = try await restore() }?.code == .backupDamaged)
    #expect(!FileManager.default.fileExists(atPath: newFolder))
    #expect(!FileManager.default.fileExists(atPath: newFolder + ".partial"))
    #expect(try ledger.log.lastPosition() == size)
  }

  @Test("a log that was changed together with the manifest is found, and so is one that was cut")
  func forgedLog() async throws {
    try await live(10, rounds: 1)
    _ = try await ledger.backUp(to: backupFolder)
    let whole = try ledger.log.head()
    // An older backup's log under the newer one's manifest.
    try await live(11, rounds: 1)
    _ = try await ledger.backUp(to: "\(place.root)/newer")
    try forge("ledger.sqlite") { path in
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: "\(place.root)/newer/ledger.sqlite", toPath: path)
    }
    #expect(await fault { _ = try await proof() }?.code == .backupDamaged)
    #expect(try BackupFolder(folder: backupFolder).manifest.size == whole.size)
  }

  @Test("another ledger's keys, with a manifest to match, do not pass")
  func foreignKeys() async throws {
    try await live(12, rounds: 1)
    _ = try await ledger.backUp(to: backupFolder)
    try forge("keys.sqlite") { path in
      let keys = try SubjectKeys(path: path, master: .file("\(backupFolder)/master.key"))
      let alias = try somebody().alias
      try keys.erase([alias])
      try keys.close()
    }
    #expect(await fault { _ = try await proof() }?.code == .backupDamaged)
  }

  @Test(
    "a manifest cannot reach files outside the backup", arguments: ["../secret", "/etc/passwd", "..", ".hidden", ""])
  func reach(name: String) async throws {
    try await live(13, rounds: 1)
    var manifest = try await ledger.backUp(to: backupFolder).manifest
    manifest.files[0].name = name
    try Data(manifest.json.text.utf8).write(to: URL(fileURLWithPath: "\(backupFolder)/manifest.json"))
    #expect(fault { _ = try BackupFolder(folder: backupFolder) }?.code == .backupDamaged)
  }

  @Test("a backup of another ledger, and one whose events this ledger no longer has, are foreign")
  func foreign() async throws {
    let other = try TestLedger(isEmpty: true)
    try other.create(origin: "example.test/other")
    let theirs = try other.open()
    try await Records(in: theirs, actor: "test").configuration()
    _ = try await theirs.backUp(to: backupFolder)
    #expect(await fault { _ = try await proof() }?.code == .backupForeign)
    // The same origin, another past.
    let twin = try TestLedger()
    let its = try twin.open()
    try await Records(in: its, actor: "somebody else").configuration()
    _ = try await its.backUp(to: "\(place.root)/twin")
    let backup = try BackupFolder(folder: "\(place.root)/twin")
    #expect(await fault { _ = try await ledger.prove(backup, actor: "test", logger: quiet) }?.code == .backupForeign)
    try await live(14, rounds: 1)
    let found = await fault { _ = try await ledger.prove(backup, actor: "test", logger: quiet) }
    #expect(found?.code == .backupForeign && found?.sentence.contains("does not begin with its 1 event") == true)
  }
}
