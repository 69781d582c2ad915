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
  /// What kind of mistake it is.
  public enum Kind: Sendable {
    /// It is not written as the language has it, or has no value.
    case other
    /// A function that nobody knows.
    case unknownFunction
    /// A function with the wrong arguments.
    case arguments
    /// A pattern that cannot be read.
    case pattern
  }

  /// Where in the expression.
  public var place: ExpressionPlace
  /// One sentence: what is wrong, and the way out.
  public var sentence: String

  /// What kind of mistake it is.
  public var kind: Kind

  /// An error with its place.
  public init(_ sentence: String, at place: ExpressionPlace, _ kind: Kind = .other) {
    self.place = place
    self.sentence = sentence
    self.kind = kind
  }

  /// `line 1, column 7: …`
  public var description: String { "\(place): \(sentence)" }
}
