import ArgumentParser
import Base
import Ledger
import Provisioning
import Reports

/// `provledger why`
struct WhyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Tell the story of one person in plain sentences.",
    discussion: """
      Example:
        provledger why ada@contoso.com

      Each line ends with the position in the log that it rests on.
      """)

  @OptionGroup var person: PersonOptions

  func run() async throws {
    for line in try await person.look("why", { try Story.of($0.alias, log: $1.log, codec: $1.codec) }) {
      if person.output.json {
        Output.json(line.json)
      } else {
        Output.line("\(line.time)  \(line.sentence) [\(line.position)]")
      }
    }
  }
}
