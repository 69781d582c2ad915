import ArgumentParser
import Backup
import Base
import EventLog
import Provisioning
import Terminal

/// What a ledger that comes from a backup is held against, and what is accepted.
struct RestoreOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The ledger that the backup was made from: whom it says is erased.", valueName: "dir"))
  var erasuresFrom: String?
  @Option(help: ArgumentHelp("The list of erasures that is kept with the anchors.", valueName: "file"))
  var erasures: String?
  @Option(help: ArgumentHelp("Checkpoints that were kept elsewhere; may be given more than once.", valueName: "file"))
  var checkpoint: [String] = []
  @Option(help: "A public key of the log that is newer than the backup; several may be given.")
  var key: [String] = []
  @Flag(help: "Take a manifest or a list of erasures that is not signed by the log's key.")
  var acceptUnsigned = false
  @Flag(help: "Take a provledger.yaml that is not the one that the log recorded last.")
  var acceptConfiguration = false

  private var consent: RestoreConsent {
    var consent: RestoreConsent = []
    if acceptUnsigned { consent.insert(.unsigned) }
    if acceptConfiguration { consent.insert(.configuration) }
    return consent
  }

  func validate() throws {
    if erasuresFrom != nil, erasures != nil {
      throw ValidationError("Give --erasures-from or --erasures, not both.")
    }
  }

  /// The keys that were named. Throws `FaultCode.verifierKeyInvalid`.
  func keys() throws -> [VerifierKey] { try key.map(VerifierKey.init(text:)) }

  /// Makes a new ledger of a backup.
  func restore(_ backup: BackupFolder, to place: String, _ progress: ProgressLine) async throws -> Restored {
    let source = erasuresFrom.map(ErasureSource.ledger) ?? erasures.map(ErasureSource.list)
    return try await backup.restore(
      to: place, erasures: source, checkpoints: try checkpoint.flatMap(EvidenceFiles.checkpoints), keys: try keys(),
      consent: consent, actor: Operator.name, logger: LedgerOptions.logger, progress: { progress.show($0, done: $1) })
  }

  /// What a restore did, and what it cannot know.
  static func lines(_ restored: Restored, _ place: String) -> [String] {
    var lines = ["restored: \(restored.size.of("event")), root \(restored.root), in \(place)"]
    if !restored.erased.isEmpty { lines.append("erased again: \(restored.erased.count.people)") }
    if let moment = restored.unprovedFrom {
      lines.append("NOT KNOWN: erasures made after \(moment); erase those people again")
    }
    if let last = restored.beyond.max() {
      lines.append(
        "LOST: events \(restored.size + 1) to \(last), which a checkpoint kept elsewhere covers; keep that checkpoint")
    }
    return lines
  }
}
