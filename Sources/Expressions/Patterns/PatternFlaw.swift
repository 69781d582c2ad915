/// Why a pattern cannot be used, or had to be given up.
public struct PatternFlaw: Error, Equatable, Sendable {
  /// One sentence: what is wrong, and the way out.
  public let sentence: String

  /// It cannot be read.
  static func unreadable(_ what: String) -> PatternFlaw { PatternFlaw(sentence: what) }

  /// It took too long on some text.
  static let tooSlow = PatternFlaw(
    sentence: "The pattern takes too long on this value; avoid a repetition inside a repetition, such as (a+)+.")
}
