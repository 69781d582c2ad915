/// The form of name that TeamViewer accepts (its Web API's model of a user): at least 2 code points, at most 50
/// UTF-16 code units.
public enum DisplayName {
  /// The least number of code points.
  public static let minimum = 2
  /// The greatest number of UTF-16 code units.
  public static let maximum = 50

  /// The name as it is sent: white space at both ends dropped, and cut at a grapheme boundary when it is too long.
  /// Nil when no mending makes it acceptable.
  public static func mended(_ name: String) -> String? {
    var result = name[...].trimmed
    if result.utf16.count > maximum {
      var units = 0
      var end = result.startIndex
      while end < result.endIndex {
        units += result[end].utf16.count
        if units > maximum { break }
        end = result.index(after: end)
      }
      result = result[..<end].trimmed
    }
    return result.unicodeScalars.count >= minimum ? String(result) : nil
  }

  /// True when more than white space at the ends has to go.
  static func isTooLong(_ name: String) -> Bool {
    name.utf16.count > maximum && name[...].trimmed.utf16.count > maximum
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var part = self
    while part.first?.isWhitespace == true { part.removeFirst() }
    while part.last?.isWhitespace == true { part.removeLast() }
    return part
  }
}
