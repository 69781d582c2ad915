/// One part of an expression that was read.
indirect enum ExpressionNode: Equatable, Sendable {
  /// A text or a number, as it stands.
  case text(String)
  /// The value of a source attribute.
  case attribute(String, ExpressionPlace)
  /// One of the bare words.
  case word(ExpressionWord)
  /// A function with its arguments; nil for an empty slot.
  case call(ExpressionCall)
  /// Two values held against each other; only as the condition of a function that takes one.
  case comparison(ExpressionNode, ExpressionComparison, ExpressionNode)

  /// All parts, this one first.
  var parts: [ExpressionNode] {
    switch self {
    case .text, .attribute, .word: [self]
    case .call(let call): [self] + call.arguments.compactMap(\.self).flatMap(\.parts)
    case .comparison(let left, _, let right): [self] + left.parts + right.parts
    }
  }
}

/// The words that stand without brackets and quotes.
enum ExpressionWord: String, CaseIterable, Sendable {
  /// The attribute is left out.
  case ignoreAttributeFlow = "IgnoreAttributeFlow"
  /// The whole person is left out.
  case ignoreObjectFlow = "IgnoreObjectFlow"
  /// No value.
  case null = "NULL"
  /// The boolean.
  case yes = "True"
  /// The boolean.
  case no = "False"
  /// A way to compare, for `InStr`.
  case ignoringCase = "vbTextCompare"
  /// A way to compare, for `InStr`.
  case byCase = "vbBinaryCompare"
}

/// How two values are held against each other.
enum ExpressionComparison: String, CaseIterable, Sendable {
  case equal = "="
  case unequal = "<>"
  case greater = ">"
  case greaterOrEqual = ">="
  case less = "<"
  case lessOrEqual = "<="
}

/// A function that is called. An object, since evaluating one hands it on, and copying its parts takes longer than most
/// functions do.
final class ExpressionCall: Equatable, Sendable {
  let function: ExpressionFunction
  let arguments: [ExpressionNode?]
  /// Where its name stands.
  let place: ExpressionPlace
  /// The pattern that stands in it as a text, ready to be used.
  let pattern: DotNetPattern?

  init(
    function: ExpressionFunction, arguments: [ExpressionNode?], place: ExpressionPlace, pattern: DotNetPattern?
  ) {
    self.function = function
    self.arguments = arguments
    self.place = place
    self.pattern = pattern
  }

  static func == (left: ExpressionCall, right: ExpressionCall) -> Bool {
    left.function.name == right.function.name && left.arguments == right.arguments
  }
}
