import Base
import EventLog
import Foundation
import Ledger
import Logging
import Provisioning
import Sealing

/// A folder that may hold no more of a ledger than its log and its keys.
struct BareFolder {
  let folder: String
  /// Where the master key is; nil for where the key file says, or `master.key` in the folder.
  var master: SecretSource?
  let logger: Logger
  let clock: @Sendable () -> Timestamp

  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(name)") }

  /// Reads the whole log before anything else is made of it. Throws `FaultCode.logDamaged` with what `verify` says first.
  func verify(_ progress: (Double) -> Void) throws {
    let log = try Log(copy: "\(folder)/\(OpenLedger.File.log)", clock: clock, logger: logger)
    defer { try? log.close() }
    let verification = try log.verify { step in
      progress(step.total == 0 ? 1 : Double(step.done) / Double(step.total))
    }
    guard let first = verification.findings.first else { return }
    throw Fault(
      .logDamaged,
      """
      Nothing was rebuilt, since the log is not as it was written (\(first)). Keep the file, run `provledger verify \
      --log \(folder)/\(OpenLedger.File.log)` to see all of it, and rebuild from a backup.
      """)
  }

  /// Puts the configuration back that the log recorded last, where it is missing, and says what became of it.
  ///
  /// Throws `FaultCode.keysMissing`, `.rebuildImpossible` when the log has none that can be read, and the faults of log
  /// and keys.
  func configuration() throws -> RebuiltPart {
    try OpenLedger.requireKeys(in: folder)
    let name = OpenLedger.File.configuration
    if has(name) { return RebuiltPart(name, .found, "is there, and was not touched") }
    guard let recorded = try recorded() else { throw impossible("the log recorded no configuration") }
    guard (try? Configuration(yaml: recorded.text, file: name)) != nil else {
      throw impossible("the configuration of event \(recorded.position) does not open with these keys")
    }
    do {
      try PrivateFile.make(Array(recorded.text.utf8), path: "\(folder)/\(name)")
    } catch let failure as PrivateFile.Failure {
      throw BackupFile.fault("\(folder)/\(name)", "written", failure.text)
    }
    return RebuiltPart(name, .rebuilt, "as event \(recorded.position) recorded it")
  }

  private func impossible(_ what: String) -> Fault {
    Fault(
      .rebuildImpossible,
      "\(folder) holds no \(OpenLedger.File.configuration), and \(what). Put that file back, and run the rebuild again."
    )
  }

  private func recorded() throws -> (text: String, position: Int64)? {
    let log = try Log(copy: "\(folder)/\(OpenLedger.File.log)", clock: clock, logger: logger)
    defer { try? log.close() }
    let keys = try SubjectKeys(
      path: "\(folder)/\(OpenLedger.File.keys)", master: master ?? .file("\(folder)/\(Configuration.masterKeyFile)"))
    defer { try? keys.close() }
    return try OpenLedger.recordedConfiguration(in: log, EventCodec(keys: keys, clock: clock))
  }
}
