import ArgumentParser
import Base
import Terminal

/// A verb that says of some words why they are no verbs of it.
protocol RefusingCommand: ParsableCommand {
  /// What it says of each.
  static var refusals: [String: String] { get }
}

/// The words that the program was called with.
struct Invocation {
  /// Options of most verbs, which may stand before the verb too; true for those with a value.
  private static let shared = [
    "--ledger": true, "--color": true, "--zone": true, "--json": false, "--wide": false, "--local": false,
  ]

  private var rest: ArraySlice<String>
  private var words: [String] = []
  private var moved: [String] = []

  private init(_ arguments: [String]) { rest = arguments[...] }

  /// The words with shared options behind the verb that they stand before. Throws a `ValidationError` that names the nearest
  /// verb when there is none of that name.
  static func ordered(_ arguments: [String], for root: any ParsableCommand.Type) throws -> [String] {
    var invocation = Invocation(arguments)
    try invocation.descend(root)
    return invocation.words + invocation.moved + invocation.rest
  }

  private mutating func descend(_ command: any ParsableCommand.Type) throws {
    let verbs = command.configuration.subcommands
    while !verbs.isEmpty, let word = rest.first {
      if takeShared(word) { continue }
      // Options of the program itself, and its own help, are the parser's.
      if word.hasPrefix("-") || word == "help" { return }
      guard let verb = verbs.first(where: { $0._commandName == word }) else {
        // What is no verb is an argument of the one that is meant where none is named.
        if command.configuration.defaultSubcommand != nil { return }
        if let refusal = (command as? any RefusingCommand.Type)?.refusals[word] { throw ValidationError(refusal) }
        throw unknown(word, among: verbs)
      }
      words.append(word)
      rest.removeFirst()
      return try descend(verb)
    }
  }

  private mutating func takeShared(_ word: String) -> Bool {
    let name = word.prefix { $0 != "=" }
    guard let hasValue = Self.shared[String(name)] else { return false }
    moved += rest.prefix(hasValue && name.count == word.count ? 2 : 1)
    rest = rest.dropFirst(hasValue && name.count == word.count ? 2 : 1)
    return true
  }

  private func unknown(_ word: String, among verbs: [any ParsableCommand.Type]) -> ValidationError {
    let names = verbs.map { $0._commandName } + ["help"]
    let place = words.isEmpty ? "" : " of `provledger \(words.joined(separator: " "))`"
    let nearest = Suggestion.sentence(for: word, among: names)
    return ValidationError(
      nearest.isEmpty
        ? "'\(word)' is no verb\(place). It is one of \(names.joined(separator: ", "))."
        : "'\(word)' is no verb\(place).\(nearest)")
  }
}
