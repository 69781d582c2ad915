import ArgumentParser
import Audit
import Base
import EventLog
import JSON
import Ledger
import Operations
import Provisioning
import Terminal
import Views

/// `provledger views`
struct ViewsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "views",
    abstract: "The views: what is derived from the log.",
    discussion: """
      Examples:
        provledger views check
        provledger views rebuild
      """, subcommands: [RebuildCommand.self, CheckCommand.self])

  /// `provledger views rebuild`
  struct RebuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rebuild",
      abstract: "Build the views anew beside the live ones and put them in place; readers go on.",
      discussion: """
        Example:
          provledger views rebuild
          provledger views rebuild --audit     the rows of `provledger audit`

        Ends with 1 when the live views differed from the rebuilt ones, which are in place all the same. Views that know
        more than the log are evidence that the log was cut or put back, and are left alone; with --accept-loss the log
        is verified first, what that says is printed, a copy of them is kept, and that you went on is recorded.

        The rows of `provledger audit` are built apart, in pieces: cut off, they go on when somebody asks.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Flag(help: "Rebuild views that know more than the log, once you have decided to go on without those events.")
    var acceptLoss = false
    @Flag(help: "The rows of `provledger audit`, instead of the views.")
    var audit = false

    func validate() throws {
      if audit, acceptLoss { throw ValidationError("Say --audit or --accept-loss, not both.") }
    }

    func run() async throws {
      if audit { return try AuditComparison.run(ledger, output, isInstalled: true) { try $0.rebuild($1) } }
      var loss: LossAccepted?
      let comparison = try ViewsComparison.run(ledger, writes: true) { ledger, progress in
        if acceptLoss {
          for finding in try ledger.log.verify(try ledger.evidence()).findings { Output.notice(finding.description) }
          let (seen, newest) = (try ledger.views.position(), try ledger.log.lastPosition())
          if seen > newest { loss = LossAccepted(seen: seen, newest: newest) }
        }
        return try ledger.views.rebuild(acceptingLoss: acceptLoss, progress)
      }
      // Only now: an event more, and the views would not be ahead of the log by as much as they were.
      if let loss {
        try await ledger.withLedger {
          _ = try await Records(in: $0, actor: Operator.name).accept(loss)
          try $0.resetAudit()
        }
      }
      try ViewsComparison.finish(comparison, output, isInstalled: true)
    }
  }

  /// `provledger views check`
  struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check", abstract: "Build the views anew beside the live ones and compare.",
      discussion: """
        Examples:
          provledger views check
          provledger views check --audit       the rows of `provledger audit`
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Flag(help: "The rows of `provledger audit`, instead of the views.")
    var audit = false

    func run() throws {
      if audit { return try AuditComparison.run(ledger, output, isInstalled: false) { try $0.check($1) } }
      let comparison = try ViewsComparison.run(ledger) { try $0.views.check($1) }
      try ViewsComparison.finish(comparison, output, isInstalled: false)
    }
  }
}

/// What both verbs do: compare, and say what was found.
private enum ViewsComparison {
  static func run<Comparison>(
    _ options: LedgerOptions, writes: Bool = false, _ body: (OpenLedger, (Int64) -> Void) throws -> Comparison
  ) throws -> Comparison {
    let progress = ProgressLine()
    defer { progress.end() }
    return try options.withLedger { ledger in
      if writes { try ledger.requireWritable() }
      let size = try ledger.log.lastPosition()
      return try body(ledger) { position in
        progress.show("\(position) of \(size.of("event"))", done: size == 0 ? nil : Double(position) / Double(size))
      }
    }
  }

  static func finish(
    _ comparison: ViewStore.Comparison, _ output: FormatOptions, isInstalled: Bool
  ) throws {
    if output.json {
      Output.json(comparison.json(isInstalled: isInstalled))
    } else if comparison.isEqual {
      Output.good("equal at event \(comparison.position), digest \(comparison.rebuilt)")
    } else {
      let tables = comparison.differing.joined(separator: ", ")
      Output.line("DIFFERENT at event \(comparison.position): \(tables)")
      Output.line(isInstalled ? "the rebuilt views are in place" : "run `provledger views rebuild`")
    }
    if !comparison.isEqual { throw ExitCode(.failures) }
  }
}

/// The same for the rows of the audit.
private enum AuditComparison {
  static func run(
    _ options: LedgerOptions, _ output: FormatOptions, isInstalled: Bool,
    _ body: @escaping (AuditStore, (Int64) -> Void) throws -> AuditStore.Comparison
  ) throws {
    let comparison = try ViewsComparison.run(options, writes: isInstalled) { ledger, progress in
      let audit = try ledger.audit()
      defer { try? audit.close() }
      return try body(audit, progress)
    }
    if output.json {
      Output.json(comparison.json(isInstalled: isInstalled))
    } else if comparison.isEqual, comparison.position == 0 {
      Output.line("there are no rows yet; `provledger audit` makes them from the log")
    } else if comparison.isEqual {
      Output.good("equal at event \(comparison.position), digest \(comparison.rebuilt)")
    } else {
      Output.line("DIFFERENT at event \(comparison.position)")
      Output.line(isInstalled ? "the rebuilt rows are in place" : "run `provledger views rebuild --audit`")
    }
    if !comparison.isEqual { throw ExitCode(.failures) }
  }
}
