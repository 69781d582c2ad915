import ArgumentParser
import Base
import Cycles
import JSON
import Ledger
import Operations
import Provisioning
import Terminal
import Views

/// `provledger cycle`
struct CycleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cycle", abstract: "Passes over Entra ID: read it now, begin anew, look at those that were.",
    discussion: """
      Examples:
        provledger cycle run
        provledger cycle list
        provledger cycle restart
      """,
    subcommands: [RunCommand.self, RestartCommand.self, ListCommand.self])

  /// `provledger cycle run`
  struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "run", abstract: "Read Entra ID through Microsoft Graph and run one cycle: observe, decide, append.",
      discussion: """
        Examples:
          provledger cycle run            what has changed since the last cycle
          provledger cycle run --full     everybody
          provledger cycle run --json

        After a changed configuration, an import, or more than Microsoft's days without a cycle everybody is read.
        If the safeguard trips, the rest is applied and the command ends with 1.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @OptionGroup var logging: LogOptions
    @Flag(help: "Read everybody, not only what has changed.")
    var full = false

    func run() async throws {
      try await ledger.withLedger { ledger in
        if let warning = try ledger.configurationWarning() { Output.notice(warning) }
        let line = ProgressLine()
        defer { line.end() }
        let summary = try await GraphConnection.using(ledger) { connection in
          try await GraphCycle(over: connection.source, into: ledger, actor: Operator.name)
            .run(full: full) { Self.show($0, on: line) }
        }
        line.end()
        try CycleOutput.tell(summary, json: output.json, orElse: "correct the directory, and run a cycle")
      }
    }

    private static func show(_ progress: GraphCycle.Progress, on line: ProgressLine) {
      switch progress {
      case .reading(let users): line.show("reading Entra ID: \(users.of("user"))")
      case .assignments(let count): line.show("reading Entra ID: \(count.of("assignment"))")
      case .resync: Output.notice("Microsoft no longer knows where the last cycle ended: everybody is read.")
      case .cycle(let progress): CycleOutput.show(progress, on: line)
      }
    }
  }

  /// `provledger cycle list`
  struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "The newest cycles, and what each did.",
      discussion: """
        Examples:
          provledger cycle list
          provledger cycle list --limit 5 --json
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Option(help: "How many to show, 1 to 1000.")
    var limit = 20

    func validate() throws {
      if !(1...1000).contains(limit) { throw ValidationError("Say --limit with a number from 1 to 1000.") }
    }

    func run() throws {
      let cycles = try ledger.withLedger { ledger in
        try ledger.views.catchUp()
        return try ledger.views.cycles(limit: limit)
      }
      if output.json { return cycles.forEach { Output.json($0.json) } }
      if cycles.isEmpty { return Output.line("no cycle yet; import an export, or: provledger cycle run") }
      Output.table(
        ["STARTED", "SOURCE", "READ", "CHANGED", "DECIDED", "CYCLE"],
        cycles.map {
          let counts = $0.counts
          return [
            $0.started.description, "\($0.directory.name) \($0.source.rawValue)",
            counts["read"]?.words ?? $0.state.rawValue,
            counts["observed"]?.words ?? "", counts.decisions, $0.id,
          ]
        })
    }
  }
}

extension JSONValue {
  /// A number as text.
  fileprivate var words: String? { integer.map { "\($0)" } }

  /// `3 create, 1 disable`, of a cycle's counts.
  fileprivate var decisions: String {
    Decision.Action.allCases.compactMap { action in
      self[action.rawValue]?.integer.map { "\($0) \(action.rawValue)" }
    }.joined(separator: ", ")
  }
}

extension CycleRow {
  /// As a JSON object.
  fileprivate var json: JSONValue {
    [
      "id": .string(id), "directory": .string(directory.name), "source": .string(source.rawValue),
      "initial": .bool(isInitial), "started": .string(started.description), "state": .string(state.rawValue),
      "counts": counts,
    ]
  }
}
