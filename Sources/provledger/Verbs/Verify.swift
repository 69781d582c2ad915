import ArgumentParser
import EventLog
import JSON
import Ledger
import Provisioning

/// `provledger verify`
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recompute the whole log: bytes, leaves, tree, order, index.",
    discussion: """
      Examples:
        provledger verify
        provledger verify --json
        provledger verify --bundle event-17.tlog-proof --key "$(cat ledger.vkey)"

      Ends with 0 when the log is sound, 1 when it was tampered with, 74 when it could not be checked.
      """)

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions
  @Option(help: ArgumentHelp("Check a file of `log prove` instead, without a ledger.", valueName: "file"))
  var bundle: String?
  @Option(help: ArgumentHelp("A verifier key to go by; may be given several times.", valueName: "vkey"))
  var key: [String] = []
  @Option(help: ArgumentHelp("A file of checkpoints that were kept elsewhere.", valueName: "file"))
  var checkpoint: [String] = []

  func run() throws {
    if let bundle { return try check(bundle) }
    let ledger = try ledger.open()
    let progress = ProgressLine()
    let verification = try ledger.log.verify { done, size in
      progress.show("verifying \(done) of \(size) events", done: size == 0 ? nil : Double(done) / Double(size))
    }
    progress.end()
    if output.json {
      Output.json([
        "sound": .bool(verification.isSound), "size": .string(String(verification.size)),
        "root": verification.root.map { .string($0.description) } ?? .null,
        "findings": .array(
          verification.findings.map { finding in
            [
              "kind": .string(finding.kind.rawValue),
              "position": finding.position.map { .string(String($0)) } ?? .null,
              "stream": finding.stream.map(JSONValue.string) ?? .null, "sentence": .string(finding.sentence),
            ]
          }),
      ])
    } else if verification.isSound {
      Output.line("sound: \(verification.size) events, root \(verification.root?.description ?? "-")")
    } else {
      for finding in verification.findings { Output.line(finding.description) }
      Output.line("TAMPERED: \(verification.findings.count) findings in \(verification.size) events")
    }
    if !verification.isSound { throw ExitCode(.failures) }
  }

  /// Without keys on the command line those of the ledger count.
  private func check(_ bundle: String) throws {
    let keys = key.isEmpty ? try ledger.open().verifierKeys() : try key.map { try VerifierKey(text: $0) }
    let notes = try checkpoint.flatMap { path in
      try SignedNote.all(in: BundleCheck.bytes(path), named: path).map { try SignedCheckpoint($0) }
    }
    let proved = try BundleCheck.run(bundle, keys: keys, notes: notes)
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
