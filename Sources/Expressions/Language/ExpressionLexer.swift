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

/// Cuts the text of an expression into its pieces. It goes by Unicode's scalars: a mark behind a quote is no part of the quote.
struct ExpressionLexer {
  private let scalars: [Unicode.Scalar]
  private var index = 0
  /// Where the next character stands.
  private(set) var place = ExpressionPlace()

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private mutating func take() -> Unicode.Scalar? {
    guard let scalar = next else { return nil }
    index += 1
    if scalar.isNewline, scalar != "\r" || next != "\n" {
      place.line += 1
      place.column = 1
    } else {
      place.column += 1
    }
    return scalar
  }

  /// The next piece, and where it begins.
  mutating func token() throws(ExpressionError) -> (ExpressionToken, ExpressionPlace) {
    while next?.properties.isWhitespace == true { _ = take() }
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
    case let scalar? where scalar.isASCIIDigit || scalar == "-": return try number(at: start)
    case let scalar? where scalar.properties.isAlphabetic: return .name(word())
    case let scalar?: throw ExpressionError(Self.stranger(scalar), at: start)
    }
  }

  private static func stranger(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "'", "“", "”", "‘", "’": "A text stands in straight double quotes: \"text\", not in \(scalar)."
    default: "`\(scalar)` has no meaning here; write [attribute], \"text\", a number, or Function(…)."
    }
  }

  private mutating func taken(_ token: ExpressionToken) -> ExpressionToken {
    _ = take()
    return token
  }

  private mutating func word() -> String {
    var word = String.UnicodeScalarView()
    while let scalar = next, scalar.isWordCharacter {
      word.append(scalar)
      _ = take()
    }
    return String(word)
  }

  private mutating func attribute(at start: ExpressionPlace) throws(ExpressionError) -> ExpressionToken {
    _ = take()
    var name = String.UnicodeScalarView()
    while let scalar = take() {
      if scalar == "]" {
        if name.isEmpty { throw ExpressionError("The brackets name no attribute; write [department].", at: start) }
        return .attribute(String(name))
      }
      if scalar == "[" || scalar.isNewline { break }
      name.append(scalar)
    }
    throw ExpressionError("The attribute that begins here has no closing bracket `]`.", at: start)
  }

  private mutating func text(at start: ExpressionPlace) throws(ExpressionError) -> ExpressionToken {
    _ = take()
    var text = String.UnicodeScalarView()
    while let scalar = take() {
      switch scalar {
      case "\"": return .text(String(text))
      case "\\": text.append(try escaped())
      default: text.append(scalar)
      }
    }
    throw ExpressionError("The text that begins here has no closing quote.", at: start)
  }

  private mutating func escaped() throws(ExpressionError) -> Unicode.Scalar {
    let start = ExpressionPlace(line: place.line, column: place.column - 1)
    if let scalar = next, scalar == "\"" || scalar == "\\" {
      _ = take()
      return scalar
    }
    throw ExpressionError(
      "A backslash in a text stands before \" or another backslash; a pattern's \\d is written \\\\d.", at: start)
  }

  private mutating func comparison() -> ExpressionToken {
    var sign = String(take() ?? "=")
    if let scalar = next, ExpressionComparison(rawValue: sign + String(scalar)) != nil {
      sign += String(scalar)
      _ = take()
    }
    return .comparison(ExpressionComparison(rawValue: sign) ?? .equal)
  }

  private mutating func number(at start: ExpressionPlace) throws(ExpressionError) -> ExpressionToken {
    var digits = String(take() ?? "0")
    while let scalar = next, scalar.isASCIIDigit || scalar == "." {
      digits += String(scalar)
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

extension Unicode.Scalar {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }

  /// The ends of lines (Unicode Standard Annex 14).
  fileprivate var isNewline: Bool {
    switch self {
    case "\n"..."\r", "\u{85}", "\u{2028}", "\u{2029}": true
    default: false
    }
  }
}
