import ArgumentParser
import Base
import Reports

extension EvidenceCommand {
  /// `provledger evidence failures`
  struct FailuresCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "failures", abstract: "What went wrong in a period, and what became of it, with the evidence.",
      discussion: """
        Example:
          provledger evidence failures --from 2026-10-01 --to 2026-11-01 -o failures.zip
        """)

    @OptionGroup var pack: PackOptions
    @OptionGroup var period: PeriodQuestion

    func run() async throws { try await pack.run("failures") { FailureReport(try period.query("failures", $0)) } }
  }

  /// `provledger evidence erasures`
  struct ErasuresCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "erasures", abstract: "Erasures and legal holds of a period, with the evidence.",
      discussion: """
        Example:
          provledger evidence erasures --from 2026-10-01 --to 2026-11-01 -o erasures.zip
        """)

    @OptionGroup var pack: PackOptions
    @OptionGroup var period: PeriodQuestion

    func run() async throws { try await pack.run("erasures") { ErasureReport(try period.query("erasures", $0)) } }
  }

  /// `provledger evidence drift`
  struct DriftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "drift", abstract: "What others changed at TeamViewer in a period, with the evidence.",
      discussion: """
        Example:
          provledger evidence drift --from 2026-10-01 --to 2026-11-01 -o drift.zip
        """)

    @OptionGroup var pack: PackOptions
    @OptionGroup var period: PeriodQuestion

    func run() async throws { try await pack.run("drift") { DriftReport(try period.query("drift", $0)) } }
  }

  /// `provledger evidence operators`
  struct OperatorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "operators", abstract: "What people did with the ledger in a period, with the evidence.",
      discussion: """
        Example:
          provledger evidence operators --from yesterday -o operators.zip
        """)

    @OptionGroup var pack: PackOptions
    @OptionGroup var period: PeriodQuestion

    func run() async throws { try await pack.run("operators") { OperatorReport(try period.query("operators", $0)) } }
  }

  /// `provledger evidence register`
  struct RegisterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "register", abstract: "Everybody whom the ledger knows or knew, with the evidence.",
      discussion: """
        Example:
          provledger evidence register -o register.zip

        It holds everybody's events, so that it is for ledgers of some thousand people.
        """)

    @OptionGroup var options: PackOptions

    func run() async throws {
      try await options.run("register") { RegisterReport(ReportQuery("register at \($0.moment)", $0)) }
    }
  }
}

extension EvidenceCommand: RefusingCommand {
  /// The reports that no pack can hold.
  static let refusals = [
    "configuration": """
    A configuration is sealed as one text, so that a pack would have to open all of it, commands too, which may hold a \
    secret and which the report does not show. Use `provledger report configuration`, and `provledger log prove event \
    POSITION --open text` for a text that may be shown whole.
    """,
    "integrity": """
    The report on integrity rests on the whole log and its checkpoints, and not on what single events say. Give \
    `provledger log export --checkpoint FILE` and the key instead: `tools/verify-log.py` checks them.
    """,
    "provisioning": """
    The report on provisioning is read off the views and has no page one that could be made anew. The same decisions are in \
    `provledger evidence joiners`, `movers`, `leavers` and `failures`.
    """,
    "access-log": """
    The access log has no page one that could be made anew. The same looks are in `provledger evidence operators`.
    """,
  ].merging(reviews.map { ($0, review) }) { first, _ in first }

  private static let reviews = ["review-summary", "review-decisions", "review-removals", "review-exceptions"]

  private static let review = """
    A report on a review rests on who could sign in when it began and on what followed, which no pack holds together. Give \
    `provledger evidence access --as-of MOMENT` for the one, and `provledger evidence operators`, which has each decision, \
    for the other.
    """
}
