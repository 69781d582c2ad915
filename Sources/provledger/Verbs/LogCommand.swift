import ArgumentParser
import Base
import EventLog
import Ledger
import Operations
import Provisioning

/// `provledger log`
struct LogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "The log itself.",
    discussion: """
      Examples:
        provledger log checkpoint
        provledger log export > entries.ndjson
      """,
    subcommands: [
      ExportCommand.self, FollowCommand.self, KeyCommand.self, CheckpointCommand.self, ProveCommand.self,
      AnchorCommand.self, TilesCommand.self,
    ])

  /// `provledger log export`
  struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export",
      abstract: "Write the raw entries as NDJSON: each line is the leaf data of the Merkle tree.",
      discussion: """
        Examples:
          provledger log export > entries.ndjson
          provledger log export --checkpoint kept.note > entries.ndjson
          provledger log export --from 1000 --to 1999

        --checkpoint signs the log, that it was exported included, and exports exactly what was signed, so that entries,
        checkpoint, and proofs under it hold for one another.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var look: LookOptions
    @Option(help: "The first position.")
    var from: Int64 = 1
    @Option(help: "The last position (default: the newest).")
    var to: Int64?
    @Option(
      help: ArgumentHelp("Write the checkpoint that covers exactly what is exported into a file.", valueName: "file"))
    var checkpoint: String?

    func validate() throws {
      if checkpoint != nil, to != nil || from != 1 {
        throw ValidationError("--checkpoint exports all that it covers: leave --from and --to out.")
      }
      if from < 1 { throw ValidationError("--from is a position, 1 or more.") }
      if let to, to < from { throw ValidationError("--to is a position, \(from) or more.") }
    }

    func run() async throws {
      try await ledger.withLedger { ledger in
        if ledger.protection == nil { try await ledger.checkpoint() }
        let last = min(to ?? .max, try ledger.log.lastPosition())
        // Before the first byte: whoever reads may go away at any moment with what they have.
        let count = checkpoint == nil ? Int(max(0, last - from + 1)) : nil
        let filter = checkpoint == nil ? "from \(from) to \(last)" : "all that the checkpoint covers"
        try await look.export("log", "log export", format: "ndjson", count: count, filter: filter, of: ledger)
        try write(ledger.log, through: try keepCheckpoint(ledger) ?? last)
      }
    }

    /// Writes the newest checkpoint into the file, and returns its size; nil where none was asked for.
    private func keepCheckpoint(_ ledger: OpenLedger) throws -> Int64? {
      guard let checkpoint else { return nil }
      let newest = try ledger.log.keptCheckpoint()
      do {
        try PrivateFile.write(Array(newest.note.description.utf8), path: checkpoint, mode: 0o644)
      } catch let failure as PrivateFile.Failure {
        throw Fault(.outputUnwritable, "\(checkpoint) cannot be written: \(failure.text).")
      }
      return newest.size
    }

    private func write(_ log: Log, through last: Int64) throws {
      var next = from
      while next <= last {
        let events = try log.read(from: next, limit: Int(min(1000, last - next + 1)))
        guard let newest = events.last else { break }
        for event in events { Output.raw(event.entry + [UInt8(ascii: "\n")]) }
        next = newest.position + 1
      }
    }
  }
}
