import ArgumentParser
import Foundation
import Testing

@testable import provledger

/// Holds the command lines of the documents against the command itself.
@Suite("Commands in the documents")
struct ArticleCommandTests {
  /// The words of each line in a fence that runs the program, up to a comment, a redirection or a pipe.
  private static func commands() throws -> [[String]] {
    let ends: Set<String> = ["#", ">", ">>", "<", "|", "&"]
    return try Repository.documents().flatMap(\.fenced)
      .map { $0.hasPrefix("$ ") ? String($0.dropFirst(2)) : $0 }
      .filter { $0.hasPrefix("provledger ") }
      .map { $0.split(separator: " ").map(String.init).dropFirst().prefix { !ends.contains($0) } }
      .map(Array.init)
  }

  /// The commands that do something, at any depth, by the words that call them.
  private static func leaves(_ command: any ParsableCommand.Type, _ words: [String] = []) -> [[String]] {
    let children = command.configuration.subcommands
    if children.isEmpty { return [words] }
    return children.flatMap { leaves($0, words + [$0._commandName]) }
  }

  @Test("each command line is one that the program takes")
  func lines() throws {
    for words in try Self.commands() {
      #expect(throws: Never.self, "provledger \(words.joined(separator: " "))") {
        _ = try Provledger.parseAsRoot(words)
      }
    }
  }

  @Test("each verb, at any depth, has a command line that shows it")
  func verbs() throws {
    let commands = try Self.commands()
    for leaf in Self.leaves(Provledger.self) {
      #expect(commands.contains { $0.starts(with: leaf) }, "no line shows provledger \(leaf.joined(separator: " "))")
    }
  }

  @Test("each verb that is named in running text is one")
  func spans() throws {
    let verbs = Set(Provledger.configuration.subcommands.map { $0._commandName } + ["help"])
    for document in try Repository.documents() {
      for span in document.spans where span.hasPrefix("provledger ") {
        let verb = span.split(separator: " ").map(String.init).dropFirst().first ?? ""
        #expect(verbs.contains(verb), "\(span) in \(document.path) names no verb")
      }
    }
  }

  @Test("the type of every verb, at any depth, is named alike, so that none has a module's name")
  func types() {
    func all(_ command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
      command.configuration.subcommands.flatMap { [$0] + all($0) }
    }
    let names = all(Provledger.self).map { String(describing: $0) }
    #expect(names.count > 40)
    #expect(names.filter { !$0.hasSuffix("Command") } == [])
  }
}
