import ArgumentParser
import Base
import Foundation
import JSON
import Ledger
import Provisioning
import Reports
import Terminal
import UnixSignals

/// `provledger status`
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show what runs, what is pending, how far it is and what hurts.",
    discussion: """
      Examples:
        provledger status
        provledger status --json
        provledger status --check                    well, degraded or broken, and why
        provledger status --format prometheus        metrics for a textfile collector
        provledger status --watch                    until Ctrl-C
        provledger status --watch --json | tee log   a line whenever something changed
        provledger status --as-of yesterday          what the log said then
      """)

  /// The forms of the status.
  enum Format: String, CaseIterable {
    case text
    case json
    case prometheus
  }

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions
  @OptionGroup var past: PastOptions
  @Option(help: "The form: text, json or prometheus.", completion: .words(Format.self), transform: choice)
  var format = Format.text
  @Flag(help: "Say in one line whether all is well and end with 0 (well), 1 (degraded) or 2 (broken).")
  var check = false
  @Flag(
    help: "Go on until SIGINT or SIGTERM: drawn anew on a terminal, elsewhere printed again when something changed.")
  var watch = false
  @Option(help: "With --watch: seconds between two looks, 1 to 3600.")
  var interval = 2

  func validate() throws {
    if watch, check || format == .prometheus {
      throw ValidationError("--watch goes with neither --check nor prometheus.")
    }
    if past.asOf != nil, watch || check || format == .prometheus {
      throw ValidationError("--as-of goes with text and JSON alone.")
    }
    if check, format == .prometheus { throw ValidationError("Metrics say how the ledger is without --check.") }
    if !(1...3600).contains(interval) { throw ValidationError("--interval is 1 to 3600 seconds.") }
  }

  func run() async throws {
    try await ledger.withLedger { ledger in
      if watch { return try await follow(ledger) }
      if let moment = try past.moment(in: ledger) {
        return Output.raw(text(try StatusReport(ledger, asOf: moment), ledger).utf8)
      }
      let status = try StatusReport(ledger)
      let health = Health(status, ledger.configuration.monitoring, at: ledger.clock())
      if check { return try tell(health) }
      Output.raw((format == .prometheus ? status.metrics(health) : text(status, ledger)).utf8)
    }
  }

  private var isJSON: Bool { output.json || format == .json }

  private func tell(_ health: Health) throws {
    if isJSON { Output.json(health.json) } else { Output.line(health.line) }
    if health.level > .well { throw ExitCode(Int32(health.level.rawValue)) }
  }

  private func follow(_ ledger: OpenLedger) async throws {
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
    let screen = !isJSON && Screen.isTerminal(STDOUT_FILENO) ? Self.secondScreen : nil
    screen?.take()
    // However it ends, the terminal is as it was.
    defer { screen?.give() }
    // Stopped by Ctrl-Z, the terminal is as it was; the next look draws all of it again.
    let suspension = screen.map { screen in Suspension(leave: screen.give, enter: screen.take) }
    defer { withExtendedLifetime(suspension) {} }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        if let screen { try await draw(ledger, on: screen) } else { try await print(ledger) }
      }
      group.addTask { for await _ in signals { return } }
      try await group.next()
      group.cancelAll()
    }
  }

  private static var secondScreen: SecondScreen { SecondScreen { try PipeWriter.write(Array($0.utf8)) } }

  private func text(_ status: StatusReport, _ ledger: OpenLedger) -> String {
    isJSON ? status.json.text + "\n" : lines(status, ledger).map { "\($0)\n" }.joined()
  }

  private func lines(_ status: StatusReport, _ ledger: OpenLedger) -> [String] {
    Output.lines(status.rows(folder: ledger.folder, now: ledger.clock()))
  }

  /// Draws it again and again, at the size that the terminal has; ends when it is cancelled.
  private func draw(_ ledger: OpenLedger, on screen: SecondScreen) async throws {
    try await repeated {
      let height = Screen.size(STDOUT_FILENO)?.lines ?? 24
      try screen.draw(AlternateScreen.frame(lines(try StatusReport(ledger), ledger), height: height))
    }
  }

  /// Looks again and again, and prints what is new; ends when it is cancelled.
  private func print(_ ledger: OpenLedger) async throws {
    var last: String?
    try await repeated {
      let status = try StatusReport(ledger)
      let bytes = status.json.text
      // An empty line between two blocks.
      let before = last == nil || isJSON ? "" : "\n"
      if bytes != last { try PipeWriter.write(Array((before + text(status, ledger)).utf8)) }
      last = bytes
    }
  }

  private func repeated(_ body: () throws -> Void) async throws {
    while !Task.isCancelled {
      do {
        try body()
        try await Task.sleep(for: .seconds(interval))
      } catch is CancellationError { return }
    }
  }
}
