import ArgumentParser
import Base
import Doctor
import JSON
import Provisioning

/// `provledger doctor`
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Look at everything that a ledger needs, and say what is wrong and what to do.",
    discussion: """
      Examples:
        provledger doctor
        provledger doctor --offline        without asking the target
        provledger doctor --all            also what is as it should be

      Appends nothing. Ends with 1 when something does not work.
      """)

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions
  @Flag(help: "Do not ask the target.")
  var offline = false
  @Flag(help: "Show also what is as it should be.")
  var all = false

  func run() async throws {
    let findings = await Examination(folder: ledger.path, asksTarget: !offline).examine()
    let isSound = findings.allSatisfy { $0.severity < .failure }
    if output.json {
      Output.json(["sound": .bool(isSound), "findings": .array(findings.map(\.json))])
    } else {
      for finding in findings.sorted(by: { $0.severity > $1.severity }) where all || finding.severity > .ok {
        Output.line("\(finding.severity.rawValue.uppercased()) \(finding.code): \(finding.sentence)")
        if let remedy = finding.remedy { Output.line("  \(remedy)") }
      }
      let counts = Finding.Severity.allCases.reversed().map { severity in
        let count = findings.count { $0.severity == severity }
        return severity == .ok ? "\(count) ok" : count.of(severity.rawValue)
      }
      Output.line(counts.joined(separator: ", "))
    }
    if !isSound { throw ExitCode(.failures) }
  }
}
