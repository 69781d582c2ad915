import ArgumentParser
import Backup
import Base
import EventLog
import Provisioning
import Terminal

/// What a ledger that comes back is held against, and what is accepted.
struct RestoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The ledger that backup or tiles were made from: whom it says is erased.", valueName: "dir"))
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

  /// The options that were given, as they are written.
  var named: [String] {
    let options: [(name: String, isGiven: Bool)] = [
      ("--erasures-from", erasuresFrom != nil), ("--erasures", erasures != nil), ("--checkpoint", !checkpoint.isEmpty),
      ("--key", !key.isEmpty), ("--accept-unsigned", acceptUnsigned), ("--accept-configuration", acceptConfiguration),
    ]
    return options.filter { $0.isGiven }.map { $0.name }
  }

  func validate() throws {
    if erasuresFrom != nil, erasures != nil {
      throw ValidationError("Give --erasures-from or --erasures, not both.")
    }
  }

  /// The keys that were named. Throws `FaultCode.verifierKeyInvalid`.
  func keys() throws -> [VerifierKey] { try key.map(VerifierKey.init(text:)) }

  /// What was kept elsewhere. Throws the faults of reading it.
  func kept() throws -> KeptElsewhere {
    KeptElsewhere(
      erasures: erasuresFrom.map(ErasureSource.ledger) ?? erasures.map(ErasureSource.list),
      checkpoints: try checkpoint.flatMap(EvidenceFiles.checkpoints), keys: try keys(), consent: consent,
      actor: Operator.name)
  }

  /// Makes a new ledger of a backup.
  func restore(_ backup: BackupFolder, to place: String, _ progress: ProgressLine) async throws -> Restored {
    let kept = try kept()
    return try await backup.restore(
      to: place, erasures: kept.erasures, checkpoints: kept.checkpoints, keys: kept.keys, consent: kept.consent,
      actor: kept.actor, logger: LedgerOptions.logger, progress: { progress.show($0, done: $1) })
  }

  /// What a restore did, and what it cannot know.
  static func lines(_ restored: Restored, _ place: String) -> [String] {
    ["restored: \(restored.size.of("event")), root \(restored.root), in \(place)"] + findings(restored)
  }

  /// Whom it erased again, and what it cannot know.
  static func findings(_ restored: Restored) -> [String] {
    var lines: [String] = []
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
