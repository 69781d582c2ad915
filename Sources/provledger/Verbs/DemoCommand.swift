import ArgumentParser
import Base
import Demo
import Foundation
import Logging
import Provisioning
import Terminal

/// `provledger demo`
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "See all of it work: a simulated TeamViewer, a company, three days with an outage and a killed worker.",
    discussion: """
      Examples:
        provledger demo
        provledger demo --people 5000 --folder /tmp/look

      Uses loopback only and asks nothing. Ends with 1 if a single account differs.
      """)

  @Option(help: "How many people the company has, 10 to 100,000.")
  var people = 1000
  @Option(help: "The seed that decides who they are and what happens.")
  var seed: UInt64 = 2026
  @Option(help: "Where the ledger and the exports go (default: a new folder among the temporary files).")
  var folder: String?

  func validate() throws {
    guard (10...100_000).contains(people) else { throw ValidationError("--people is a number from 10 to 100000.") }
  }

  func run() async throws {
    let temporary = FileManager.default.temporaryDirectory.path
    let folder = folder ?? "\(temporary)/provledger-demo-\(UUID().uuidString.prefix(8).lowercased())"
    var logger = Logger(label: "demo") { label in StreamLogHandler.standardError(label: label) }
    logger.logLevel = .error
    let line = ProgressLine()
    defer { line.end() }
    let printer = DemoPrinter(Output.line) { text in if let text { line.show(text) } else { line.end() } }
    let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let demo = DemoRun(
      seed: seed, people: people, folder: folder, executable: executable, printer: printer,
      logger: logger)
    let problems = try await demo.run()
    guard problems.isEmpty else {
      for problem in problems { Output.error(problem) }
      throw ExitCode(.failures)
    }
    Output.line()
    Output.good("All is well. Look around:")
    let name = CommandLine.arguments.first ?? executable
    Output.line("   export PROVLEDGER_LEDGER=\(folder)/ledger")
    for verb in ["status", "report provisioning", "user list --status disabled"] { Output.line("   \(name) \(verb)") }
  }
}
