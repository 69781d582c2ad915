import ArgumentParser
import Base
import Ledger
import Operations
import Provisioning
import Views

/// `provledger review`
struct ReviewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review", abstract: "Access reviews: who keeps access, and who loses it.",
    discussion: """
      Examples:
        provledger review start access --as-of 2026-11-01 --reviewer olga
        provledger review decide 2026-q4 ada@contoso.com keep --because on-call
        provledger review decide 2026-q4 --from decisions.csv
        provledger review close 2026-q4
        provledger review list

      Only a reviewer who is named decides, and never about somebody whom they
      provisioned or approved themselves.
      """,
    subcommands: [StartCommand.self, DecideCommand.self, CloseCommand.self, ListCommand.self])

  /// What can be reviewed.
  enum Matter: String, CaseIterable {
    /// Who could sign in to TeamViewer.
    case access
  }

  /// `provledger review start`
  struct StartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "start", abstract: "Begin a review of everybody who could sign in at a moment.",
      discussion: """
        Examples:
          provledger review start access --reviewer olga
          provledger review start access --reviewer olga --reviewer bob --name 2026-q4
          provledger review start access --reviewer olga --as-of 2026-11-01

        Reviewers are login names of this machine: of whoever signed in, else of
        whoever uses sudo. The review is due in 30 days where nothing else is said.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Argument(help: "What is reviewed: access.", completion: .words(Matter.self), transform: choice)
    var matter: Matter
    @Option(help: ArgumentHelp("The moment that is reviewed; now where it is left out.", valueName: "moment"))
    var asOf: Moment?
    @Option(help: ArgumentHelp("Who decides; may be said several times.", valueName: "login"))
    var reviewer: [String] = []
    @Option(help: ArgumentHelp("When all is to be decided.", valueName: "moment"))
    var due: Moment?
    @Option(help: "The review's name; else it is called after the moment's day.")
    var name: String?

    func run() async throws {
      let (review, now) = try await ledger.withLedger { ledger in
        let now = ledger.clock()
        let moment = try asOf?.timestamp(of: "--as-of", now: now) ?? now
        let end = try due?.timestamp(of: "--due", now: now) ?? now + .seconds(30 * 86_400)
        return (try await Reviews(ledger).start(asOf: moment, reviewers: reviewer, due: end, name: name), now)
      }
      if output.json { return Output.json(review.json(at: now)) }
      Output.line("started: \(review.id), \(review.started.count.people), due on \(review.started.due)")
      Output.notice("What is to be decided: provledger report review-decisions \(review.id)")
    }
  }

  /// `provledger review decide`
  struct DecideCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "decide", abstract: "Say of a person, or of those in a file, whether access stays.",
      discussion: """
        Examples:
          provledger review decide 2026-q4 ada@contoso.com keep --because on-call
          provledger review decide 2026-q4 bob@contoso.com remove --because 'new role'
          provledger review decide 2026-q4 --from decisions.csv

        The file is CSV with the columns user, decision and rationale. All of it is
        taken, or nothing. What is said last counts, until the review is closed.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Argument(help: "The review.")
    var id: String
    @Argument(help: "The person.", completion: .custom(Completion.people))
    var user: String?
    @Argument(help: "keep or remove.", completion: .words(ReviewDecision.self), transform: choice)
    var decision: ReviewDecision?
    @Option(help: "Why, in words; sealed under the person's key.")
    var because: String?
    @Option(help: ArgumentHelp("Decide what a CSV file says.", valueName: "file"), completion: .file())
    var from: String?

    func validate() throws {
      if from != nil, user != nil || because != nil { throw ValidationError("--from is in the place of a person.") }
      if from == nil, user == nil || decision == nil || because == nil {
        throw ValidationError("Say who, keep or remove, and --because why; or --from a file.")
      }
    }

    func run() async throws {
      let outcome = try await ledger.withLedger { ledger in
        try ledger.views.catchUp()
        let reviews = Reviews(ledger)
        return try await reviews.decide(id, wishes(reviews))
      }
      if output.json {
        Output.json(outcome.json(of: id))
      } else {
        let unchanged = outcome.unchanged > 0 ? ", \(outcome.unchanged) as before" : ""
        Output.line("decided: \(outcome.kept) to keep, \(outcome.removed) to remove\(unchanged)")
      }
      try outcome.held?.refuse(orElse: "decide otherwise")
    }

    private func wishes(_ reviews: Reviews) throws -> [ReviewWish] {
      if let from { return try reviews.wishes(id, in: from) }
      guard let user, let decision, let because else { return [] }
      return [try reviews.wish(id, user, decision, because: because)]
    }
  }

  /// `provledger review close`
  struct CloseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "close", abstract: "End a review: nothing more is decided in it.",
      discussion: """
        Examples:
          provledger review close 2026-q4
          provledger review close 2026-q4 --undecided remove
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Option(
      help: "What becomes of those of whom nobody said anything: keep or remove.",
      completion: .words(ReviewDecision.self), transform: choice)
    var undecided = ReviewDecision.keep
    @Argument(help: "The review.")
    var id: String

    func run() async throws {
      let outcome = try await ledger.withLedger { try await Reviews($0).close(id, undecided: undecided) }
      if output.json {
        Output.json(outcome.json(of: id))
      } else {
        Output.line(
          "closed: \(outcome.kept) to keep, \(outcome.removed) to remove, \(outcome.open) undecided (\(undecided.rawValue))"
        )
      }
      try outcome.held?.refuse(orElse: "leave them held")
    }
  }

  /// `provledger review list`
  struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Every review, with what is decided and what is open.",
      discussion: """
        Examples:
          provledger review list
          provledger review list --json
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions

    func run() throws {
      let (reviews, now) = try ledger.withLedger { (try $0.reviews(), $0.clock()) }
      if output.json { return reviews.forEach { Output.json($0.json(at: now)) } }
      if reviews.isEmpty { return Output.line("there was no access review yet") }
      Output.table(
        ["REVIEW", "AS OF", "DUE", "PEOPLE", "DECIDED", "REVIEWERS", "STATUS"],
        reviews.map { review in
          [
            review.id, review.started.asOf.description, review.started.due.description, String(review.started.count),
            String(review.decided), review.started.reviewers.joined(separator: " "),
            review.closing.map { "closed \($0.point.time)" } ?? (review.isOverdue(at: now) ? "OVERDUE" : "open"),
          ]
        })
    }
  }
}
