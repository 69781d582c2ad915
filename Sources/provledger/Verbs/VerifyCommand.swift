import ArgumentParser
import Base
import EventLog
import Foundation
import JSON
import Ledger
import Provisioning
import Reports
import Sealing
import Terminal
import Views

/// `provledger verify`
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Recompute the whole log: bytes, leaves, tree, checkpoints, order, index.",
    discussion: """
      Examples:
        provledger verify
        provledger verify --since last
        provledger verify --checkpoint checkpoints.txt
        provledger verify --bundle event-17.tlog-proof --key "$(cat ledger.vkey)"
        provledger verify --log copy.sqlite --key "$(cat ledger.vkey)"

      A ledger is held against its own keys, its anchors' files and its views too, and its seals are opened, unless
      --since says to read only what is new. The output says what no checkpoint covers.
      Ends with 0 when the log is sound, 1 when it was tampered with, 74 when it could not be checked.
      A verification of the whole log that was interrupted goes on where it was, within a day.
      """)

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions
  @Option(name: .customLong("log"), help: "A file of a log on its own, a copy perhaps; no ledger is opened.")
  var file: String?
  @Option(help: ArgumentHelp("Check a file of `log prove` instead, without a ledger.", valueName: "file"))
  var bundle: String?
  @Option(help: "A public key of the log, as `log key` prints it; several may be given.")
  var key: [String] = []
  @Option(help: "A file of checkpoints that were kept elsewhere; several may be given.")
  var checkpoint: [String] = []
  @Option(help: "Read only what came after a checkpoint: its size, `last`, or a file that holds it.")
  var since: String?
  @Flag(help: "Begin at the start, also when an interrupted verification could go on.")
  var restart = false
  @Option(help: .hidden)
  var threads = Log.verifyingThreads

  func validate() throws {
    if threads < 1 { throw ValidationError("--threads is 1 or more.") }
  }

  func run() throws {
    if let bundle { return try check(bundle) }
    let scope = VerificationScope(
      keys: try key.map(VerifierKey.init(text:)), keptElsewhere: try checkpoint.flatMap(EvidenceFiles.checkpoints))
    let (verification, hasKeys) =
      if let file {
        try verify(Log(copy: file, clock: SystemClock.now, logger: LedgerOptions.logger), scope, nil)
      } else {
        try ledger.withLedger { try verify($0, scope) }
      }
    if output.json {
      Output.json(verification.json(hasKeys: hasKeys))
    } else {
      verification.lines(hasKeys: hasKeys).forEach { Output.line($0) }
    }
    if !verification.isSound { throw ExitCode(.failures) }
    if !hasKeys, verification.checkpoints > 0 { throw Self.unsigned }
  }

  /// Whoever writes a whole log anew writes checkpoints that fit it, too.
  private static var unsigned: Fault {
    Fault(
      .logKeyUnusable,
      "The log agrees with itself, and nobody checked who signed its checkpoints: name the key that was kept elsewhere, as "
        + "`provledger log key` printed it, with --key.")
  }

  /// A ledger's log, with its own keys beside those that were named.
  private func verify(_ ledger: OpenLedger, _ named: VerificationScope) throws -> (Verification, hasKeys: Bool) {
    var scope = named
    var kept: VerificationFile?
    scope.viewsPosition = try ledger.views.position()
    do {
      let own = try ledger.evidence { Output.notice("\($0) was not read: \($1)") }
      scope.keys += own.keys
      scope.formerKeys = own.formerKeys
      scope.keptElsewhere += own.keptElsewhere
      scope.slack = own.slack
      kept =
        ledger.protection != nil
        ? nil : VerificationFile(path: "\(ledger.folder)/verify.state", secret: try ledger.secret(for: "verify"))
    } catch let fault as Fault where fault.code == .logKeyUnusable {
      Output.notice("Checkpoints are checked by --key alone: \(fault)")
    }
    var (verification, hasKeys) = try verify(ledger.log, scope, kept)
    // A log that is not as it was written would show the same things a second time.
    if since == nil, verification.isSound { verification.add(try openSeals(ledger, through: verification.size)) }
    // So that `status` and `doctor` know of it. Where it cannot be kept, the verification is no worse.
    let isProved = verification.isSound && (hasKeys || verification.checkpoints == 0)
    if since == nil, isProved, ledger.protection == nil { try? ledger.keep(verification) }
    return (verification, hasKeys)
  }

  private func openSeals(_ ledger: OpenLedger, through size: Int64) throws -> [Verification.Finding] {
    let progress = ProgressLine()
    defer { progress.end() }
    return try ledger.sealFindings(through: size) { done in
      progress.show("opening \(done) of \(size.of("event"))", done: Double(done) / Double(max(1, size)))
    }
  }

  private func verify(
    _ log: Log, _ scope: VerificationScope, _ kept: VerificationFile?
  ) throws -> (Verification, hasKeys: Bool) {
    if restart { kept?.remove() }
    let progress = ProgressLine()
    defer { progress.end() }
    let show: (VerificationProgress) -> Void = { step in
      let what = step.part == .entries ? "events" : "rows of the indexes"
      progress.show(
        "verifying \(step.done) of \(step.total) \(what)",
        done: step.total == 0 ? nil : Double(step.done) / Double(step.total))
    }
    let verification =
      if let since {
        try log.verify(since: try start(since, log), scope, threads: threads, progress: show)
      } else {
        try log.verify(scope, threads: threads, keptIn: kept, progress: show)
      }
    return (verification, !scope.keys.isEmpty)
  }

  /// The checkpoint from which on to read.
  private func start(_ since: String, _ log: Log) throws -> SignedCheckpoint {
    if since == "last" { return try log.keptCheckpoint() }
    if let size = Int64(since) { return try log.keptCheckpoint(size: size) }
    guard let newest = try EvidenceFiles.checkpoints(in: since).max(by: { $0.size < $1.size }) else {
      throw Fault(.noteInvalid, "\(since) holds no checkpoint; fetch it again from where it was kept.")
    }
    return newest
  }

  /// The keys of the ledger at hand; where there is none they have to be named.
  private func keysOfLedger() throws -> [VerifierKey] {
    do { return try ledger.withLedger { try $0.verifierKeys() } } catch let fault as Fault
      where fault.code == .ledgerMissing && ledger.folder == nil
    {
      throw ValidationError(
        "A proof is checked with the log's key: give --key, what `provledger log key` prints, or --ledger.")
    }
  }

  /// Without keys on the command line those of the ledger count.
  private func check(_ bundle: String) throws {
    let keys = key.isEmpty ? try keysOfLedger() : try key.map { try VerifierKey(text: $0) }
    let notes = try checkpoint.flatMap(EvidenceFiles.checkpoints)
    let proved = try EvidenceFiles.proved(in: bundle, keys: keys, notes: notes)
    if output.json { return Output.json(proved.json) }
    proved.lines.forEach { Output.line($0) }
  }
}

