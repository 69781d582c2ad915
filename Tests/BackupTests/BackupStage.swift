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

/// A ledger, a place for its backup, and one for what is restored from it.
protocol BackupStage {
  var place: TestLedger { get }
  var ledger: OpenLedger { get }
}

extension BackupStage {
  var backupFolder: String { "\(place.root)/backup" }
  var newFolder: String { "\(place.root)/new" }

  func live(_ seed: UInt64 = 1, rounds: Int = 2) async throws {
    var history = History(place, ledger, seed: seed)
    try await history.live(rounds: rounds)
  }

  func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  func restore(
    _ source: ErasureSource? = nil, _ checkpoints: [SignedCheckpoint] = [], consent: RestoreConsent = []
  ) async throws -> Restored {
    try await BackupFolder(folder: backupFolder).restore(
      to: newFolder, erasures: source, checkpoints: checkpoints, consent: consent, actor: "test", logger: quiet,
      clock: place.clock.read)
  }

  /// Puts another content in a file's place and makes the manifest say so too, signed: the backup holds the log's key.
  func forge(_ name: String, _ body: (String) throws -> Void) throws {
    let path = "\(backupFolder)/\(name)"
    try body(path)
    var manifest = try BackupFolder(folder: backupFolder).manifest
    let content = try BackupFile.content(of: path)
    for index in manifest.files.indices where manifest.files[index].name == name {
      manifest.files[index].bytes = content.count
      manifest.files[index].sha256 = content.digest.description
    }
    let bytes = Array(manifest.json.text.utf8)
    try PrivateFile.write(bytes, path: "\(backupFolder)/manifest.json")
    try PrivateFile.write(
      Array(ledger.statement(.backup, bytes).description.utf8), path: "\(backupFolder)/manifest.note")
  }

  func proof() async throws -> BackupProved {
    try await ledger.prove(try BackupFolder(folder: backupFolder), actor: "test", logger: quiet)
  }

  func opened() throws -> OpenLedger { try OpenLedger(folder: newFolder, logger: quiet, clock: place.clock.read) }

  /// Erases somebody as `provledger erase` records it.
  func erase(_ alias: String, in ledger: OpenLedger) async throws {
    let reason = try #require(ErasureReason("gdpr-art-17-1-a"))
    try await ledger.append(
      [Event(.user(alias), .subjectErased(SubjectErased(reason: reason, forced: [], events: 1, calls: 0)))],
      actor: "test")
    try ledger.finishErasures()
  }

  func somebody() throws -> Person {
    try ledger.views.catchUp()
    return try #require(try ledger.views.people().people.first { $0.user?.id.isEmpty == false })
  }
}
