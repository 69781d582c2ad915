import Base
import EventLog
import Foundation
import Glibc
import Provisioning

/// A folder that is written beside its place and moved there once it is whole, so that half of it never looks like it.
///
/// Beside means `PLACE.partial`. It is locked while this object lives; what a killed process left there is removed.
final class NewFolder {
  /// Where to write until `finish`.
  let path: String
  private let place: String
  private let lock: FileLock
  /// Whether what is in the folder may be removed. False until that is known: `deinit` runs after a failed `init` too.
  private var isOurs = false

  /// Marks the folder as ours, so that nothing else is ever removed.
  private static let mark = ".provledger-partial"

  /// Throws `FaultCode.backupInTheWay` when the place is taken by anything but an empty folder of ours, `.backupBusy` when
  /// another process writes there, and `.backupFile`.
  init(for place: String) throws {
    let place = URL(fileURLWithPath: place).standardizedFileURL.path
    if let content = try? FileManager.default.contentsOfDirectory(atPath: place), content.isEmpty {
      if let objection = OwnFolder.objection(place, beforeMadePrivate: true) {
        throw Fault(.backupInTheWay, "\(place) \(objection); name a new folder.")
      }
    } else if FileManager.default.fileExists(atPath: place) {
      throw Fault(.backupInTheWay, "\(place) is there already and not empty; name a new folder.")
    }
    self.place = place
    path = "\(place).partial"
    lock = try Self.take(path)
    try clear()
    isOurs = true
  }

  deinit {
    // Under the lock still, so that it is surely ours.
    if isOurs { try? FileManager.default.removeItem(atPath: path) }
  }

  /// Makes the folder where it is not there, and locks it.
  private static func take(_ path: String) throws -> FileLock {
    for _ in 0..<10 {
      if mkdir(path, 0o700) != 0, errno != EEXIST { throw BackupFile.fault(path, "made") }
      guard let lock = try FileLock(folder: path, fault: .backupFile) else { continue }
      guard lock.take() else { throw Fault(.backupBusy, "Another process writes \(path); wait until it is done.") }
      // Whoever had it before may have moved it into place meanwhile.
      if lock.isInPlace { return lock }
    }
    throw Fault(.backupBusy, "Other processes write \(path); try again.")
  }

  private func clear() throws {
    // Under the lock, and no link (`take`): who made the folder beforehand could read, or replace, all that is written.
    if let objection = OwnFolder.objection(path) {
      throw Fault(.backupInTheWay, "\(path) is in the way and \(objection); remove it or name another folder.")
    }
    guard chmod(path, 0o700) == 0 else { throw BackupFile.fault(path, "made private") }
    let files = FileManager.default
    do {
      let left = try files.contentsOfDirectory(atPath: path)
      guard left.isEmpty || left.contains(Self.mark) else {
        throw Fault(.backupInTheWay, "\(path) is in the way and is not ours; remove it or name another folder.")
      }
      // The mark goes last: a crash in between leaves what the next one may still remove.
      for name in left where name != Self.mark { try files.removeItem(atPath: "\(path)/\(name)") }
      if left.isEmpty { _ = try BackupFile.write([], to: "\(path)/\(Self.mark)") }
    } catch let fault as Fault {
      throw fault
    } catch {
      throw Fault(.backupFile, "\(path), which was left unfinished, cannot be emptied; remove it.")
    }
  }

  /// Removes what a killed process left at a path, if it is ours and nobody writes there.
  static func remove(leftAt path: String) {
    guard OwnFolder.objection(path) == nil, FileManager.default.fileExists(atPath: "\(path)/\(mark)"),
      let lock = try? FileLock(folder: path, fault: .backupFile), lock.take()
    else { return }
    defer { withExtendedLifetime(lock) {} }
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Moves the folder to its place; durable on return. Throws `FaultCode.backupInTheWay` and `.backupFile`.
  func finish() throws {
    PrivateFile.sync(folder: path)
    guard rename(path, place) == 0 else {
      if errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR {
        throw Fault(.backupInTheWay, "\(place) came into being meanwhile; name a new folder.")
      }
      throw BackupFile.fault(place, "made")
    }
    isOurs = false
    unlink("\(place)/\(Self.mark)")
    PrivateFile.sync(folder: place)
    PrivateFile.syncFolder(of: place)
  }
}
