import ArgumentParser
import Reports

extension ReportCommand {
  /// `provledger report joiners`
  struct JoinersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "joiners", abstract: "Who got an account in a period, and how long it took.",
      discussion: """
        Examples:
          provledger report joiners --from 2026-10-01 --to 2026-11-01
          provledger report joiners --format html > joiners.html
        """)

    @OptionGroup var options: AccessChangeOptions

    func run() async throws { try await options.run(.joiner) }
  }

  /// `provledger report movers`
  struct MoversCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "movers", abstract: "Whose account was changed in a period, and how long it took.",
      discussion: """
        Examples:
          provledger report movers --from 2026-10-01 --to 2026-11-01
          provledger report movers --json --explain
        """)

    @OptionGroup var options: AccessChangeOptions

    func run() async throws { try await options.run(.mover) }
  }

  /// `provledger report leavers`
  struct LeaversCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "leavers",
      abstract: "Who lost access in a period: decided, sent, confirmed, read back, and how late.",
      discussion: """
        Examples:
          provledger report leavers --from 2026-10-01 --to 2026-11-01 --within 4h
          provledger report leavers --sample 25 --seed 7 --format csv > leavers.csv
          provledger report leavers --as-of 2026-11-01 --format html > leavers.html
        """)

    @OptionGroup var options: AccessChangeOptions

    func run() async throws { try await options.run(.leaver) }
  }

  /// `provledger report access`
  struct AccessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "access", abstract: "Who could sign in to TeamViewer at a moment, since when, and why.",
      discussion: """
        Examples:
          provledger report access
          provledger report access --as-of 2026-11-01 --format csv > access.csv
        """)

    @OptionGroup var report: ReportOptions

    func run() async throws { try await report.run("access") { AccessReport($0) } }
  }
}
