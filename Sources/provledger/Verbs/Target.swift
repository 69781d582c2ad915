import ArgumentParser
import Base
import Delivery
import JSON
import Ledger
import Provisioning
import TeamViewer

/// `provledger target`
struct Target: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "TeamViewer: the connection, the comparison with the log, the way back to a moment.",
    subcommands: [Test.self, Reconcile.self, Restore.self])

  /// `provledger target test`
  struct Test: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Test the connection: address, TLS, token, permissions. Changes and records nothing.",
      discussion: """
        Example:
          provledger target test

        Ends with 77 for token and permissions, 69 for everything between here and the target.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions

    func run() async throws {
      let client = try Worker.client(for: try ledger.open())
      let test = await TargetTest.run(client)
      await client.shutdown()
      if output.json {
        Output.json([
          "usable": .bool(test.diagnosis == nil), "code": test.diagnosis.map { .string($0.code.description) } ?? .null,
          "steps": .array(
            test.steps.map { step in
              [
                "name": .string(step.name.rawValue), "verdict": .string(step.verdict.rawValue),
                "sentence": .string(step.sentence),
              ]
            }),
        ])
      } else {
        Output.table(
          ["STEP", "RESULT", ""], test.steps.map { [$0.name.rawValue, $0.verdict.rawValue, $0.sentence] })
      }
      if let fault = test.diagnosis { throw fault }
    }
  }
}
