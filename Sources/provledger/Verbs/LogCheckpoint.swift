import ArgumentParser
import Base
import EventLog
import JSON
import Ledger
import Operations
import Provisioning

extension Log {
  /// `provledger log key`
  struct ShowKey: AsyncParsableCommand {
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
      let ledger = try ledger.open()
      if rotate {
        let lock = try ledger.lock(.cycle)
        defer { withExtendedLifetime(lock) {} }
        let signed = try await Records(in: ledger, actor: Operator.name).rotateLogKey()
        Output.notice(
          "The checkpoint of \(signed.size) events carries both signatures. Hand the new key to who checks.")
      }
      let keys = all ? try ledger.verifierKeys() : [try ledger.verifierKey()]
      for key in keys { if output.json { Output.json(["key": .string(key.text)]) } else { Output.line(key.text) } }
    }
  }

  /// `provledger log checkpoint`
  struct SignCheckpoint: AsyncParsableCommand {
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
      let ledger = try ledger.open()
      guard list else { return print(try await ledger.checkpoint(), isFirst: true) }
      var next: Int64 = 0
      while case let batch = try ledger.log.checkpoints(from: next), let last = batch.last {
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

  /// `provledger log anchor`
  struct TellAnchors: AsyncParsableCommand {
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
      let ledger = try ledger.open()
      let anchors = ledger.configuration.log.anchors
      guard !anchors.isEmpty else {
        throw Fault(
          .anchorFailed,
          "provledger.yaml names no anchor; add a file under `log.anchorFiles` or a command under `log.anchorCommands`."
        )
      }
      let checkpoint = try await ledger.checkpoint()
      let faults = try await ledger.tellAnchors(of: checkpoint)
      for anchor in anchors {
        let (name, fault) = (ledger.name(of: anchor), faults[anchor])
        if output.json {
          Output.json([
            "anchor": .string(name), "size": .string(String(checkpoint.size)), "kept": .bool(fault == nil),
            "failure": fault.map { .string($0.sentence) } ?? .null,
          ])
        } else {
          Output.line("\(name): \(fault.map { "FAILED: \($0)" } ?? "holds \(checkpoint.size) events")")
        }
      }
      if !faults.isEmpty { throw ExitCode(.failures) }
    }
  }

  /// `provledger log tiles`
  struct WriteTiles: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "tiles",
      abstract: "Write the log as static files (C2SP tlog-tiles) that any web server can publish.",
      discussion: """
        Examples:
          provledger log tiles /srv/www/ledger

        Only what is new since the last time is written. The entries hold no personal data in clear, but aliases, times,
        codes and the login names of operators.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Argument(help: ArgumentHelp("The folder; it is made when it is not there.", valueName: "dir"))
    var folder: String

    func run() async throws {
      let ledger = try ledger.open()
      let checkpoint = try await ledger.checkpoint()
      let progress = ProgressLine()
      let count = try Tiles(of: ledger.log, in: folder).write(checkpoint) { done in
        progress.show("written \(done) of \(checkpoint.size) events", done: Double(done) / Double(checkpoint.size))
      }
      progress.end()
      if output.json {
        Output.json(["size": .string(String(checkpoint.size)), "files": .integer(Int64(count))])
      } else {
        Output.line("\(folder) holds \(checkpoint.size) events; \(count) files written")
      }
    }
  }
}

extension SignedCheckpoint {
  /// As a JSON object: what it states, and the note itself.
  var json: JSONValue {
    [
      "origin": .string(checkpoint.origin), "size": .string(String(size)), "root": .string(checkpoint.root.description),
      "note": .string(note.description),
    ]
  }
}
