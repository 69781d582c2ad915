import Base
import EventLog
import Foundation
import Ledger
import Logging
import Provisioning
import Sealing

extension Backup {
  /// How far unpacking and checking is, from 0 to 1.
  typealias Progress = (_ what: String, _ done: Double) -> Void

  /// Unpacks the backup into an empty folder and opens it as a ledger, after every check that needs no other ledger:
  /// the files are those of the manifest, the whole log is sound and has the root that the manifest says, the checkpoint
  /// inside is signed by the log's key and states a beginning of it.
  ///
  /// Throws `FaultCode.backupDamaged` for what is wrong, `.backupFile`, and the faults of opening.
  func open(in place: String, logger: Logger, clock: @escaping @Sendable () -> Timestamp, _ progress: Progress) throws
    -> Ledger
  {
    try unpack(into: place) { progress("unpacking \(name)", $0) }
    let ledger: Ledger
    do {
      ledger = try Ledger(folder: place, logger: logger, clock: clock)
    } catch let fault as Fault where [.logDamaged, .logUnreadable, .keysDamaged, .viewsDamaged].contains(fault.code) {
      throw damaged(fault.sentence)
    }
    do {
      try check(ledger, progress)
      // The keys are copied after the log, so they may know of erasures that the copy of the log does not hold.
      let size = try ledger.log.lastPosition()
      if try ledger.keys.erasedUpTo() > size { try ledger.keys.setErased(upTo: size) }
      return ledger
    } catch {
      try? ledger.close()
      throw error
    }
  }

  private func damaged(_ what: String) -> Fault {
    Fault(.backupDamaged, "The backup \(folder) is damaged: \(what) Take another backup.")
  }

  private func check(_ ledger: Ledger, _ progress: Progress) throws {
    let verification = try ledger.log.verify { step in
      progress("verifying \(name)", step.total == 0 ? 1 : Double(step.done) / Double(step.total))
    }
    if let finding = verification.findings.first { throw damaged("\(finding).") }
    guard verification.size == manifest.size, verification.root?.description == manifest.root,
      ledger.configuration.origin == manifest.origin
    else { throw damaged("its log is not the one that the manifest says.") }
    let signed = try checkpoint()
    try require(signed, in: ledger, named: "its checkpoint")
    guard signed.size <= manifest.size else { throw damaged("its log is shorter than the checkpoint inside.") }
    guard try ledger.log.root(at: signed.size) == signed.checkpoint.root else {
      throw damaged("its log does not begin with what the checkpoint inside states.")
    }
  }

  /// Throws `FaultCode.backupForeign` unless a note is signed by a key of the backup's log.
  func require(_ note: SignedCheckpoint, in ledger: Ledger, named name: String) throws {
    do {
      try note.note.verify(with: try ledger.verifierKeys())
    } catch let fault as Fault where fault.code == .noteUnsigned {
      throw Fault(.backupForeign, "\(name) is not signed by the key of the log in \(folder). \(fault.sentence)")
    }
  }
}
