import ArgumentParser
import Base
import EventLog
import Foundation
import JSON
import Ledger
import Provisioning
import Views

/// `provledger verify`
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recompute the whole log: bytes, leaves, tree, checkpoints, order, index.",
    discussion: """
      Examples:
        provledger verify
        provledger verify --since last
        provledger verify --checkpoint checkpoints.txt
        provledger verify --bundle event-17.tlog-proof --key "$(cat ledger.vkey)"
        provledger verify --log copy.sqlite --key 'ledger.example/test+7a864099+AQOhB7/zzhC+...'

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
  var threads = EventLog.verifyingThreads

  func validate() throws {
    if threads < 1 { throw ValidationError("--threads is 1 or more.") }
  }

  func run() throws {
    if let bundle { return try check(bundle) }
    var scope = VerificationScope(keys: try key.map(VerifierKey.init(text:)), held: try checkpoint.flatMap(Self.notes))
    let log: EventLog
    var kept: VerificationFile?
    if let file {
      log = try EventLog(copy: file, clock: SystemClock.now, logger: LedgerOptions.logger)
    } else {
      let ledger = try ledger.open()
      log = ledger.log
      scope.viewsPosition = try ledger.views.position()
      do {
        let own = try ledger.verificationScope()
        scope.keys += own.keys
        scope.formerKeys = own.formerKeys
        kept = VerificationFile(path: "\(ledger.folder)/verify.state", secret: try ledger.secret(for: "verify"))
      } catch let fault as Fault where fault.code == .logKeyUnusable {
        Output.notice("Checkpoints are checked by --key alone: \(fault)")
      }
    }
    if restart { kept?.remove() }
    let progress = ProgressLine()
    let verification = try verify(log, scope, kept) { step in
      let what = step.part == .entries ? "events" : "rows of the indexes"
      progress.show(
        "verifying \(step.done) of \(step.total) \(what)",
        done: step.total == 0 ? nil : Double(step.done) / Double(step.total))
    }
    progress.end()
    if scope.keys.isEmpty, verification.checkpoints > 0 {
      Output.notice("No key was named with --key: the signatures on checkpoints were not checked.")
    }
    show(verification, hasKeys: !scope.keys.isEmpty)
    if !verification.isSound { throw ExitCode(.failures) }
  }

  private func verify(
    _ log: EventLog, _ scope: VerificationScope, _ kept: VerificationFile?,
    _ progress: (VerificationProgress) -> Void
  ) throws -> Verification {
    guard let since else { return try log.verify(scope, threads: threads, keptIn: kept, progress: progress) }
    return try log.verify(since: try start(since, log), scope, threads: threads, progress: progress)
  }

  /// The checkpoint from which on to read.
  private func start(_ since: String, _ log: EventLog) throws -> SignedCheckpoint {
    if since == "last" { return try log.keptCheckpoint() }
    if let size = Int64(since) { return try log.keptCheckpoint(size: size) }
    guard let newest = try Self.notes(since).max(by: { $0.size < $1.size }) else {
      throw Fault(.noteInvalid, "\(since) holds no checkpoint; fetch it again from where it was kept.")
    }
    return newest
  }

  private static func notes(_ path: String) throws -> [SignedCheckpoint] {
    try SignedCheckpoint.all(in: path)
  }

  private func show(_ verification: Verification, hasKeys: Bool) {
    if output.json {
      Output.json([
        "sound": .bool(verification.isSound), "size": .string(String(verification.size)),
        "since": .string(String(verification.since)),
        "root": verification.root.map { .string($0.description) } ?? .null,
        "checkpoints": .string(String(verification.checkpoints)), "signatures": .bool(hasKeys),
        "findings": .array(
          verification.findings.map { finding in
            [
              "kind": .string(finding.kind.rawValue),
              "position": finding.position.map { .string(String($0)) } ?? .null,
              "stream": finding.stream.map(JSONValue.string) ?? .null, "sentence": .string(finding.sentence),
            ]
          }),
      ])
      return
    }
    for finding in verification.findings { Output.line(finding.description) }
    if verification.isSound {
      let part = verification.since > 0 ? "\(verification.size - verification.since) of " : ""
      Output.line("sound: \(part)\(verification.size) events, root \(verification.root?.description ?? "-")")
      if verification.checkpoints > 0 { Output.line("checkpoints that agree: \(verification.checkpoints)") }
    } else {
      Output.line("TAMPERED: \(verification.findings.count) findings in \(verification.size) events")
    }
  }

  /// Without keys on the command line those of the ledger count.
  private func check(_ bundle: String) throws {
    let keys = key.isEmpty ? try ledger.open().verifierKeys() : try key.map { try VerifierKey(text: $0) }
    let proved = try BundleCheck.run(bundle, keys: keys, notes: try checkpoint.flatMap(Self.notes))
    if output.json { return Output.json(proved) }
    let (origin, size) = (proved["origin"]?.string ?? "", proved["size"]?.string ?? "")
    if let position = proved["position"]?.string {
      Output.line("proved: entry \(position) is in the log \(origin) of \(size) events")
      if let entry = proved["entry"]?.string { Output.line(entry) }
    } else {
      Output.line("proved: the log \(origin) of \(size) events begins with its first \(proved["old"]?.string ?? "")")
    }
  }
}
