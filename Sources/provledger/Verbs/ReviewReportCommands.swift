import ArgumentParser
import Provisioning
import Reports

extension ReportCommand {
  /// `provledger report review-summary`
  struct ReviewSummaryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "review-summary", abstract: "An access review in short: whom it asks about, who decided, how far.",
      discussion: """
        Examples:
          provledger report review-summary 2026-q4
          provledger report review-summary 2026-q4 --format html > review.html
        """)

    @OptionGroup var options: ReviewReportOptions

    func run() async throws { try await options.run("review-summary") { ReviewSummaryReport($0, $1) } }
  }

  /// `provledger report review-decisions`
  struct ReviewDecisionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "review-decisions", abstract: "Everybody in an access review: what was decided, by whom, why.",
      discussion: """
        Examples:
          provledger report review-decisions 2026-q4
          provledger report review-decisions 2026-q4 --format csv > decisions.csv

        Reviewers may fill in the CSV: provledger review decide ID --from FILE.
        """)

    @OptionGroup var options: ReviewReportOptions

    func run() async throws { try await options.run("review-decisions") { ReviewDecisionReport($0, $1) } }
  }

  /// `provledger report review-removals`
  struct ReviewRemovalsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "review-removals",
      abstract: "Each removal of an access review: decided, sent, confirmed, read back.",
      discussion: """
        Examples:
          provledger report review-removals 2026-q4
          provledger report review-removals 2026-q4 --json --explain
        """)

    @OptionGroup var options: ReviewReportOptions

    func run() async throws { try await options.run("review-removals") { ReviewRemovalReport($0, $1) } }
  }

  /// `provledger report review-exceptions`
  struct ReviewExceptionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "review-exceptions",
      abstract: "What is out of the ordinary: undecided, refused, late, changed, left.",
      discussion: """
        Examples:
          provledger report review-exceptions 2026-q4
          provledger report review-exceptions 2026-q4 --as-of 2027-01-01
        """)

    @OptionGroup var options: ReviewReportOptions

    func run() async throws { try await options.run("review-exceptions") { ReviewExceptionReport($0, $1) } }
  }
}

/// What reports on an access review take.
struct ReviewReportOptions: ParsableArguments {
  @Argument(help: "The review.")
  var review: String
  @OptionGroup var report: ReportOptions

  /// Makes a report on the review, records that it is taken out, and prints it.
  func run(_ name: String, _ make: (String, ReportQuery) -> some LedgerReport) async throws {
    try await report.run(name) { make(review, ReportQuery("\(name) \(review) at \($0.moment)", $0)) }
  }
}