/// The files that a command about evidence is pointed at.
enum EvidenceFiles {
  /// The checkpoints of a file. Throws `FaultCode.noteInvalid`, also when there is none in it.
  static func checkpoints(in path: String) throws -> [SignedCheckpoint] {
    let notes = try SignedCheckpoint.all(in: path)
    if notes.isEmpty { throw Fault(.noteInvalid, "\(path) holds no checkpoint; name another file.") }
    return notes
  }

  /// What the file of a proof, of any kind, proves: as JSON, and in lines. `notes` are the checkpoints at hand.
  ///
  /// Throws `FaultCode.proofInvalid`, `FaultCode.noteInvalid` and the faults of a proof that does not hold.
  static func proved(
    in path: String, keys: [VerifierKey], notes: [SignedCheckpoint]
  ) throws -> (json: JSONValue, lines: [String]) {
    let bytes = try OutsideFile.read(
      path, limit: ZipArchive.limit, fault: .proofInvalid,
      "name a file that `provledger log prove` or `provledger evidence` wrote.")
    if ZipArchive.looksLike(bytes) {
      let pack = try ProvedPack(bytes, named: path, keys: keys, program: Provledger.configuration.version)
      return (pack.json, pack.lines)
    }
    let proved =
      OpenedProof.looksLike(bytes)
      ? try ProvedBundle(try OpenedProof(bytes, named: path), keys: keys)
      : try ProvedBundle(try ProofBundle(bytes, named: path), named: path, keys: keys, notes: notes)
    return (proved.json, proved.lines)
  }
}
