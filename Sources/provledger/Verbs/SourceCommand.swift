public import ArgumentParser
import Base
import JSON
import Ledger
import Operations
public import Provisioning

extension DirectorySourceID: ExpressibleByArgument {
  /// A name of the right form.
  public init?(argument: String) {
    self.init(argument)
    if !isValid { return nil }
  }

  /// The name.
  public var defaultValueDescription: String { name }
}

/// `provledger source`
struct SourceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "source", abstract: "The sources that own people: the way to Entra ID, who owns whom, handing over.",
    discussion: """
      Examples:
        provledger source test
        provledger source list
        provledger source handover directory partners -o plan.json
        provledger source detach partners
      """,
    subcommands: [TestCommand.self, ListCommand.self, HandoverCommand.self, DetachCommand.self])

  /// `provledger source list`
  struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: "Every source that owns somebody, and how many people.",
      discussion: """
        Examples:
          provledger source list
          provledger source list --json
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions

    func run() throws {
      let sources = try ledger.withLedger { try Sources(in: $0, actor: Operator.name).list() }
      if output.json {
        for (source, people) in sources {
          Output.json(["source": .string(source.name), "people": .integer(Int64(people))])
        }
      } else if sources.isEmpty {
        Output.line("no source owns anybody yet; import an export first")
      } else {
        Output.rows(sources.map { [$0.source.name, $0.people.people] })
      }
    }
  }

  /// `provledger source handover`
  struct HandoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "handover",
      abstract: "Plan how the people of one source become another's. Changes nothing.",
      discussion: """
        Examples:
          provledger source handover directory partners -o plan.json
          provledger source handover directory graph --match userName -o plan.json

        Import the other source once before, and `provledger apply` the plan. Everybody keeps account and history; nobody gets a second account. The next import of the other source decides
        about them. Without --match both sources name people by the same id. The plan names people: keep it private.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @OptionGroup var look: LookOptions
    @Argument(help: "The source that gives.")
    var from: DirectorySourceID
    @Argument(help: "The source that takes.")
    var to: DirectorySourceID
    @Option(
      help: "How people are found to be the same: id or userName.", completion: .words(HandoverPlan.Match.self),
      transform: choice)
    var match = HandoverPlan.Match.id
    @Option(name: [.customShort("o"), .customLong("plan")], help: "The file to write the plan to.")
    var file: String
    @Flag(help: "Replace the file if there is one.")
    var force = false

    func validate() throws {
      if from == to { throw ValidationError("A source has its people already; name another one to take them.") }
    }

    func run() async throws {
      let plan = try await ledger.withLedger { ledger in
        let plan = try Sources(ledger).plan(from: from, to: to, match: match)
        let filter = "\(from.name) to \(to.name)"
        try await look.record("source handover", count: plan.entries.count, filter: filter, of: ledger)
        try PlanFile.write(.handover(plan), of: ledger, path: file, force: force)
        return plan
      }
      if output.json { return Output.json(plan.summary(file)) }
      Output.line("plan: \(plan.entries.count.people) of \(from.name) become \(to.name)'s, in \(file)")
      for (reason, names) in plan.left.names() {
        Output.line("\(reason.sentence): \(names.count) (\(Output.some(names)))")
      }
      Output.notice("The plan names people; keep it private. Look at it, then: provledger apply \(file)")
    }
  }

  /// `provledger source detach`
  struct DetachCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "detach",
      abstract: "Let a source go: nobody owns its people any more, and their accounts are left as they are.",
      discussion: """
        Examples:
          provledger source detach partners
          provledger source detach partners --yes

        What was still to be delivered to them is not. An import of that source takes its people up again.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Argument(help: "The source to let go.")
    var source: DirectorySourceID
    @Flag(help: "Do not ask.")
    var yes = false

    func run() async throws {
      let detached = try await ledger.withLedger { ledger in
        let sources = Sources(ledger)
        let people = try sources.list().first { $0.source == source }?.people ?? 0
        if people > 0, !yes {
          try Confirmation.ask(
            "\(people.people) of \(source.name) will have no owner; accounts stay as they are. Let it go?")
        }
        return try await sources.detach(source)
      }
      if output.json { return Output.json(["source": .string(source.name), "detached": .integer(Int64(detached))]) }
      Output.line(
        "\(source.name): \(detached.of("person has", "people have")) no owner now; their accounts are left as they are")
    }
  }
}
