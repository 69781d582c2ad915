import ArgumentParser
import Base
import JSON
import Ledger
import Operations
import Provisioning
import Reports
import Views

/// `provledger quarantine`
struct Quarantine: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The quarantine: no call leaves while the target refuses the credentials.",
    subcommands: [Show.self, Release.self])

  /// `provledger quarantine show`
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say whether there is one, and why.",
      discussion: """
        Example:
          provledger quarantine show
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions

    func run() throws {
      let ledger = try ledger.open()
      try ledger.views.catchUp()
      let quarantine = try ledger.views.target().condition.quarantine
      if output.json {
        return Output.json([
          "quarantined": .bool(quarantine != nil),
          "reason": quarantine.map { .string($0.reason.rawValue) } ?? .null,
          "status": quarantine.map { .integer(Int64($0.status)) } ?? .null,
          "operation": quarantine.map { .string($0.operation) } ?? .null,
          "causes": .array(quarantine?.causes.map(\.reportJSON) ?? []),
        ])
      }
      guard let quarantine else { return Output.line("there is no quarantine") }
      let (meaning, remedy) = Explanation.of(quarantine.reason)
      Output.line("quarantine: \(meaning) (\(quarantine.operation) was answered \(quarantine.status)). \(remedy)")
      for cause in quarantine.causes { Output.line("  \(cause.sentence)") }
    }
  }

  /// `provledger quarantine release`
  struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "End the quarantine by hand; a running worker goes on at once.",
      discussion: """
        Example:
          provledger quarantine release
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions

    func run() async throws {
      let ledger = try ledger.open()
      try await DeliveryControl(in: ledger, actor: Operator.name, waiting: tellWaiting).release()
      if output.json { return Output.json(["released": true]) }
      Output.line("released")
    }
  }
}
