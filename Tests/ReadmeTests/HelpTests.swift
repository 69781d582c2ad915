import ArgumentParser
import Foundation
import Terminal
import Testing

@testable import provledger

/// Holds the help of every verb to its form: an abstract, examples, then the rest, at 80 columns.
@Suite("Help")
struct HelpTests {
  private static func all(
    _ command: any ParsableCommand.Type, _ words: [String] = []
  ) -> [(words: [String], command: any ParsableCommand.Type)] {
    [(words, command)]
      + command.configuration.subcommands.flatMap { all($0, words + [$0._commandName]) }
  }

  /// The example lines of a discussion, without what a person reads behind them.
  private static func examples(_ command: any ParsableCommand.Type) -> [String] {
    command.configuration.discussion.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      .dropFirst().prefix { !$0.isEmpty }.filter { $0.hasPrefix("  provledger ") }
  }

  /// The words of a line as a shell would give them, up to a pipe or a redirection; `$(…)` is one word.
  private static func words(_ line: String) -> [String] {
    let command = line.trimmingCharacters(in: .whitespaces).replacing(#/  .*/#, with: "")
    let pieces = command.matches(of: #/"[^"]*"|'[^']*'|\S+/#).map { String($0.output) }
    return pieces.prefix { !["|", ">", ">>", "<", ";"].contains($0) }.dropFirst()
      .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "\"'")) }
  }

  @Test("no line of any help is wider than 80 columns, and none is at 40")
  func widths() {
    for (words, command) in Self.all(Provledger.self) {
      let text = Provledger.helpMessage(for: command, columns: 1000)
      for width in [40, 80] {
        let wide = HelpText.fitted(text, width: width).split(separator: "\n").filter { $0.columns > width }
        #expect(wide == [], "\(words)")
      }
    }
  }

  @Test("examples come first, each within 80 columns, and each is a line that the program takes")
  func examples() throws {
    for (words, command) in Self.all(Provledger.self) {
      #expect(command.configuration.discussion.hasPrefix("Example"), "\(words) has no example")
      let examples = Self.examples(command)
      #expect(!examples.isEmpty)
      for example in examples {
        #expect(example.columns <= 80, "\(example)")
        let line = try Invocation.ordered(Self.words(example), for: Provledger.self)
        #expect(throws: Never.self, "\(example)") { _ = try Provledger.parseAsRoot(line) }
        if example == examples.first { #expect(line.starts(with: words), "\(example) is not of \(words)") }
      }
    }
  }

  @Test("options that most verbs take may stand before the verb")
  func order() throws {
    func ordered(_ words: String...) throws -> [String] { try Invocation.ordered(words, for: Provledger.self) }
    #expect(
      try ordered("--ledger", "x", "--json", "user", "list", "--limit", "3")
        == ["user", "list", "--ledger", "x", "--json", "--limit", "3"])
    #expect(try ordered("user", "--ledger=x", "show", "ada") == ["user", "show", "--ledger=x", "ada"])
    #expect(try ordered("--help") == ["--help"] && ordered("help", "user") == ["help", "user"])
    #expect(try ordered("why", "--", "--json") == ["why", "--", "--json"])
    #expect(try ordered() == [])
  }

  @Test("of each report there is a pack with its evidence, or a reason why there is none")
  func evidence() {
    func names(_ command: any ParsableCommand.Type) -> Set<String> {
      Set(command.configuration.subcommands.map { $0._commandName })
    }
    let refused = Set(EvidenceCommand.refusals.keys)
    #expect(names(ReportCommand.self) == names(EvidenceCommand.self).union(refused))
    #expect(names(EvidenceCommand.self).isDisjoint(with: refused))
  }

  @Test("the script that checks packs knows which program it goes with")
  func script() throws {
    let script = try Repository.text("tools/verify-evidence.py")
    #expect(script.contains("PAGE = (\"\(Provledger.configuration.version)\","))
  }

  @Test("a verb that is none is told with the nearest one, at any depth")
  func suggestions() {
    func message(_ words: String...) -> String {
      do { return try Invocation.ordered(words, for: Provledger.self).joined() } catch { return "\(error)" }
    }
    #expect(message("stauts").contains("Did you mean 'status'?"))
    #expect(message("user", "lits").contains("'lits' is no verb of `provledger user`. Did you mean 'list'?"))
    #expect(message("evidence", "integrity").contains("rests on the whole log"))
    #expect(message("frobnicate").contains("It is one of init, import, "))
  }
}
