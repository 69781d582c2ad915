import ArgumentParser
import JSON
import Ledger
import Provisioning
import Reports

extension UserCommand {
  /// `provledger user scope`
  struct ScopeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "scope", abstract: "Say whether somebody is in scope, clause by clause.",
      discussion: """
        Example:
          provledger user scope ada@contoso.com

        By the configuration as it stands, and what was last read of the person.
        """)

    @OptionGroup var person: PersonOptions

    func run() async throws {
      let (found, verdict) = try await person.look("user scope") { found, ledger in
        (found, ledger.configuration.scope.verdict(found.sourceAttribute))
      }
      if person.output.json {
        var object = verdict.object
        object["alias"] = .string(found.alias)
        object["directory"] = .string(found.directoryWord)
        return Output.json(.object(object))
      }
      for line in verdict.lines { Output.line(line) }
      if found.state != .present { Output.notice("The directory no longer has the person (\(found.directoryWord)).") }
    }
  }
}
