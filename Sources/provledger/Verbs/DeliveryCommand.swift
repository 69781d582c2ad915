import ArgumentParser
import Base
import JSON
import Ledger
import Operations
import Provisioning

/// `provledger delivery`
struct DeliveryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delivery", abstract: "Pending work: list, retry, skip, hold; pause and resume all of it.",
    discussion: """
      Examples:
        provledger delivery list
        provledger delivery retry --all
      """,
    subcommands: [
      ListCommand.self, RetryCommand.self, SkipCommand.self, HoldCommand.self, PauseCommand.self, ResumeCommand.self,
    ])

  /// `provledger delivery retry`
  struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "retry", abstract: "Let what is parked, given up, skipped or on hold be tried now.",
      discussion: """
        Examples:
          provledger delivery retry ada@contoso.com bob@contoso.com
          provledger delivery retry --all --reason "licences are there"

        --all is for what is parked or given up; to end a skip or a hold, name the person.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Argument(help: "Sign-in names, object ids, addresses, TeamViewer ids or aliases.")
    var users: [String] = []
    @Flag(help: "All that is parked or was given up.")
    var all = false
    @Option(help: "Why, in words; sealed under the person's key.")
    var reason: String?

    func validate() throws {
      if all != users.isEmpty { throw ValidationError("Name people, or say --all.") }
    }

    func run() async throws {
      try await ledger.withLedger { ledger in
        let control = DeliveryControl(ledger)
        if all { return try await retryAll(control) }
        for alias in try users.map({ try ledger.person($0).alias }) {
          output.show("retried", alias, try await control.retry(alias, reason: reason))
        }
      }
    }

    private func retryAll(_ control: DeliveryControl) async throws {
      let count = try await control.retryAll(reason: reason)
      if output.json { return Output.json(["done": "retried", "people": .integer(Int64(count))]) }
      Output.line("retried: \(count.people)")
    }
  }

  /// `provledger delivery skip`
  struct SkipCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "skip",
      abstract: "Do not deliver what is wanted for a person now; a changed decision or retry ends that.",
      discussion: """
        Example:
          provledger delivery skip ada@contoso.com --reason "account is made by hand"
        """)

    @OptionGroup var act: PersonActOptions

    func run() async throws {
      try await act.run("skipped") { try await DeliveryControl($0).skip($1, reason: $2) }
    }
  }

  /// `provledger delivery hold`
  struct HoldCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "hold", abstract: "Let no call leave for a person, whatever is decided, until retry.",
      discussion: """
        Example:
          provledger delivery hold ada@contoso.com --reason case-2026-17
        """)

    @OptionGroup var act: PersonActOptions

    func run() async throws {
      try await act.run("on hold") { try await DeliveryControl($0).hold($1, reason: $2) }
    }
  }

  /// `provledger delivery pause`
  struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "pause", abstract: "Let no call leave at all; a running worker stops sending at once.",
      discussion: """
        Examples:
          provledger delivery pause --reason "TeamViewer is being migrated"
          provledger delivery pause --for 2h --reason maintenance
          provledger delivery pause --until 2026-11-26T22:00Z --reason maintenance
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Option(help: "Why, in words; sealed under the ledger's own key.")
    var reason: String
    @Option(help: "When it ends by itself: 2026-11-26T22:00Z, tomorrow.")
    var until: Moment?
    @Option(name: .customLong("for"), help: "After how long it ends by itself: 90s, 30m, 2h, 1d.")
    var span: TimeSpan?

    func validate() throws {
      if until != nil, span != nil { throw ValidationError("Say --until or --for, not both.") }
    }

    func run() async throws {
      let now = SystemClock.now()
      let end = try until?.timestamp(of: "--until", now: now) ?? span.map { now + $0.duration }
      if let end, end <= now { throw ValidationError("--until \(end) is past.") }
      let position = try await ledger.withLedger { ledger in
        try await DeliveryControl(ledger).pause(until: end, reason: reason).last
      }
      if output.json {
        return Output.json([
          "done": "paused", "until": JSONValue(orNull: end?.description), "position": .string(String(position)),
        ])
      }
      Output.line("paused \(end.map { "until \($0)" } ?? "until `provledger delivery resume`") (event \(position))")
    }
  }

  /// `provledger delivery resume`
  struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "resume",
      abstract: "End the pause, an operator's or TeamViewer's; a running worker goes on at once.",
      discussion: """
        Examples:
          provledger delivery resume
          provledger delivery resume --accept-copy --reason "the disk was lost"

        --accept-copy lets this folder deliver although it is a copy of a ledger, or was restored from a backup. Be sure
        that the original delivers no more.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Option(help: "Why, in words; sealed under the ledger's own key.")
    var reason: String?
    @Flag(help: "Let a copy of a ledger, or a restored backup, deliver from here on; say why by --reason.")
    var acceptCopy = false

    func validate() throws {
      if acceptCopy, reason == nil { throw ValidationError("--accept-copy wants a --reason.") }
    }

    func run() async throws {
      let position = try await ledger.withLedger { ledger in
        let control = DeliveryControl(ledger)
        if acceptCopy, let reason { return try await control.acceptCopy(reason: reason).last }
        return try await control.resume(reason: reason).last
      }
      if output.json { return Output.json(["done": "resumed", "position": .string(String(position))]) }
      Output.line("resumed (event \(position))")
    }
  }
}
