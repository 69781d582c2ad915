import Base
import EventLog
import Foundation
import Glibc
import JSON
import Operations
import Provisioning
import Sealing
import TestSupport
import Testing
import Views

@testable import Backup
@testable import Ledger

@Suite("Backups: made")
struct BackupCreationTests: BackupStage {
  let place: TestLedger
  let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  @Test("it holds what a ledger needs, privately, without anything beside it")
  func create() async throws {
    try await live()
    let before = try ledger.log.head()
    let backup = try await ledger.backUp(to: backupFolder)
    #expect(
      try names(backupFolder) == [
        "checkpoint", "keys.sqlite", "ledger.sqlite", "log.key", "manifest.json", "manifest.note", "master.key",
        "provledger.yaml",
      ])
    #expect(try place.permissions(backupFolder) == 0o700)
    for name in try names(backupFolder) {
      #expect(try place.permissions("\(backupFolder)/\(name)") == 0o600, "\(name)")
    }
    #expect(backup.manifest.size == before.size && backup.manifest.root == before.root.description)
    #expect(try backup.checkpoint().size == before.size)
    #expect(backup.json["folder"] == .string(backupFolder) && backup.json["size"] == backup.manifest.json["size"])
    #expect(try !names(place.root).contains { $0.contains("partial") })
  }

  @Test("keys that lie elsewhere are not in it")
  func keysElsewhere() async throws {
    try await live(2, rounds: 1)
    try ledger.close()
    try FileManager.default.moveItem(atPath: "\(place.folder)/master.key", toPath: "\(place.root)/master.key")
    try place.reconfigure("master.key", with: "\(place.root)/master.key")
    let moved = try place.open()
    _ = try await moved.backUp(to: backupFolder)
    #expect(try !names(backupFolder).contains("master.key"))
    #expect(try await moved.prove(try BackupFolder(folder: backupFolder), actor: "test", logger: quiet).size > 0)
  }

  @Test("a place that is taken is refused and left alone; an empty folder may be used")
  func taken() async throws {
    try await live(3, rounds: 1)
    try FileManager.default.createDirectory(atPath: backupFolder, withIntermediateDirectories: false)
    _ = try await ledger.backUp(to: backupFolder)
    let manifest = try place.bytes("\(backupFolder)/manifest.json")
    #expect(await fault { _ = try await ledger.backUp(to: backupFolder) }?.code == .backupInTheWay)
    #expect(try place.bytes("\(backupFolder)/manifest.json") == manifest)
    try place.write("other", "a file")
    #expect(await fault { _ = try await ledger.backUp(to: "\(place.root)/other") }?.code == .backupInTheWay)
    #expect(await fault { _ = try await ledger.backUp(to: "\(place.root)/none/there") }?.code == .backupFile)
  }

  @Test("what a killed one left is removed, what is not ours is not")
  func leftOver() async throws {
    try await live(4, rounds: 1)
    let partial = "\(backupFolder).partial"
    try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: false)
    try place.write("backup.partial/mine", "mine")
    #expect(await fault { _ = try await ledger.backUp(to: backupFolder) }?.code == .backupInTheWay)
    #expect(try names(partial) == ["mine"])
    try place.write("backup.partial/.provledger-partial", "")
    // The mark alone does not make it ours.
    #expect(chmod(partial, 0o777) == 0)
    #expect(await fault { _ = try await ledger.backUp(to: backupFolder) }?.code == .backupInTheWay)
    #expect(chmod(partial, 0o755) == 0)
    _ = try await ledger.backUp(to: backupFolder)
    #expect(try !names(backupFolder).contains("mine") && !FileManager.default.fileExists(atPath: partial))
    #expect(try !names(backupFolder).contains(".provledger-partial"))
  }

  @Test("two at once into one place: one makes it, the other is told")
  func together() async throws {
    try await live(5, rounds: 1)
    let held = try NewFolder(for: backupFolder)
    #expect(await fault { _ = try await ledger.backUp(to: backupFolder) }?.code == .backupBusy)
    withExtendedLifetime(held) {}
  }

  @Test("a folder without manifest is no backup")
  func unfinished() async throws {
    try await live(6, rounds: 1)
    _ = try await ledger.backUp(to: backupFolder)
    try FileManager.default.removeItem(atPath: "\(backupFolder)/manifest.json")
    #expect(fault { _ = try BackupFolder(folder: backupFolder) }?.code == .backupMissing)
  }
}
