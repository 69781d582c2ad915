/// Reads an expression: functions of attributes, texts, numbers and functions (Microsoft Learn, "Reference for writing
/// expressions for attribute mappings in Microsoft Entra ID", section "Syntax overview").
struct ExpressionParser {
  /// The nesting that is accepted.
  static let depthLimit = 64

  private var lexer: ExpressionLexer
  private var token = ExpressionToken.end
  private var place = ExpressionPlace()
  private var depth = 0

  /// Reads a whole text.
  static func parse(_ text: String) throws(ExpressionError) -> ExpressionNode {
    var parser = ExpressionParser(lexer: ExpressionLexer(text))
    try parser.advance()
    if parser.token == .end { throw ExpressionError("The expression is empty.", at: parser.place) }
    let node = try parser.value()
    if case .comparison = parser.token { throw ExpressionError(Self.comparisonElsewhere, at: parser.place) }
    guard parser.token == .end else {
      throw ExpressionError(
        "The expression is over before this; remove what follows, or name a function.", at: parser.place)
    }
    return node
  }

  private static let comparisonElsewhere =
    "A comparison stands only as the condition of IIF, CBool or Not; write IIF(left = right, …, …)."

  private mutating func advance() throws(ExpressionError) { (token, place) = try lexer.token() }

  private mutating func value() throws(ExpressionError) -> ExpressionNode {
    let start = place
    switch token {
    case .text(let text), .number(let text):
      try advance()
      return .text(text)
    case .attribute(let name):
      try advance()
      return .attribute(name, start)
    case .name(let name):
      try advance()
      return try named(name, at: start)
    case .end: throw ExpressionError("The expression ends where a value is expected.", at: start)
    case .open: throw ExpressionError("A bracket `(` stands only behind the name of a function.", at: start)
    case .close, .comma, .comparison: throw ExpressionError("A value is missing here.", at: start)
    }
  }

  private mutating func named(_ name: String, at start: ExpressionPlace) throws(ExpressionError) -> ExpressionNode {
    guard token == .open else {
      if let word = ExpressionWord(rawValue: name) { return .word(word) }
      throw ExpressionError(Self.strangeWord(name), at: start)
    }
    guard let function = ExpressionFunction.named(name) else {
      throw ExpressionError(Self.strangeFunction(name), at: start, .unknownFunction)
    }
    let arguments = try arguments(of: function, at: start)
    let call = try function.call(arguments, at: start)
    if function.isTopOnly, depth > 0 {
      throw ExpressionError(
        "`\(name)` stands only around the whole expression, not inside another function.", at: start)
    }
    return .call(call)
  }

  private static func strangeWord(_ name: String) -> String {
    if ExpressionFunction.named(name) != nil { return "`\(name)` is a function: give it its arguments, \(name)(…)." }
    return "`\(name)` is neither function nor value; an attribute is written [\(name)], a text \"\(name)\"."
  }

  private static func strangeFunction(_ name: String) -> String {
    guard let similar = ExpressionFunction.similar(to: name) else {
      return "`\(name)` is no function that is known; `provledger config expression --functions` lists them."
    }
    return "`\(name)` is no function that is known; did you mean `\(similar)`? Names are case-sensitive."
  }

  private mutating func arguments(
    of function: ExpressionFunction, at start: ExpressionPlace
  ) throws(ExpressionError) -> [ExpressionNode?] {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else {
      throw ExpressionError("Functions are nested deeper than \(Self.depthLimit) here.", at: start)
    }
    try advance()
    if token == .close {
      try advance()
      return []
    }
    var arguments: [ExpressionNode?] = []
    while true {
      arguments.append(try slot(function, arguments.count))
      switch token {
      case .comma: try advance()
      case .close:
        try advance()
        return arguments
      case .end: throw ExpressionError("`\(function.name)(` has no closing bracket `)`.", at: start)
      default: throw ExpressionError("A comma or `)` is missing here.", at: place)
      }
    }
  }

  /// One argument, or nothing where the slot is empty.
  private mutating func slot(_ function: ExpressionFunction, _ index: Int) throws(ExpressionError) -> ExpressionNode? {
    if token == .comma || token == .close { return nil }
    let left = try value()
    guard case .comparison(let comparison) = token else { return left }
    guard function.parameter(index)?.kind == .condition else {
      throw ExpressionError(Self.comparisonElsewhere, at: place)
    }
    try advance()
    let right = try value()
    if case .comparison = token {
      throw ExpressionError("One condition holds one comparison; nest another IIF for the next.", at: place)
    }
    return .comparison(left, comparison, right)
  }
}
