import Foundation

/// Each word with a capital, all else in lower case.
enum TitleCase {
  /// A text in title case. `separators` are the characters that part words; nil for all that are neither letter, mark,
  /// digit nor apostrophe.
  static func of(_ text: String, separators: String?) -> String {
    if separators == nil, let plain = PlainText(text) { return plain.titled }
    let parting = separators.map { Set($0.unicodeScalars) }
    var begins = true
    return text.unicodeScalars.reduce(into: "") { title, scalar in
      let one = String(scalar)
      if parting?.contains(scalar) ?? separatesWords(scalar) {
        title += one
        begins = true
      } else {
        title += (begins ? one.raised(in: nil) : one.lowered(in: nil)) ?? one
        begins = false
      }
    }
  }

  private static func separatesWords(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "'" || scalar == "’" || scalar.properties.numericType != nil { return false }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: return false
    default: return !scalar.properties.isAlphabetic
    }
  }
}

extension String {
  /// In canonical decomposition (Unicode Standard Annex 15, form D).
  var decomposed: [Unicode.Scalar] { Array(decomposedStringWithCanonicalMapping.unicodeScalars) }
}
