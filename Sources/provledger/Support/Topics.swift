import ArgumentParser
import Base
import Foundation
import Terminal

/// The articles, by the words that `provledger help` takes.
enum Topics {
  /// Each article of the catalogue but its landing page.
  static let all: [(word: String, article: Article)] = EmbeddedArticles.all.filter { $0.name != "provledger" }
    .map { (Topic.word(of: $0.name), Article($0.text)) }

  /// What there is to read, for the program's own help.
  static var sentence: String { "Topics of `provledger help TOPIC`: \(all.map(\.word).joined(separator: ", "))." }

  /// Prints the article that `help WORD` asks for; false for what the parser answers. Throws a `ValidationError` when there is
  /// neither a verb nor an article of that name.
  static func answer(_ arguments: [String]) throws -> Bool {
    guard arguments.first == "help", let word = arguments.dropFirst().first, !word.hasPrefix("-") else { return false }
    let verbs = Provledger.configuration.subcommands.map { $0._commandName }
    if verbs.contains(word) { return false }
    guard let topic = all.first(where: { $0.word == word.lowercased() }) else {
      let nearest = Suggestion.sentence(for: word, among: verbs + all.map(\.word))
      throw ValidationError(
        "'\(word)' is no verb and no topic.\(nearest) The topics are \(all.map(\.word).joined(separator: ", ")).")
    }
    Output.article(topic.article)
    return true
  }
}
