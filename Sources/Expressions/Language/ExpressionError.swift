/// Where something stands in the text of an expression.
public struct ExpressionPlace: Equatable, Hashable, Sendable, CustomStringConvertible {
  /// The line, from 1.
  public var line: Int
  /// The column in characters, from 1.
  public var column: Int

  /// A place.
  public init(line: Int = 1, column: Int = 1) {
    self.line = line
    self.column = column
  }

  /// As a person reads it: `line 1, column 7`.
  public var description: String { "line \(line), column \(column)" }
}

/// Why an expression cannot be read, or has no value for somebody.
public struct ExpressionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Where in the expression.
  public var place: ExpressionPlace
  /// One sentence: what is wrong, and the way out.
  public var sentence: String

  /// An error with its place.
  public init(_ sentence: String, at place: ExpressionPlace) {
    self.place = place
    self.sentence = sentence
  }

  /// `line 1, column 7: …`
  public var description: String { "\(place): \(sentence)" }
}
