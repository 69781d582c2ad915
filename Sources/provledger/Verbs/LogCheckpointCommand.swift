import ArgumentParser
import EventLog
import JSON
import Ledger
import Reports

extension LogCommand {
  /// `provledger log checkpoint`
  struct CheckpointCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "checkpoint",
      abstract: "Sign the log as it stands, and print the signed note.",
      discussion: """
        Examples:
          provledger log checkpoint
          provledger log checkpoint --list

        The note says the log's name, its size and its Merkle root. Keep it where this machine's administrator cannot
        write: then no change to the log before it stays hidden.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Flag(help: "Print all checkpoints that were signed, and sign none.")
    var list = false

    func run() async throws {
      try await ledger.withLedger { ledger in
        if list { return try printAll(ledger.log) }
        print(try await ledger.checkpoint(), isFirst: true)
      }
    }

    private func printAll(_ log: Log) throws {
      var next: Int64 = 0
      while case let batch = try log.checkpoints(from: next), let last = batch.last {
        for signed in batch { print(signed, isFirst: signed == batch.first && next == 0) }
        next = last.size + 1
      }
    }

    private func print(_ signed: SignedCheckpoint, isFirst: Bool) {
      if output.json { return Output.json(signed.json) }
      if !isFirst { Output.line() }
      Output.raw(signed.note.description.utf8)
    }
  }
}
