import Foundation

/// Each word with a capital, all else in lower case.
enum TitleCase {
  /// A text in title case. `separators` are the characters that part words; nil for all that are neither letter, mark,
  /// digit nor apostrophe.
  static func of(_ text: String, separators: String?) -> String {
    if separators == nil, let plain = PlainText(text) { return plain.titled }
    let parting = separators.map { Set($0) }
    var begins = true
    return text.reduce(into: "") { title, character in
      if parting?.contains(character) ?? separatesWords(character) {
        title.append(character)
        begins = true
      } else {
        let word = String(character)
        title += (begins ? word.raised(in: nil) : word.lowered(in: nil)) ?? word
        begins = false
      }
    }
  }

  private static func separatesWords(_ character: Character) -> Bool {
    !character.isLetter && !character.isNumber && character != "'" && character != "’"
  }
}

extension String {
  /// In canonical decomposition (Unicode Standard Annex 15, form D).
  var decomposed: [Unicode.Scalar] { Array(decomposedStringWithCanonicalMapping.unicodeScalars) }
}
