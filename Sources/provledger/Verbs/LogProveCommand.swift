import ArgumentParser
import Base
import EventLog
import Foundation
import JSON
import Ledger
import Provisioning
import Sealing

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
          provledger log prove event 17 --checkpoint kept.note > event-17.tlog-proof
          provledger log prove event 17 --open desired > event-17.json

        What an event says of a person is sealed. --open discloses members of it, and proves them; nothing else can be
        read by the file. That somebody took it out goes on record. It cannot be called back.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @OptionGroup var look: LookOptions
    @Argument(help: "The event's position.")
    var position: Int64
    @Flag(help: "Leave the entry out of the file.")
    var bare = false
    @Option(
      name: .customLong("open"),
      help: ArgumentHelp("Disclose what a sealed member of the event says; several may be given.", valueName: "member"))
    var members: [String] = []
    @Option(
      help: ArgumentHelp("Prove it under the checkpoint in a file, not under the newest.", valueName: "file"))
    var checkpoint: String?

    func validate() throws {
      if bare, !members.isEmpty { throw ValidationError("--open needs the entry: leave --bare out.") }
    }

    func run() async throws {
      let text = try await ledger.withLedger { try await file($0) }
      if output.json {
        Output.json(["position": .string(String(position)), "proof": .string(text)])
      } else {
        Output.raw(text.utf8)
      }
    }

    private func file(_ ledger: OpenLedger) async throws -> String {
      let checkpoint = try await statement(ledger)
      let inclusion = try ledger.log.inclusionProof(of: position, size: checkpoint.size)
      let recorded = bare ? nil : try ledger.log.read(from: position, limit: 1).first
      let proof = EventProof(entry: recorded?.entry, proof: inclusion, checkpoint: checkpoint)
      guard !members.isEmpty, let recorded else { return proof.text }
      let disclosures = try members.map { try ledger.codec.disclose(member: $0, of: recorded) }
      let filter = "event \(position): \(members.joined(separator: ", "))"
      try await look.record("log prove event", count: 1, filter: filter, of: ledger)
      return OpenedProof(proof: proof, disclosures: disclosures).json.text + "\n"
    }

    /// The checkpoint of a file, as this log keeps it; else the newest, where it covers the event.
    private func statement(_ ledger: OpenLedger) async throws -> SignedCheckpoint {
      guard let checkpoint else {
        let newest = try ledger.log.newestCheckpoint()?.checkpoint
        return if let newest, newest.size >= position { newest } else { try await ledger.checkpoint() }
      }
      let named = try EvidenceFiles.checkpoints(in: checkpoint)
      guard let chosen = named.filter({ $0.size >= position }).min(by: { $0.size < $1.size }) else {
        throw Fault(
          .proofInvalid,
          "No checkpoint in \(checkpoint) covers event \(position); leave --checkpoint out, or name a later one.")
      }
      let kept = try ledger.log.keptCheckpoint(size: chosen.size)
      guard kept.checkpoint == chosen.checkpoint else {
        throw Fault(
          .proofFails,
          """
          The checkpoint of \(chosen.size.of("event")) in \(checkpoint) is not this log's: run \
          `provledger verify --checkpoint \(checkpoint)`.
          """)
      }
      return chosen
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
