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
    subcommands: [List.self, Retry.self, Skip.self, Hold.self, Pause.self, Resume.self])

  /// `provledger delivery retry`
  struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let what is parked, given up, skipped or on hold be tried now.",
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
      let ledger = try ledger.open()
      let control = DeliveryCommand.control(ledger)
      guard all else {
        for alias in try users.map({ try ledger.person($0).alias }) {
          DeliveryCommand.tell("retried", alias, try await control.retry(alias, reason: reason), output)
        }
        return
      }
      let count = try await control.retryAll(reason: reason)
      if output.json { return Output.json(["done": "retried", "people": .integer(Int64(count))]) }
      Output.line("retried: \(count) people")
    }
  }

  /// `provledger delivery skip`
  struct Skip: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Do not deliver what is wanted for a person now; a changed decision or retry ends that.",
      discussion: """
        Example:
          provledger delivery skip ada@contoso.com --reason "account is made by hand"
        """)

    @OptionGroup var person: PersonOptions
    @Option(help: "Why, in words; sealed under the person's key.")
    var reason: String

    func run() async throws {
      let (found, ledger) = try person.find()
      let receipt = try await DeliveryCommand.control(ledger).skip(found.alias, reason: reason)
      DeliveryCommand.tell("skipped", found.alias, receipt, person.output)
    }
  }

  /// `provledger delivery hold`
  struct Hold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let no call leave for a person, whatever is decided, until retry.",
      discussion: """
        Example:
          provledger delivery hold ada@contoso.com --reason case-2026-17
        """)

    @OptionGroup var person: PersonOptions
    @Option(help: "Why, in words; sealed under the person's key.")
    var reason: String

    func run() async throws {
      let (found, ledger) = try person.find()
      let receipt = try await DeliveryCommand.control(ledger).hold(found.alias, reason: reason)
      DeliveryCommand.tell("on hold", found.alias, receipt, person.output)
    }
  }

  /// `provledger delivery pause`
  struct Pause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let no call leave at all; a running worker stops sending at once.",
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
    @Option(help: "When it ends by itself: 2026-11-26T22:00Z.")
    var until: Moment?
    @Option(name: .customLong("for"), help: "After how long it ends by itself: 90s, 30m, 2h, 1d.")
    var span: Span?

    func validate() throws {
      if until != nil, span != nil { throw ValidationError("Say --until or --for, not both.") }
    }

    func run() async throws {
      let ledger = try ledger.open()
      let end = until?.timestamp ?? span.map { ledger.clock() + $0.duration }
      if let end, end <= ledger.clock() { throw ValidationError("--until \(end) is past.") }
      let position = try await DeliveryCommand.control(ledger).pause(until: end, reason: reason).last
      if output.json {
        return Output.json([
          "done": "paused", "until": end.map { .string($0.description) } ?? .null,
          "position": .string(String(position)),
        ])
      }
      Output.line("paused \(end.map { "until \($0)" } ?? "until `provledger delivery resume`") (event \(position))")
    }
  }

  /// `provledger delivery resume`
  struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "End the pause; a running worker goes on at once.",
      discussion: """
        Example:
          provledger delivery resume
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Option(help: "Why, in words; sealed under the ledger's own key.")
    var reason: String?

    func run() async throws {
      let ledger = try ledger.open()
      let position = try await DeliveryCommand.control(ledger).resume(reason: reason).last
      if output.json { return Output.json(["done": "resumed", "position": .string(String(position))]) }
      Output.line("resumed (event \(position))")
    }
  }

  private static func control(_ ledger: Ledger) -> DeliveryControl {
    DeliveryControl(in: ledger, actor: Operator.name, waiting: tellWaiting)
  }

  private static func tell(_ what: String, _ alias: String, _ receipt: Receipt, _ output: FormatOptions) {
    if output.json {
      return Output.json(["done": .string(what), "alias": .string(alias), "position": .string(String(receipt.last))])
    }
    Output.line("\(what): \(alias) (event \(receipt.last))")
  }
}
