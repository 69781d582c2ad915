import Base
public import EventLog
import Foundation
public import Ledger
public import Logging
import Provisioning
import Sealing
import Views

/// What a drill starts from.
public enum DrillSource: Sendable {
  /// Copies of the ledger's own log and keys, and nothing else of it.
  case ledger
  /// A backup of it.
  case backup(BackupFolder)
  /// Its published tiles, and copies of its own keys.
  case tiles(PublishedTiles)
}

extension OpenLedger {
  /// Rebuilds this ledger in a private folder of its own, which is removed again, and compares the views with those built
  /// from this one's log up to the same event. Whoever was erased since is erased in both.
  ///
  /// A difference is an answer, not an error. Throws as `LedgerRebuild.run` and `BackupFolder.restore` do for what does
  /// not come back at all, and `FaultCode.backupForeign` for another log.
  public func drill(
    _ source: DrillSource, logger: Logger, _ progress: LedgerRebuild.Progress = { _, _ in }
  ) async throws -> Rebuilt {
    let began = clock()
    let place = try ProofFolder(in: folder)
    defer { withExtendedLifetime(place) {} }
    var rebuild = LedgerRebuild(folder: place.path, logger: logger, clock: clock)
    rebuild.master = try keys.masterKey().place
    rebuild.erased = Set(try erasures().map(\.alias))
    try await lay(source, into: place.path, &rebuild, progress)
    var (copy, rebuilt) = try rebuild.open(progress)
    defer { try? copy.close() }
    rebuilt.isDrill = true
    rebuilt.isEqual =
      try rebuilt.isEqual && sharedViews(with: copy, named: "the copy", at: rebuilt.size, progress) != nil
    rebuilt.milliseconds = Int((clock() - began).milliseconds)
    return rebuilt
  }

  private func lay(
    _ source: DrillSource, into place: String, _ rebuild: inout LedgerRebuild, _ progress: LedgerRebuild.Progress
  ) async throws {
    switch source {
    case .ledger:
      _ = try log.copy(to: "\(place)/\(File.log)") { done, pages in
        progress("copying the log", pages == 0 ? 1 : Double(done) / Double(pages))
      }
      try keys.copy(to: "\(place)/\(File.keys)")
    case .backup(let backup):
      rebuild.source = .backup
      rebuild.held = Set(backup.manifest.files.map(\.name))
      try requireBeginning(backup.manifest.size, backup.manifest.root, of: backup.folder)
      try backup.requireSigned(by: verifierKeys())
      try backup.unpack(into: place, leaving: rebuild.held.subtracting(BackupFiles.needed)) {
        progress("unpacking \(backup.name)", $0)
      }
    case .tiles(let tiles):
      rebuild.source = .tiles
      let stated = tiles.checkpoint.checkpoint
      try tiles.checkpoint.note.verify(with: verifierKeys())
      try requireBeginning(stated.size, stated.root.description, of: "the published log")
      try await tiles.lay(into: place, rebuild.logger, clock, progress)
      try keys.copy(to: "\(place)/\(File.keys)")
    }
  }

  /// Throws `FaultCode.backupForeign` unless this log begins with so many events.
  private func requireBeginning(_ size: Int64, _ root: String, of name: String) throws {
    let mine = try log.lastPosition()
    guard size <= mine, try log.root(at: size).description == root else {
      throw Fault(
        .backupForeign,
        "The \(size.of("event")) of \(name) are not a beginning of this ledger's \(mine). Name the right one, or run `provledger verify`."
      )
    }
  }
}
