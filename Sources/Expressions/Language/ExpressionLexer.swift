/// A piece of the text of an expression.
enum ExpressionToken: Equatable {
  case name(String)
  case attribute(String)
  case text(String)
  case number(String)
  case comparison(ExpressionComparison)
  case open
  case close
  case comma
  case end
}

/// Cuts the text of an expression into its pieces.
struct ExpressionLexer {
  private let characters: [Character]
  private var index = 0
  /// Where the next character stands.
  private(set) var place = ExpressionPlace()

  init(_ text: String) { characters = Array(text) }

  private var next: Character? { index < characters.count ? characters[index] : nil }

  private mutating func take() -> Character? {
    guard let character = next else { return nil }
    index += 1
    if character.isNewline {
      place.line += 1
      place.column = 1
    } else {
      place.column += 1
    }
    return character
  }

  /// The next piece, and where it begins.
  mutating func token() throws(ExpressionError) -> (ExpressionToken, ExpressionPlace) {
    while next?.isWhitespace == true { _ = take() }
    let start = place
    return (try piece(at: start), start)
  }

  private mutating func piece(at start: ExpressionPlace) throws(ExpressionError) -> ExpressionToken {
    switch next {
    case nil: return .end
    case "(": return taken(.open)
    case ")": return taken(.close)
    case ",": return taken(.comma)
    case "[": return try attribute(at: start)
    case "\"": return try text(at: start)
    case "=", "<", ">": return comparison()
    case "&": return try hexadecimal(at: start)
    case let character? where character.isASCIIDigit || character == "-": return try number(at: start)
    case let character? where character.isLetter: return .name(word())
    case let character?: throw ExpressionError(Self.stranger(character), at: start)
    }
  }

  private static func stranger(_ character: Character) -> String {
    switch character {
    case "'", "“", "”", "‘", "’": "A text stands in straight double quotes: \"text\", not in \(character)."
    default: "`\(character)` has no meaning here; write [attribute], \"text\", a number, or Function(…)."
    }
  }

  private mutating func taken(_ token: ExpressionToken) -> ExpressionToken {
    _ = take()
    return token
  }

  private mutating func word() -> String {
    var word = ""
    while let character = next, character.isLetter || character.isNumber || character == "_" {
      word.append(character)
      _ = take()
    }
    return word
  }

  private mutating func attribute(at start: ExpressionPlace) throws(ExpressionError) -> ExpressionToken {
    _ = take()
    var name = ""
    while let character = take() {
      if character == "]" {
        if name.isEmpty { throw ExpressionError("The brackets name no attribute; write [department].", at: start) }
        return .attribute(name)
      }
      if character == "[" || character.isNewline { break }
      name.append(character)
    }
    throw ExpressionError("The attribute that begins here has no closing bracket `]`.", at: start)
  }

  private mutating func text(at start: ExpressionPlace) throws(ExpressionError) -> ExpressionToken {
    _ = take()
    var text = ""
    while let character = take() {
      switch character {
      case "\"": return .text(text)
      case "\\": text.append(try escaped())
      default: text.append(character)
      }
    }
    throw ExpressionError("The text that begins here has no closing quote.", at: start)
  }

  private mutating func escaped() throws(ExpressionError) -> Character {
    let start = ExpressionPlace(line: place.line, column: place.column - 1)
    if let character = next, character == "\"" || character == "\\" {
      _ = take()
      return character
    }
    throw ExpressionError(
      "A backslash in a text stands before \" or another backslash; a pattern's \\d is written \\\\d.", at: start)
  }

  private mutating func comparison() -> ExpressionToken {
    var sign = String(take() ?? "=")
    if let character = next, ExpressionComparison(rawValue: sign + String(character)) != nil {
      sign.append(character)
      _ = take()
    }
    return .comparison(ExpressionComparison(rawValue: sign) ?? .equal)
  }

  private mutating func number(at start: ExpressionPlace) throws(ExpressionError) -> ExpressionToken {
    var digits = String(take() ?? "0")
    while let character = next, character.isASCIIDigit || character == "." {
      digits.append(character)
      _ = take()
    }
    guard Double(digits) != nil, digits.utf8.count <= 20 else {
      throw ExpressionError("`\(digits)` is no number that is known; use up to 20 digits.", at: start)
    }
    return .number(digits)
  }

  /// `&HF7`, as Visual Basic writes it.
  private mutating func hexadecimal(at start: ExpressionPlace) throws(ExpressionError) -> ExpressionToken {
    _ = take()
    let digits = word()
    guard digits.first == "H" || digits.first == "h", let number = Int64(digits.dropFirst(), radix: 16) else {
      throw ExpressionError("A hexadecimal number is written &HF7, up to 15 digits.", at: start)
    }
    return .number(String(number))
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
