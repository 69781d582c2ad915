import ArgumentParser
import Base
import Cycles
import Ledger
import MicrosoftGraph

extension SourceCommand {
  /// `provledger source test`
  struct TestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "test",
      abstract: "Test the way to Entra ID: sign-in, consent, users, assignments. Changes and records nothing.",
      discussion: """
        Examples:
          provledger source test
          provledger source test --json

        Ends with 77 for credentials and consent, 78 for a wrong id, 69 for everything between here and Microsoft.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions

    func run() async throws {
      let test = try await ledger.withLedger { ledger in
        try await GraphConnection.using(ledger) { try await SourceTest.run($0.source, now: ledger.clock()) }
      }
      let steps = test.steps.map { [$0.name.rawValue, $0.verdict.rawValue, $0.sentence] }
      try Output.test(test.json, steps, test.diagnosis, output)
    }
  }
}
