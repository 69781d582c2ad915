import Base

/// The form of name that TeamViewer accepts (its Web API's model of a user): at least 2 code points, at most 50
/// UTF-16 code units.
public enum DisplayName {
  /// The least number of code points.
  public static let minimum = 2
  /// The greatest number of UTF-16 code units.
  public static let maximum = 50

  /// Why a name cannot be sent.
  public enum Flaw: Error, Equatable, Sendable {
    /// It is shorter than `minimum`.
    case tooShort
    /// Nothing of it can be seen.
    case invisible
    /// It cannot be cut at a grapheme boundary so that something of it is left.
    case cannotBeCut
  }

  /// The name as it is sent: white space at both ends dropped, and cut at a grapheme boundary when it is too long.
  public static func mend(_ name: String) -> Result<String, Flaw> {
    let trimmed = name.trimmed[...]
    guard trimmed.unicodeScalars.contains(where: isVisible) else { return .failure(.invisible) }
    guard trimmed.unicodeScalars.count >= minimum else { return .failure(.tooShort) }
    let cut = trimmed.utf16.count > maximum ? head(of: trimmed) : String(trimmed)
    return cut.unicodeScalars.count >= minimum ? .success(cut) : .failure(.cannotBeCut)
  }

  /// The name as it is sent; nil when no mending makes it acceptable.
  public static func mended(_ name: String) -> String? { try? mend(name).get() }

  /// As many whole graphemes as fit.
  private static func head(of name: Substring) -> String {
    var units = 0
    var end = name.startIndex
    while end < name.endIndex {
      units += name[end].utf16.count
      if units > maximum { break }
      end = name.index(after: end)
    }
    return String(name[..<end]).trimmed
  }

  /// True when more than white space at the ends has to go.
  static func isTooLong(_ name: String) -> Bool {
    name.utf16.count > maximum && name.trimmed.utf16.count > maximum
  }

  /// Marks need something to stand on; fillers and the empty Braille pattern are letters and signs that show nothing
  /// (Unicode Standard Annex 44, property Default_Ignorable_Code_Point).
  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.isDefaultIgnorableCodePoint || scalar.properties.isWhitespace { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .unassigned, .nonspacingMark, .enclosingMark: return false
    default: return scalar != "\u{2800}"
    }
  }
}
