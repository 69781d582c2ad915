import ArgumentParser
import JSON

/// `provledger version`
struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "Print the program's version.",
    discussion: """
      Example:
        provledger version
      """)

  @OptionGroup var output: FormatOptions

  func run() {
    let version = Provledger.configuration.version
    if output.json { return Output.json(["version": .string(version)]) }
    Output.line("provledger \(version)")
  }
}
