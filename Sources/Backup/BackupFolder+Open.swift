import Base
import EventLog
import Foundation
import Ledger
import Logging
import Provisioning
import Sealing

extension BackupFolder {
  /// How far unpacking and checking is, from 0 to 1.
  typealias Progress = (_ what: String, _ done: Double) -> Void

  /// Unpacks the backup into an empty folder and opens it as a ledger, after every check that needs no other ledger:
  /// the files are those of the manifest, the whole log is sound and has the root that the manifest says, the checkpoint
  /// inside is signed by the log's key and states a beginning of it.
  ///
  /// With `keys`, those of a ledger that is at hand, the private keys inside stay where they are, and that of the folder
  /// is used as it lies there.
  /// Throws `FaultCode.backupDamaged` for what is wrong, `.backupFile`, and the faults of opening.
  func open(
    in place: String, keys: [VerifierKey]? = nil, logger: Logger, clock: @escaping @Sendable () -> Timestamp,
    _ progress: Progress
  ) throws -> OpenLedger {
    let others = Set(manifest.files.map(\.name)).subtracting(BackupFiles.needed)
    try unpack(into: place, leaving: keys == nil ? [] : others) { progress("unpacking \(name)", $0) }
    let ledger: OpenLedger
    do {
      ledger = try OpenLedger(
        folder: place, logger: logger, master: keys == nil ? nil : try masterKey(among: others), clock: clock)
    } catch let fault as Fault where [.logDamaged, .logUnreadable, .keysDamaged, .viewsDamaged].contains(fault.code) {
      throw damaged(fault.sentence)
    }
    do {
      try check(ledger, try keys ?? ledger.verifierKeys(), progress)
      return ledger
    } catch {
      try? ledger.close()
      throw error
    }
  }

  private func damaged(_ what: String) -> Fault {
    Fault(.backupDamaged, "The backup \(folder) is damaged: \(what) Take another backup.")
  }

  /// Where the master key lies in the backup's folder; nil when it is not there.
  private func masterKey(among names: Set<String>) throws -> SecretSource? {
    let path = "\(folder)/\(OpenLedger.File.configuration)"
    guard let text = OutsideFile.text(path, limit: Configuration.limit) else { return nil }
    guard case .file(let key) = try Configuration(yaml: text, file: path).masterKey, names.contains(key) else {
      return nil
    }
    return .file("\(folder)/\(key)")
  }

  private func check(_ ledger: OpenLedger, _ keys: [VerifierKey], _ progress: Progress) throws {
    let verification = try ledger.log.verify { step in
      progress("verifying \(name)", step.total == 0 ? 1 : Double(step.done) / Double(step.total))
    }
    if let finding = verification.findings.first { throw damaged("\(finding).") }
    guard verification.size == manifest.size, verification.root?.description == manifest.root,
      ledger.configuration.origin == manifest.origin
    else { throw damaged("its log is not the one that the manifest says.") }
    let signed = try checkpoint()
    try signed.require(by: keys, named: "its checkpoint", in: folder)
    guard signed.size == manifest.checkpoint else {
      throw damaged("its checkpoint is not the one that the manifest says.")
    }
    guard signed.size <= manifest.size else { throw damaged("its log is shorter than the checkpoint inside.") }
    guard try ledger.log.root(at: signed.size) == signed.checkpoint.root else {
      throw damaged("its log does not begin with what the checkpoint inside states.")
    }
  }
}

// MARK: The configuration

extension BackupFolder {
  /// Throws `FaultCode.backupConfiguration` unless the `provledger.yaml` inside is the one that the log inside recorded
  /// last, or has the `other` text: whoever keeps backups could put a command there, which the restored ledger would run.
  func requireConfiguration(of restored: OpenLedger, or other: String? = nil) throws {
    let text = restored.configurationText
    if let other, text.hasSameBytes(as: other) { return }
    // A log without any was never worked with.
    guard let recorded = try restored.recordedConfiguration(), !recorded.text.hasSameBytes(as: text) else { return }
    let lines = Self.differences(from: recorded.text, to: text)
    let rest = lines.count > 6 ? ", and \((lines.count - 6).of("line")) more" : ""
    throw Fault(
      .backupConfiguration,
      """
      \(folder)/\(OpenLedger.File.configuration) is not the one that the log recorded last (event \(recorded.position)): \
      \(lines.prefix(6).joined(separator: "; "))\(rest). Take another backup, or look at each line and accept it with \
      `backup restore --accept-configuration`.
      """)
  }

  /// The lines that only one of two texts has.
  private static func differences(from old: String, to new: String) -> [String] {
    func lines(_ text: String) -> [Substring] { text.split(separator: "\n") }
    return lines(new).difference(from: lines(old)).map { change in
      switch change {
      case .insert(_, let line, _): "here \"\(line.trimmingCharacters(in: .whitespaces))\""
      case .remove(_, let line, _): "in the log \"\(line.trimmingCharacters(in: .whitespaces))\""
      }
    }
  }
}
