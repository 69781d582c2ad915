import ArgumentParser
import Base
import Delivery
import Ledger
import Provisioning
import TeamViewer
import Views

/// `provledger target`
struct TargetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "target",
    abstract: "TeamViewer: the connection, the comparison with the log, the way back to a moment.",
    discussion: """
      Examples:
        provledger target test
        provledger target reconcile
      """,
    subcommands: [TestCommand.self, ReconcileCommand.self, RestoreCommand.self])

  /// `provledger target test`
  struct TestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "test",
      abstract: "Test the connection: address, TLS, token, permissions. Changes and records nothing.",
      discussion: """
        Example:
          provledger target test

        Ends with 77 for token and permissions, 69 for everything between here and the target.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions

    func run() async throws {
      let test = try await ledger.withLedger { ledger in
        let client = try Worker.client(for: ledger)
        // Views that cannot be read say nothing of the connection.
        let test = await TargetTest.run(client, linked: (try? ledger.views.linkedAccounts()) ?? [])
        await client.shutdown()
        return test
      }
      let steps = test.steps.map { [$0.name.rawValue, $0.verdict.rawValue, $0.sentence] }
      try Output.test(test.json, steps, test.diagnosis, output)
    }
  }
}
