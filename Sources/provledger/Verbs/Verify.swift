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

      Ends with 0 when the log is sound, 1 when it was tampered with, 74 when it could not be checked.
      """)

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
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
}
