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
    abstract: "See all of it work: `serve` between a simulated Entra ID and TeamViewer, with an outage and a kill.",
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
  @Option(help: "Where the ledger goes (default: a new folder among the temporary files).")
  var folder: String?

  func validate() throws {
    guard (10...100_000).contains(people) else { throw ValidationError("--people is a number from 10 to 100000.") }
  }

  func run() async throws {
    let temporary = FileManager.default.temporaryDirectory.path
    let new = "\(temporary)/provledger-demo-\(UUID().uuidString.prefix(8).lowercased())"
    let folder = URL(fileURLWithPath: folder ?? new).path
    var logger = Logger(label: "demo") { label in StreamLogHandler.standardError(label: label) }
    logger.logLevel = .error
    let line = ProgressLine()
    defer { line.end() }
    let isWatched = Screen.isTerminal(STDERR_FILENO)
    let printer = DemoPrinter(Self.tell) { text in
      if let text, isWatched { line.show(text) } else { line.end() }
    }
    let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let demo = DemoRun(
      seed: seed, people: people, folder: folder, executable: executable, printer: printer,
      logger: logger)
    let result = try await demo.run()
    guard result.problems.isEmpty else {
      for problem in result.problems { Output.error(problem) }
      throw ExitCode(.failures)
    }
    Output.line()
    Output.good("All is well. Look around:")
    let program = CommandLine.arguments.first ?? executable
    let story = result.person.map { ["why", $0] } ?? ["report", "provisioning"]
    for words in [["status"], story, ["verify"]] {
      Output.text(Self.command([program] + words + ["--ledger", "\(folder)/ledger"]))
    }
  }

  /// How wide the story is, whatever shows it.
  private static let width = 80

  private static func tell(_ text: String) { for line in text.wrapped(to: width) { Output.line(line) } }

  /// A command as a shell takes it, over several lines where it is too long for one; a word is never cut.
  static func command(_ words: [String]) -> String {
    var lines: [String] = []
    var line = "  "
    for word in words.map(ShellWord.quoted) {
      // Behind a line that goes on stands " \".
      if (line + word).columns + 3 > width, !line.allSatisfy({ $0 == " " }) {
        lines.append("\(line) \\\n")
        line = "     "
      }
      line += " \(word)"
    }
    return lines.joined() + "\(line)\n"
  }
}
