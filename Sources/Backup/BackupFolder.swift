import Base
import EventLog
import Foundation
import Glibc
import JSON
public import Ledger
import Provisioning
import Sealing

/// A backup in a folder: files that are only ever read.
public struct BackupFolder: Sendable {
  /// The folder's path.
  public let folder: String
  /// What it says that it holds.
  public let manifest: BackupManifest
  /// What the log's key signed of the manifest, and the bytes of that; nil when it signed nothing.
  private let statement: SignedNote?
  private let manifestBytes: [UInt8]

  /// The folder's own name.
  public var name: String { URL(fileURLWithPath: folder).lastPathComponent }

  /// Reads the manifest. Throws `FaultCode.backupMissing` and `.backupDamaged`.
  public init(folder: String) throws {
    self.folder = folder
    let path = "\(folder)/\(BackupManifest.name)"
    do {
      manifestBytes = try OutsideFile.read(path, limit: BackupManifest.limit)
      manifest = try BackupManifest(manifestBytes, path: path)
      let note = "\(folder)/\(BackupManifest.statement)"
      statement = try? SignedNote(OutsideFile.read(note, limit: SignedNote.limit), named: note)
    } catch let failure as OutsideFile.Failure where failure.kind == .missing {
      throw Fault(
        .backupMissing,
        "\(folder) holds no backup that was finished: there is no \(BackupManifest.name). Name another folder.")
    } catch let failure as OutsideFile.Failure where failure.kind == .unreadable {
      throw failure.fault(.backupFile, path, "run the command as a user who may read the backup.")
    } catch let failure as OutsideFile.Failure {
      throw failure.fault(.backupDamaged, path, "the backup cannot be trusted. Take another one.")
    }
  }

  /// Throws `FaultCode.backupUnsigned` unless one of these keys signed the manifest as it is: its numbers, and through
  /// its digests all files.
  func requireSigned(by keys: [VerifierKey]) throws {
    if statement?.states(.backup, manifestBytes, of: manifest.origin, by: keys) == true { return }
    let what = statement == nil ? "carries no signature" : "carries no good signature"
    throw Fault(
      .backupUnsigned,
      """
      \(folder)/\(BackupManifest.name) \(what) of the log's key, so anybody may have changed it. Take a backup made by \
      this version and untouched since.
      """)
  }

  /// Copies the files into an empty folder, and holds each against the manifest on the way; of those in `leaving` the
  /// content is looked at alone.
  ///
  /// Throws `FaultCode.backupDamaged`, which names the file, and `.backupFile`.
  func unpack(into place: String, leaving: Set<String> = [], progress: (Double) -> Void) throws {
    let all = manifest.files.reduce(Int64(0)) { $0 + $1.bytes }
    var done: Int64 = 0
    for file in manifest.files {
      let path = "\(folder)/\(file.name)"
      guard FileManager.default.fileExists(atPath: path) else {
        throw Fault(.backupDamaged, "\(path) is missing, though the backup should hold it. Take another backup.")
      }
      // The checkpoint is evidence about a ledger, not a part of it.
      let content =
        leaving.contains(file.name) || file.name == BackupFiles.checkpoint
        ? try BackupFile.content(of: path) : try BackupFile.copy(path, to: "\(place)/\(file.name)")
      guard content.count == file.bytes, content.digest.description == file.sha256 else {
        throw Fault(.backupDamaged, "\(path) is not the file that was backed up: it was changed. Take another backup.")
      }
      done += file.bytes
      if all > 0 { progress(Double(done) / Double(all)) }
    }
  }

  /// The note inside. Throws `FaultCode.backupDamaged`.
  func checkpoint() throws -> SignedCheckpoint {
    let path = "\(folder)/\(BackupFiles.checkpoint)"
    do {
      return try SignedCheckpoint(
        try SignedNote(
          OutsideFile.read(path, limit: SignedNote.limit, fault: .backupDamaged, "take another backup."), named: path))
    } catch let fault as Fault {
      throw Fault(.backupDamaged, fault.sentence)
    }
  }
}

extension OpenLedger {
  /// Copies this ledger into a new folder while others go on writing: the log, then the keys, then what else is needed.
  ///
  /// In this order each event of the copy finds its key, since a key is made before the first event that it seals. The
  /// folder is private; it holds the log's and the master key only when they lie in the ledger's folder. A checkpoint is
  /// signed first and stands inside. `progress` gets the share of the log that is done. Throws
  /// `FaultCode.backupInTheWay`, `.backupBusy`, `.backupFile`, and the faults of log and keys.
  public func backUp(to place: String, progress: (Double) -> Void = { _ in }) async throws -> BackupFolder {
    let created = clock()
    let signed = try await checkpoint()
    removeUnfinishedBackup()
    let new = try NewFolder(for: place)
    // Who is killed from here on leaves a folder; the next one, wherever it goes, must find it.
    try? PrivateFile.write(Array("\(new.path)\n".utf8), path: "\(folder)/\(File.backupBegun)")
    let head = try log.copy(to: "\(new.path)/\(File.log)") { done, pages in
      if pages > 0 { progress(Double(done) / Double(pages)) }
    }
    try keys.copy(to: "\(new.path)/\(File.keys)")
    let others = [File.configuration] + (try keyFiles())
    for name in others { _ = try BackupFile.copy("\(folder)/\(name)", to: "\(new.path)/\(name)") }
    _ = try BackupFile.write(Array(signed.note.description.utf8), to: "\(new.path)/\(BackupFiles.checkpoint)")
    let manifest = BackupManifest(
      created: created, origin: configuration.origin, size: head.size, root: head.root.description,
      checkpoint: signed.size,
      files: try ([File.log, File.keys, BackupFiles.checkpoint] + others).map { name in
        let content = try BackupFile.content(of: "\(new.path)/\(name)")
        return BackupManifest.File(name: name, bytes: content.count, sha256: content.digest.description)
      })
    let bytes = Array((manifest.json.text + "\n").utf8)
    _ = try BackupFile.write(
      Array(try statement(.backup, bytes).description.utf8), to: "\(new.path)/\(BackupManifest.statement)")
    _ = try BackupFile.write(bytes, to: "\(new.path)/\(BackupManifest.name)")
    try new.finish()
    unlink("\(folder)/\(File.backupBegun)")
    return try BackupFolder(folder: place)
  }

  /// Removes what a `backUp` left that was killed.
  private func removeUnfinishedBackup() {
    guard let path = unfinishedBackup() else { return }
    NewFolder.remove(leftAt: path)
    if unfinishedBackup() == nil { unlink("\(folder)/\(File.backupBegun)") }
  }

  /// The files of private keys that lie in the ledger's folder, by name.
  private func keyFiles() throws -> [String] {
    let home = URL(fileURLWithPath: folder).standardizedFileURL
    var paths = [path(of: configuration.log.key)]
    if case .file(let path) = try keys.masterKey().place { paths.append(path) }
    return paths.map { URL(fileURLWithPath: $0).standardizedFileURL }
      .filter { $0.deletingLastPathComponent().path == home.path && BackupFiles.isName($0.lastPathComponent) }
      .map(\.lastPathComponent).filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
  }
}
