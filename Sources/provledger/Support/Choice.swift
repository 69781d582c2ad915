import ArgumentParser
import Terminal

/// One of a few words; what is none of them is refused with the nearest one, and with all.
func choice<Word: RawRepresentable<String> & CaseIterable>(_ text: String) throws -> Word {
  if let word = Word(rawValue: text) { return word }
  let words = Word.allCases.map(\.rawValue)
  let nearest = Suggestion.sentence(for: text, among: words)
  throw ValidationError(
    "\(nearest.dropFirst())\(nearest.isEmpty ? "" : " ")It is one of \(words.joined(separator: ", ")).")
}

extension CompletionKind {
  /// The words of a type.
  static func words<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) -> CompletionKind {
    .list(Word.allCases.map(\.rawValue))
  }
}
