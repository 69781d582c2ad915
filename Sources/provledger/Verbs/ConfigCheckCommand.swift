import ArgumentParser
import Base
import Ledger
import Reports

/// `provledger config check`
struct ConfigCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Name everything that is wrong with a configuration.",
    discussion: """
      Examples:
        provledger config check
        provledger config check provledger.yaml --json

      All mistakes at once, each with line and column and the way out. Nothing else is
      opened, and nobody is called. Ends with 78 when there is any.
      """)

  @Argument(help: "The file (default: the ledger's provledger.yaml).", completion: .file())
  var file: String?
  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
    let check = try ConfigurationCheck(path: file ?? OpenLedger.configurationPath(in: ledger.path))
    if output.json {
      Output.json(check.json)
    } else {
      for finding in check.findings { Output.line(finding.fault.description) }
      check.findings.isEmpty ? Output.good(check.sentence) : Output.notice(check.sentence)
    }
    if !check.findings.isEmpty { throw ExitCode(.configuration) }
  }
}
