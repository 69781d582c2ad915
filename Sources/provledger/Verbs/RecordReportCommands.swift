import ArgumentParser
import Reports

extension ReportCommand {
  /// `provledger report register`
  struct RegisterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "register", abstract: "Everybody whom the ledger knows or knew: who, since when, what is kept.",
      discussion: """
        Examples:
          provledger report register
          provledger report register --format csv > register.csv
        """)

    @OptionGroup var options: ReportOptions

    func run() async throws { try await options.run("register") { RegisterReport($0) } }
  }

  /// `provledger report integrity`
  struct IntegrityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "integrity", abstract: "The checkpoints, whether they hold, and what none covers.",
      discussion: """
        Examples:
          provledger report integrity
          provledger report integrity --as-of 2026-11-01 --json --explain

        Roots come from the tree that the log keeps; `provledger verify` recomputes it.
        """)

    @OptionGroup var options: ReportOptions

    func run() async throws { try await options.run("integrity") { IntegrityReport($0) } }
  }

  /// `provledger report failures`
  struct FailuresCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "failures", abstract: "What went wrong in a period, and what became of it.",
      discussion: """
        Examples:
          provledger report failures --from 2026-10-01 --to 2026-11-01
          provledger report failures --format html > failures.html
        """)

    @OptionGroup var options: PeriodReportOptions

    func run() async throws { try await options.run("failures") { FailureReport($0) } }
  }

  /// `provledger report operators`
  struct OperatorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "operators", abstract: "What people did with the ledger in a period.",
      discussion: """
        Examples:
          provledger report operators --from yesterday
          provledger report operators --format csv > operators.csv
        """)

    @OptionGroup var options: PeriodReportOptions

    func run() async throws { try await options.run("operators") { OperatorReport($0) } }
  }

  /// `provledger report drift`
  struct DriftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "drift", abstract: "What others changed at TeamViewer, as comparisons in a period found.",
      discussion: """
        Examples:
          provledger report drift --from 2026-10-01 --to 2026-11-01
          provledger report drift --json --explain
        """)

    @OptionGroup var options: PeriodReportOptions

    func run() async throws { try await options.run("drift") { DriftReport($0) } }
  }

  /// `provledger report erasures`
  struct ErasuresCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "erasures", abstract: "Erasures in a period, refused ones, and legal holds.",
      discussion: """
        Examples:
          provledger report erasures --from 2026-01-01 --to 2027-01-01
          provledger report erasures --format html > erasures.html
        """)

    @OptionGroup var options: PeriodReportOptions

    func run() async throws { try await options.run("erasures") { ErasureReport($0) } }
  }

  /// `provledger report configuration`
  struct ConfigurationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "configuration", abstract: "How the configuration changed between two moments, and by whom.",
      discussion: """
        Examples:
          provledger report configuration --from 2026-10-01 --to 2026-11-01
          provledger report configuration --format csv > configuration.csv
        """)

    @OptionGroup var options: PeriodReportOptions

    func run() async throws { try await options.run("configuration") { ConfigurationReport($0) } }
  }
}
