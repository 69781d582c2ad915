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

@Suite("Backups: what others put into them, and what a killed process leaves of them")
struct BackupAuthenticityTests: BackupStage {
  let place: TestLedger
  let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  @Test("a manifest that was changed, or that nobody signed, proves nothing; a restore may be told to take it")
  func unsigned() async throws {
    try await live(21, rounds: 1)
    let made = try await ledger.backUp(to: backupFolder)
    var manifest = made.manifest
    manifest.created = Timestamp(milliseconds: 0)
    try PrivateFile.write(Array(manifest.json.text.utf8), path: "\(backupFolder)/manifest.json")
    #expect(await fault { _ = try await proof() }?.code == .backupUnsigned)
    try PrivateFile.write(Array((made.manifest.json.text + "\n").utf8), path: "\(backupFolder)/manifest.json")
    _ = try await proof()
    try FileManager.default.removeItem(atPath: "\(backupFolder)/manifest.note")
    #expect(await fault { _ = try await proof() }?.code == .backupUnsigned)
    #expect(await fault { _ = try await restore() }?.code == .backupUnsigned)
    #expect(!FileManager.default.fileExists(atPath: newFolder))
    #expect(try await restore(consent: .unsigned).size == made.manifest.size)
  }

  @Test("a checkpoint's size that the manifest only says is not believed")
  func saidCheckpoint() async throws {
    try await live(22, rounds: 1)
    _ = try await ledger.backUp(to: backupFolder)
    try forge("provledger.yaml") { _ in }
    _ = try await proof()
    var manifest = try BackupFolder(folder: backupFolder).manifest
    manifest.checkpoint -= 1
    let bytes = Array(manifest.json.text.utf8)
    try PrivateFile.write(bytes, path: "\(backupFolder)/manifest.json")
    try PrivateFile.write(
      Array(ledger.statement(.backup, bytes).description.utf8), path: "\(backupFolder)/manifest.note")
    #expect(await fault { _ = try await proof() }?.code == .backupDamaged)
  }

  @Test("a command that was put into the configuration of a backup is named, and not taken over unbidden")
  func forgedConfiguration() async throws {
    try await Records(in: ledger, actor: "test").configuration()
    _ = try await ledger.backUp(to: backupFolder)
    try forge("provledger.yaml") { path in
      let text = String(decoding: try place.bytes(path), as: UTF8.self)
      let forged = text.replacing("anchorCommands: []", with: "anchorCommands: [\"touch /tmp/ran\"]")
      try PrivateFile.write(Array(forged.utf8), path: path)
    }
    let found = await fault { _ = try await proof() }
    #expect(found?.code == .backupConfiguration && found?.sentence.contains("touch /tmp/ran") == true)
    #expect(await fault { _ = try await restore() }?.code == .backupConfiguration)
    #expect(!FileManager.default.fileExists(atPath: newFolder))
    _ = try await restore(consent: .configuration)
    #expect(try !opened().configuration.log.anchors.isEmpty)
  }

  @Test("while one is proved its private keys stay where they are, and what a killed process left is removed")
  func leftovers() async throws {
    try await live(23, rounds: 1)
    _ = try await ledger.backUp(to: backupFolder)
    var seen: Set<String> = []
    _ = try await ledger.prove(try BackupFolder(folder: backupFolder), actor: "test", logger: quiet) { _, _ in
      for name in (try? names(place.folder)) ?? [] where name.hasPrefix("proof-") {
        seen.formUnion((try? names("\(place.folder)/\(name)")) ?? [])
      }
    }
    #expect(seen.contains("ledger.sqlite") && seen.isDisjoint(with: ["log.key", "master.key"]))
    // One at work, one that was left, and a folder of somebody else's.
    let held = try ProofFolder(in: place.folder)
    let left = "\(place.folder)/proof-left"
    for path in [left, "\(place.folder)/proof-mine"] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
    try place.write("ledger/proof-left/.provledger-proof", "")
    try place.write("ledger/proof-left/keys.sqlite", "keys")
    try place.write("ledger/proof-mine/mine", "mine")
    #expect(OpenLedger.unfinishedProofs(in: place.folder) == ["proof-left"])
    _ = try place.open()
    #expect(!FileManager.default.fileExists(atPath: left))
    #expect(FileManager.default.fileExists(atPath: held.path))
    #expect(try names("\(place.folder)/proof-mine") == ["mine"])
  }

  @Test("half a backup, left by a killed process anywhere, is named and removed by the next one")
  func halfBackup() async throws {
    try await live(24, rounds: 1)
    let half = "\(place.root)/monday.partial"
    try FileManager.default.createDirectory(
      atPath: half, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    try place.write("monday.partial/.provledger-partial", "")
    try place.write("monday.partial/keys.sqlite", "keys")
    try place.write("ledger/backup.begun", "\(half)\n")
    #expect(ledger.unfinishedBackup() == half)
    _ = try await ledger.backUp(to: backupFolder)
    #expect(!FileManager.default.fileExists(atPath: half))
    #expect(ledger.unfinishedBackup() == nil)
  }

  @Test("a forged line in a list of erasures erases nobody, signed or not")
  func forgedErasure() async throws {
    try await live(25)
    let living = try somebody().alias
    _ = try await ledger.backUp(to: backupFolder)
    let list = "\(place.root)/erasures.ndjson"
    try ledger.keepErasures(in: list)
    var lines = String(decoding: try place.bytes(list), as: UTF8.self).split(separator: "\n").map { "\($0)\n" }
    lines.insert(
      "{\"alias\":\"\(living)\",\"position\":\"3\",\"time\":\"2026-01-02T03:04:05.678Z\",\"reason\":\"other\"}\n",
      at: 1)
    try PrivateFile.write(Array(lines.joined().utf8), path: list)
    #expect(await fault { _ = try await restore(.list(list)) }?.code == .erasuresInvalid)
    // Even whoever takes it unsigned: at that position of the log nobody was erased.
    #expect(await fault { _ = try await restore(.list(list), consent: .unsigned) }?.code == .erasuresInvalid)
    #expect(!FileManager.default.fileExists(atPath: newFolder))
  }
}
