import ArgumentParser
import Base
import EventLog
import Ledger
import Reports

extension LogCommand {
  /// `provledger log anchor`
  struct AnchorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "anchor",
      abstract: "Sign the log, and hand the checkpoint to every anchor of the configuration.",
      discussion: """
        Examples:
          provledger log anchor
          provledger log anchor --json

        Ends with 1 when an anchor failed. The worker does the same after each checkpoint, and tries again.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions

    func run() async throws {
      let anchors = try await ledger.withLedger { ledger in
        let anchors = ledger.configuration.log.anchors
        guard !anchors.isEmpty else {
          throw Fault(
            .anchorFailed,
            "provledger.yaml names no anchor; add a file under `log.anchorFiles` or a command under `log.anchorCommands`."
          )
        }
        let checkpoint = try await ledger.checkpoint()
        let faults = try await ledger.tellAnchors(of: checkpoint)
        return anchors.map { ToldAnchor(name: ledger.name(of: $0), size: checkpoint.size, fault: faults[$0]) }
      }
      for anchor in anchors { if output.json { Output.json(anchor.json) } else { Output.line(anchor.line) } }
      if anchors.contains(where: { $0.fault != nil }) { throw ExitCode(.failures) }
    }
  }
}
