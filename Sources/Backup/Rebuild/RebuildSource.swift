public import Base
public import EventLog
import Foundation
import Ledger
public import Logging
import Provisioning
import Sealing

extension PublishedTiles {
  /// Makes a ledger of the tiles and of the keys in another folder, in one that does not exist or is empty, and rebuilds it.
  ///
  /// Of the folder with the keys `keys.sqlite` is taken, and `log.key` and the master key as far as they lie there. The
  /// checkpoint must be signed by that key of the log or one of those that were kept. Whom the erasures kept say is erased is erased
  /// again before the folder comes into being. Throws `FaultCode.tilesUnreadable`, `.noteUnsigned`, `.rebuildImpossible` where no
  /// key is known, `.backupInTheWay`, and as `LedgerRebuild.run` does.
  public func rebuild(
    to place: String, keys folder: String, holding kept: KeptElsewhere, logger: Logger,
    clock: @escaping @Sendable () -> Timestamp = SystemClock.now, _ progress: LedgerRebuild.Progress = { _, _ in }
  ) async throws -> (rebuilt: Rebuilt, restored: Restored) {
    let new = try NewFolder(for: place)
    try requireSigned(keys: folder, kept.keys)
    let master = try KeyFolder(path: folder).lay(into: new.path)
    var rebuild = LedgerRebuild(folder: new.path, logger: logger, clock: clock)
    rebuild.source = .tiles
    rebuild.master = master
    try await lay(into: new.path, logger, clock, progress)
    let done = try await rebuild.run(holding: kept, progress)
    try new.finish()
    return done
  }

  private func requireSigned(keys folder: String, _ others: [VerifierKey]) throws {
    let path = "\(folder)/\(OpenLedger.File.logKey)"
    let own =
      FileManager.default.fileExists(atPath: path)
      ? try LogKey.read(path: path, origin: checkpoint.checkpoint.origin).map(\.verifier) : []
    guard !(own + others).isEmpty else {
      throw Fault(
        .rebuildImpossible,
        "There is no \(OpenLedger.File.logKey) in \(folder) to check the tiles' checkpoint with; name the log's public key with --key."
      )
    }
    try checkpoint.note.verify(with: own + others)
  }

  /// Makes the log in a folder.
  func lay(
    into place: String, _ logger: Logger, _ clock: @escaping @Sendable () -> Timestamp,
    _ progress: LedgerRebuild.Progress
  ) async throws {
    try await restore(
      to: "\(place)/\(OpenLedger.File.log)", lockPath: "\(place)/\(OpenLedger.File.appendLock)", clock: clock,
      logger: logger
    ) { progress("reading the tiles", $0) }
  }
}

/// A folder that holds the keys of a ledger.
private struct KeyFolder {
  let path: String

  /// Copies the keys into another folder, those that are files of their own as far as they lie here. Returns where the
  /// master key is to be looked for. Throws `FaultCode.keysMissing`, and the faults of the keys.
  func lay(into place: String) throws -> SecretSource? {
    try OpenLedger.requireKeys(in: path)
    let keys = try SubjectKeys(
      path: "\(path)/\(OpenLedger.File.keys)", master: .file("\(path)/\(Configuration.masterKeyFile)"), isFixed: true)
    defer { try? keys.close() }
    try keys.copy(to: "\(place)/\(OpenLedger.File.keys)")
    try copy(OpenLedger.File.logKey, into: place)
    guard case .file(let master) = try keys.masterKey().place else { return nil }
    let url = URL(fileURLWithPath: master)
    let home = URL(fileURLWithPath: path).standardizedFileURL.path
    guard url.standardizedFileURL.deletingLastPathComponent().path == home else { return .file(master) }
    try copy(url.lastPathComponent, into: place)
    return nil
  }

  private func copy(_ name: String, into place: String) throws {
    guard FileManager.default.fileExists(atPath: "\(path)/\(name)") else { return }
    _ = try BackupFile.copy("\(path)/\(name)", to: "\(place)/\(name)")
  }
}
