import Base
import Foundation
import Glibc

/// A folder in the ledger's own in which a backup is unpacked to be proved: as private as the ledger, since people stand in
/// it in clear, and removed at the end; when that end does not come, at the next start.
package final class ProofFolder {
  /// The folder, empty but for its mark.
  package let path: String
  private let lock: FileLock

  private static let prefix = "proof-"
  private static let mark = ".provledger-proof"

  /// Makes one. Throws `FaultCode.backupFile`.
  package init(in folder: String) throws {
    for _ in 0..<10 {
      let path = "\(folder)/\(Self.prefix)\(randomName())"
      guard mkdir(path, 0o700) == 0 else { throw Self.fault(path, systemError()) }
      // Whoever starts meanwhile may take it for a left one until it is locked.
      guard let lock = try FileLock(folder: path, fault: .backupFile), lock.take(), lock.isInPlace else { continue }
      do { try PrivateFile.make([], path: "\(path)/\(Self.mark)") } catch let failure as PrivateFile.Failure {
        throw Self.fault(path, failure.text)
      }
      self.path = path
      self.lock = lock
      return
    }
    throw Self.fault("\(folder)/\(Self.prefix)", "other processes remove it at once")
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  private static func fault(_ path: String, _ reason: String) -> Fault {
    Fault(.backupFile, "\(path) cannot be made: \(reason). Check the disk and the permissions.")
  }

  /// Those in a ledger's folder that a process left which did not come to its end, by name.
  static func leftovers(in folder: String) -> [String] {
    names(in: folder).filter { (try? held("\(folder)/\($0)")) != nil }
  }

  /// Removes them; what cannot be removed stays for the next time.
  static func removeLeftovers(in folder: String) {
    for name in names(in: folder) {
      guard let lock = try? held("\(folder)/\(name)") else { continue }
      defer { withExtendedLifetime(lock) {} }
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }

  private static func names(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix(prefix) && isOurs("\(folder)/\($0)") }.sorted()
  }

  /// The mark says so; a folder in which nothing is yet was made for it too.
  private static func isOurs(_ path: String) -> Bool {
    guard let content = try? FileManager.default.contentsOfDirectory(atPath: path) else { return false }
    return content.isEmpty || content.contains(mark)
  }

  private static func held(_ path: String) throws -> FileLock? {
    guard let lock = try FileLock(folder: path, fault: .backupFile), lock.take() else { return nil }
    return lock
  }
}

extension OpenLedger {
  /// The folder that a `backup create` of this ledger left unfinished; nil when there is none, or it is at work.
  public func unfinishedBackup() -> String? { Self.unfinishedBackup(of: folder) }

  /// The folders that a `backup verify` left in that of a ledger, which need not open, by name.
  public static func unfinishedProofs(in folder: String) -> [String] { ProofFolder.leftovers(in: folder) }

  /// As `unfinishedBackup` of a ledger that need not open.
  public static func unfinishedBackup(of folder: String) -> String? {
    guard let text = OutsideFile.text("\(folder)/\(File.backupBegun)", limit: 8192)?.split(separator: "\n").first,
      let lock = try? FileLock(folder: String(text), fault: .backupFile), lock.take()
    else { return nil }
    return String(text)
  }
}
