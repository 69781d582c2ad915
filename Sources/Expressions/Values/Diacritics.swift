/// The letters without their marks, by the table of `NormalizeDiacritics` (Microsoft Learn, "Reference for writing
/// expressions for attribute mappings in Microsoft Entra ID").
enum Diacritics {
  private static let bases = Set("acdegilnorstuyz".unicodeScalars)

  /// Diaeresis, grave, circumflex, tilde, ring, acute, ogonek, breve, macron, caron, double acute, cedilla, comma below,
  /// dot above, dot below, macron below.
  private static let marks = Set<Unicode.Scalar>([
    "\u{308}", "\u{300}", "\u{302}", "\u{303}", "\u{30A}", "\u{301}", "\u{328}", "\u{306}", "\u{304}", "\u{30C}",
    "\u{30B}", "\u{327}", "\u{326}", "\u{307}", "\u{323}", "\u{331}",
  ])

  /// Letters that are more than a base with a mark.
  private static let special: [Unicode.Scalar: String] = [
    "æ": "ae", "Æ": "AE", "ø": "oe", "Ø": "OE", "ß": "ss", "ł": "l", "Ł": "L", "ı": "i",
  ]

  /// A text without the marks that the table knows; all others stay.
  static func removed(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    return text.reduce(into: "") { $0 += plain($1) }
  }

  private static func plain(_ character: Character) -> String {
    let scalars = String(character).decomposed
    guard let base = scalars.first else { return "" }
    let rest = scalars.dropFirst()
    guard rest.allSatisfy(marks.contains) else { return String(character) }
    if let special = special[base] { return special }
    // The table has this ligature with a macron only.
    if base == "œ" || base == "Œ", !rest.isEmpty { return base == "œ" ? "oe" : "OE" }
    let isKnown = bases.contains(base) || bases.contains(base.lowered)
    return isKnown && !rest.isEmpty ? String(base) : String(character)
  }
}

extension Unicode.Scalar {
  fileprivate var lowered: Unicode.Scalar { properties.lowercaseMapping.unicodeScalars.first ?? self }
}
