/// A date in a form that people and directories write, as `CDate` reads it.
enum WrittenDate {
  /// The forms, of which the first that fits counts: ISO 8601, the service's own, Active Directory's generalized time, HTTP.
  private static let patterns = [
    "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mmK", "yyyy-MM-ddK", "M/d/yyyy h:mm:ss tt", "M/d/yyyy h:mm tt",
    "M/d/yyyy H:mm:ss", "M/d/yyyy H:mm", "M/d/yyyy", "yyyyMMddHHmmss.FFFFFFFK", "yyyyMMddHHmmssK", "yyyyMMdd", "r",
    "d MMMM yyyy", "d MMM yyyy", "MMMM d, yyyy", "MMM d, yyyy",
  ].compactMap(DatePattern.init)

  /// The moment that a text says, UTC unless it says an offset; nil when none of the forms fits.
  static func read(_ text: String) -> ExpressionMoment? {
    guard text.utf8.count <= 64 else { return nil }
    return patterns.lazy.compactMap { DateReader.read(text, by: $0) }.first
  }
}
