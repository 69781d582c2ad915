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
        Examples:
          provledger user scope ada@contoso.com
          provledger user scope ada@contoso.com --as-of '2026-11-26 09:00'

        By the configuration as it stands, and what was last read of the person;
        of a moment that is past, by what the log says of both.
        """)

    @OptionGroup var person: PersonOptions
    @OptionGroup var past: PastOptions

    func run() async throws {
      let (found, verdict) = try await person.look("user scope", past) { found, moment, ledger in
        let scope = try moment.map { try $0.scope(in: ledger) } ?? ledger.configuration.scope
        return (found, scope.verdict(found.sourceAttribute))
      }
      if person.output.json {
        var object = verdict.object
        object["alias"] = .string(found.alias)
        object["directory"] = .string(found.directoryWord)
        return Output.json(.object(object))
      }
      for line in verdict.lines { Output.line(line) }
      if found.state != .present {
        let verb = past.asOf == nil ? "no longer has" : "did not have"
        Output.notice("The directory \(verb) the person (\(found.directoryWord)).")
      }
    }
  }
}
