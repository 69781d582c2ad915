/// Where a secret is kept; the secret itself never stands in a configuration.
public enum SecretSource: Hashable, Sendable, CustomStringConvertible {
  /// In an environment variable.
  case environment(String)
  /// In a file.
  case file(String)

  /// The place in words.
  public var description: String {
    switch self {
    case .environment(let name): "the environment variable \(name)"
    case .file(let path): "the file \(path)"
    }
  }
}

/// A secret of one line, as it was meant: what an editor or a shell has put round it is left off, and told.
public struct SecretText: Equatable, Sendable {
  /// The secret.
  public private(set) var text: String
  /// What was left off to get at it.
  public private(set) var extras: Set<Extra> = []

  /// What stands round a secret and is plainly no part of it; a line feed at the end is not worth a word.
  public enum Extra: String, CaseIterable, Sendable {
    /// EF BB BF, which some editors put before UTF-8.
    case byteOrderMark = "a byte order mark"
    /// Ends of lines as on Windows.
    case carriageReturn = "a carriage return"
    /// Spaces or tabs at an end, or empty lines before it.
    case blanks = "blanks"
    /// A pair of quotes.
    case quotes = "quotes"
    /// The word with which the header begins that carries a token (RFC 6750, section 2.1).
    case bearer = "the word Bearer"
  }

  /// Why what is there is no secret, in words that follow the name of the place; never the content.
  public enum Objection: Error, Equatable, CustomStringConvertible {
    /// Nothing is there, or blanks alone.
    case empty
    /// UTF-16, by its byte order mark, or bytes that are no UTF-8.
    case encoding
    /// So many lines.
    case lines(Int)
    /// A character that cannot stand in a header, by its place from 1.
    case character(Int)

    /// The words.
    public var description: String {
      switch self {
      case .empty: "is empty"
      case .encoding: "is not UTF-8 text; save it as such"
      case .lines(let count): "has \(count.of("line")); leave only the one"
      case .character(let place): "has a character that cannot stand in a header, at place \(place)"
      }
    }
  }

  /// The one line in some bytes.
  public init(_ bytes: [UInt8]) throws(Objection) {
    guard let whole = String(validating: bytes, as: UTF8.self) else { throw .encoding }
    text = whole
    drop(.byteOrderMark) { $0.unicodeScalars.first == "\u{FEFF}" ? String($0.unicodeScalars.dropFirst()) : $0 }
    drop(.carriageReturn) { $0.utf8.contains(13) ? $0.replacing("\r\n", with: "\n").replacing("\r", with: "\n") : $0 }
    while text.utf8.last == 10 { text.removeLast() }
    drop(.blanks, Self.trimmed)
    drop(.quotes) { Self.unquoted($0).map(Self.trimmed) ?? $0 }
    if text.isEmpty { throw .empty }
    let lines = text.split(separator: "\n").count
    if lines > 1 { throw .lines(lines) }
  }

  /// The secret as a bearer token: without the word before it, and of characters that a header can carry.
  public func token() throws(Objection) -> SecretText {
    var token = self
    token.drop(.bearer) { text in
      text.lowercased().hasPrefix("bearer ") ? Self.trimmed(String(text.dropFirst(7))) : text
    }
    if token.text.isEmpty || token.text.lowercased() == "bearer" { throw .empty }
    let place = token.text.unicodeScalars.enumerated().first { !(0x21...0x7E).contains($0.element.value) }?.offset
    if let place { throw .character(place + 1) }
    return token
  }

  private mutating func drop(_ extra: Extra, _ without: (String) -> String) {
    let rest = without(text)
    if !rest.hasSameBytes(as: text) { extras.insert(extra) }
    text = rest
  }

  private static func trimmed(_ text: String) -> String {
    let blanks: Set<Unicode.Scalar> = [" ", "\t", "\n"]
    let scalars = text.unicodeScalars.drop { blanks.contains($0) }
    return String(String.UnicodeScalarView(scalars.reversed().drop { blanks.contains($0) }.reversed()))
  }

  private static func unquoted(_ text: String) -> String? {
    guard text.utf8.count >= 2, let quote = text.first, quote == "\"" || quote == "'", text.last == quote
    else { return nil }
    return String(text.dropFirst().dropLast())
  }
}
