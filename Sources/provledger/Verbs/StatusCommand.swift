import ArgumentParser
import Base
import Foundation
import JSON
import Ledger
import Provisioning
import Reports
import UnixSignals

/// `provledger status`
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show what runs, what is pending, how far it is and what hurts.",
    discussion: """
      Examples:
        provledger status
        provledger status --json
        provledger status --watch                    until Ctrl-C
        provledger status --watch --json | tee log   a line whenever something changed
      """)

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions
  @Flag(
    help: "Go on until SIGINT or SIGTERM: drawn anew on a terminal, elsewhere printed again when something changed.")
  var watch = false
  @Option(help: "With --watch: seconds between two looks, 1 to 3600.")
  var interval = 2

  func validate() throws {
    if !(1...3600).contains(interval) { throw ValidationError("--interval is 1 to 3600 seconds.") }
  }

  func run() async throws {
    try await ledger.withLedger { ledger in
      if watch { return try await follow(ledger) }
      Output.raw(text(try StatusReport(ledger), ledger).utf8)
    }
  }

  private func follow(_ ledger: OpenLedger) async throws {
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await look(ledger) }
      group.addTask { for await _ in signals { return } }
      try await group.next()
      group.cancelAll()
    }
  }

  private func text(_ status: StatusReport, _ ledger: OpenLedger) -> String {
    if output.json { return status.json.text + "\n" }
    return Output.aligned(status.rows(folder: ledger.folder, now: ledger.clock())).map { "\($0)\n" }.joined()
  }

  /// Looks again and again, and shows what is new; ends when it is cancelled.
  private func look(_ ledger: OpenLedger) async throws {
    let isTerminal = !output.json && isatty(STDOUT_FILENO) == 1
    var last: String?
    while !Task.isCancelled {
      let status = try StatusReport(ledger)
      let bytes = status.json.text
      if isTerminal || bytes != last {
        // On a terminal: home, and all that was there away. Elsewhere an empty line between two blocks.
        let before = isTerminal ? "\u{1B}[H\u{1B}[2J" : last == nil || output.json ? "" : "\n"
        do { try PipeWriter.write(Array((before + text(status, ledger)).utf8)) } catch is CancellationError { return }
      }
      last = bytes
      do { try await Task.sleep(for: .seconds(interval)) } catch { return }
    }
  }
}
