import ArgumentParser
import Base
import EventLog
import Foundation
import JSON
import Ledger
import Provisioning

extension LogCommand {
  /// `provledger log prove`
  struct ProveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prove", abstract: "Prove to somebody without the log that it holds an event, or that it only grew.",
      discussion: """
        Examples:
          provledger log prove event 17 > event-17.tlog-proof
          provledger log prove consistency 1000 2000 > growth.txt
        """,
      subcommands: [ProveEventCommand.self, ProveConsistencyCommand.self])
  }

  /// `provledger log prove event`
  struct ProveEventCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "event",
      abstract: "Write a file that proves one event: entry, way up the tree, signed checkpoint (C2SP tlog-proof).",
      discussion: """
        Examples:
          provledger log prove event 17 > event-17.tlog-proof
          provledger verify --bundle event-17.tlog-proof --key "$(provledger log key)"
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Argument(help: "The event's position.")
    var position: Int64
    @Flag(help: "Leave the entry out of the file.")
    var bare = false

    func run() async throws {
      let text = try await ledger.withLedger { try await proof($0).text }
      if output.json {
        Output.json(["position": .string(String(position)), "proof": .string(text)])
      } else {
        Output.raw(text.utf8)
      }
    }

    private func proof(_ ledger: OpenLedger) async throws -> EventProof {
      let newest = try ledger.log.newestCheckpoint()?.checkpoint
      let checkpoint = if let newest, newest.size >= position { newest } else { try await ledger.checkpoint() }
      let proof = try ledger.log.inclusionProof(of: position, size: checkpoint.size)
      let entry = bare ? nil : try ledger.log.read(from: position, limit: 1).first?.entry
      return EventProof(entry: entry, proof: proof, checkpoint: checkpoint)
    }
  }

  /// `provledger log prove consistency`
  struct ProveConsistencyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "consistency",
      abstract: "Write a file that proves that the log of a checkpoint begins with an older one.",
      discussion: """
        Examples:
          provledger log prove consistency 1000 2000 > growth.txt
          provledger verify --bundle growth.txt --checkpoint old.note

        NEW must be the size of a checkpoint that was signed; `log checkpoint --list` shows them. The file is the body
        that a witness of C2SP tlog-witness takes.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Argument(help: "The older size.")
    var old: Int64
    @Argument(help: "The newer size.")
    var new: Int64

    func run() throws {
      let text = try ledger.withLedger { try proof($0.log).text }
      if output.json {
        Output.json(["old": .string(String(old)), "new": .string(String(new)), "proof": .string(text)])
      } else {
        Output.raw(text.utf8)
      }
    }

    private func proof(_ log: Log) throws -> GrowthProof {
      guard let checkpoint = try log.checkpoints(from: new, limit: 1).first, checkpoint.size == new else {
        throw Fault(
          .proofOutside,
          "No checkpoint of \(new.of("event")) was signed; `provledger log checkpoint --list` shows the sizes.")
      }
      return GrowthProof(proof: try log.consistencyProof(old: old, new: new), checkpoint: checkpoint)
    }
  }
}
