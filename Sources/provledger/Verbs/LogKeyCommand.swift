import ArgumentParser
import Base
import EventLog
import JSON
import Ledger
import Operations

extension LogCommand {
  /// `provledger log key`
  struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "key",
      abstract: "Print the verifier key of the log's checkpoints, or replace the log's key.",
      discussion: """
        Examples:
          provledger log key > ledger.vkey
          provledger log key --all       those before a rotation too, the oldest first
          provledger log key --rotate
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Flag(help: "Print the keys that rotations replaced too.")
    var all = false
    @Flag(help: "Make a new key; the next checkpoint is signed by both.")
    var rotate = false

    func run() async throws {
      let keys = try await ledger.withLedger { ledger in
        if rotate { try await rotate(ledger) }
        return all ? try ledger.verifierKeys() : [try ledger.verifierKey()]
      }
      for key in keys { if output.json { Output.json(["key": .string(key.text)]) } else { Output.line(key.text) } }
    }

    private func rotate(_ ledger: OpenLedger) async throws {
      let lock = try ledger.lock(.cycle)
      defer { withExtendedLifetime(lock) {} }
      let signed = try await Records(ledger).rotateLogKey()
      Output.notice(
        "The checkpoint of \(signed.size.of("event")) carries both signatures. Hand the new key to who checks.")
    }
  }
}
