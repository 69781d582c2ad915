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

      Each line ends with the position in the log that it rests on. Behind them stands what holds all calls back now,
      where something is pending; with --json on standard error.
      """)

  @OptionGroup var person: PersonOptions

  func run() async throws {
    let (lines, blocks) = try await person.look("why") { found, ledger in
      let blocks = try found.isPending ? ledger.blocks().map(\.sentence) : []
      return (try Story.of(found.alias, log: ledger.log, codec: ledger.codec), blocks)
    }
    for line in lines {
      if person.output.json {
        Output.json(line.json)
      } else {
        Output.line("\(line.time)  \(line.sentence) [\(line.position)]")
      }
    }
    for block in blocks {
      if person.output.json { Output.notice(block) } else { Output.line("now  \(block)") }
    }
  }
}
