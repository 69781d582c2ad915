import ArgumentParser
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

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions
  @Argument(help: "A sign-in name, an object id, an address, a TeamViewer id or an alias.")
  var user: String

  func run() throws {
    let ledger = try ledger.open()
    let person = try People.find(user, in: ledger)
    for line in try Story.of(person.alias, log: ledger.log, codec: ledger.codec) {
      if output.json {
        Output.json(line.json)
      } else {
        Output.line("\(line.time)  \(line.sentence) [\(line.position)]")
      }
    }
  }
}
