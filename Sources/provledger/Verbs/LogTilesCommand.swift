import ArgumentParser
import Base
import EventLog
import JSON
import Ledger
import Terminal

extension LogCommand {
  /// `provledger log tiles`
  struct TilesCommand: AsyncParsableCommand {
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
      try await ledger.withLedger { ledger in
        let checkpoint = try await ledger.checkpoint()
        let count = try write(Tiles(of: ledger.log, in: folder), checkpoint)
        if output.json {
          return Output.json(["size": .string(String(checkpoint.size)), "files": .integer(Int64(count))])
        }
        Output.line("\(folder) holds \(checkpoint.size.of("event")); \(count.of("file")) written")
      }
    }

    private func write(_ tiles: Tiles, _ checkpoint: SignedCheckpoint) throws -> Int {
      let progress = ProgressLine()
      defer { progress.end() }
      return try tiles.write(checkpoint) { done in
        progress.show("written \(done) of \(checkpoint.size.of("event"))", done: Double(done) / Double(checkpoint.size))
      }
    }
  }
}
