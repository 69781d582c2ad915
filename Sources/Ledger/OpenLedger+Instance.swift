import Base
import Crypto
import EventLog
import Foundation
import Glibc
import Sealing

/// Which of several copies of a ledger is the one that speaks to TeamViewer.
///
/// The key file holds a mark of the log's file: its number in the file system and that number's generation, which a move
/// keeps and a copy, or a restored backup, does not have. (A copy of a whole disk has it; anchors tell those apart.)
extension OpenLedger {
  // FS_IOC_GETVERSION of Linux' fs.h, which Glibc's module does not show.
  private static let getGeneration: UInt = 0x8008_7601

  static func mark(ofFolder folder: String) throws -> SymmetricKey {
    let path = "\(folder)/\(File.log)"
    let descriptor = try OutsideFile.open(path)
    defer { Glibc.close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw Fault(.logUnreadable, "\(path) cannot be looked at: \(systemError()). Check the disk.")
    }
    var generation = 0
    // Where a file system has none it stays 0.
    _ = ioctl(descriptor, getGeneration, &generation)
    return SymmetricKey(data: SHA256.hash(data: Data("\(status.st_ino) \(generation)".utf8)))
  }

  /// True when this folder is a copy of the one that delivered last, or a backup that was restored.
  public func isCopy() throws -> Bool {
    guard let mark = try keys.mark() else { return false }
    return try mark != Self.mark(ofFolder: folder)
  }

  /// Takes this folder for the one that delivers.
  package func claim() throws { try keys.setMark(Self.mark(ofFolder: folder)) }

  /// Throws `FaultCode.ledgerCopied` for a folder that may not be the newest: it is a copy that nobody accepted, or the
  /// file of an anchor knows of another or a longer log. Else it is marked as the one that delivers.
  package func requireNewest() throws {
    for anchor in configuration.log.anchors {
      guard let disagreement = try disagreement(with: anchor) else { continue }
      throw Fault(
        .ledgerCopied,
        """
        Nothing is delivered: \(disagreement). Deliver from the newest ledger. If it is lost and this one is to go on, keep \
        that file and name another under log.anchorFiles.
        """)
    }
    guard try !isCopy() else {
      throw Fault(
        .ledgerCopied,
        """
        Nothing is delivered: \(folder) is a copy of another ledger, or was restored from a backup. Deliver from the \
        original; if this one is to go on instead, say `provledger delivery resume --accept-copy --reason "…"`.
        """)
    }
    if try keys.mark() == nil { try claim() }
  }
}
