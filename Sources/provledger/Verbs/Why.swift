import ArgumentParser
import Base
import Ledger
import Provisioning
import Reports

/// `provledger why`
struct Why: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell the story of one person in plain sentences.",
    discussion: """
      Example:
        provledger why ada@contoso.com

      Each line ends with the position in the log that it rests on.
      """)

  @OptionGroup var person: PersonOptions

  func run() throws {
    let (person, ledger) = try self.person.find()
    for line in try Story.of(person.alias, log: ledger.log, codec: ledger.codec) {
      if self.person.output.json {
        Output.json(line.json)
      } else {
        Output.line("\(line.time)  \(line.sentence) [\(line.position)]")
      }
    }
  }
}
