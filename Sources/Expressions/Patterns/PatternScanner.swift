/// A pattern's characters, and how far it was read.
struct PatternScanner {
  private let scalars: [Unicode.Scalar]
  private var index = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  /// The next one; nil at the end.
  var next: Unicode.Scalar? { peek(0) }

  /// The one so many places behind the next.
  func peek(_ offset: Int) -> Unicode.Scalar? {
    scalars.indices.contains(index + offset) ? scalars[index + offset] : nil
  }

  func looksAt(_ text: String) -> Bool { scalars[index...].starts(with: text.unicodeScalars) }

  /// Reads so many, or all that are left.
  mutating func take(_ count: Int = 1) -> String {
    let end = min(scalars.count, index + count)
    defer { index = end }
    return Self.text(scalars[index..<end])
  }

  mutating func skip(while holds: (Unicode.Scalar) -> Bool) {
    while let next, holds(next) { index += 1 }
  }

  mutating func digits() -> String {
    let digits = scalars[index...].prefix { ("0"..."9").contains($0) }
    index += digits.count
    return Self.text(digits)
  }

  /// What stands between the last of so many characters and the one that closes it. Throws where nothing does.
  mutating func name(
    opening count: Int, closing: (Unicode.Scalar?) -> Unicode.Scalar
  ) throws(PatternFlaw) -> String {
    let close = closing(peek(count - 1))
    let start = index + count
    guard let end = scalars[start...].firstIndex(of: close) else {
      throw .unreadable("The pattern opens the name of a group, and does not close it.")
    }
    index = end + 1
    return Self.text(scalars[start..<end])
  }

  /// How many characters a quantifier in braces has that begins here: `{2}`, `{2,}`, `{2,3}`. .NET takes all other braces,
  /// `{,3}` among them, as they stand.
  var quantifier: Int? {
    guard next == "{", let end = scalars[index...].firstIndex(of: "}") else { return nil }
    let numbers = scalars[(index + 1)..<end].split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = numbers.first, !first.isEmpty, numbers.joined().allSatisfy({ ("0"..."9").contains($0) }) else {
      return nil
    }
    return end - index + 1
  }

  /// The letters of inline options that begin here, such as `i-x` of `(?i-x:`; nil where there are none.
  var flags: String? {
    guard looksAt("(?") else { return nil }
    let letters = scalars[(index + 2)...].prefix { "imnsx-".unicodeScalars.contains($0) }
    guard !letters.isEmpty, let end = peek(letters.count + 2), end == ":" || end == ")" else { return nil }
    return Self.text(letters)
  }

  /// An escape that is spelt alike. Throws for a letter that .NET does not know behind a backslash, where ICU knows some.
  mutating func plainEscape(knowing letters: String) throws(PatternFlaw) -> String {
    guard let letter = peek(1) else { return take() }
    let isKnown = letters.unicodeScalars.contains(letter) || ("0"..."9").contains(letter) || !letter.isWordCharacter
    guard isKnown else {
      throw .unreadable("The pattern has the escape \\\(String(letter).shortened), which .NET does not know.")
    }
    if "pP".unicodeScalars.contains(letter) { return category() }
    return take(2)
  }

  /// `\p{IsCyrillic}` names a block by .NET, which is ICU's `\p{blk=Cyrillic}` (Microsoft Learn, "Supported named blocks").
  private mutating func category() -> String {
    guard peek(2) == "{", let end = scalars[index...].firstIndex(of: "}") else { return take(2) }
    let (start, name) = (take(3), take(end - index))
    return start + (name.hasPrefix("Is") ? "blk=" + name.dropFirst(2) : name) + take()
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }
}

extension Unicode.Scalar {
  /// What `\w` matches.
  var isWordCharacter: Bool {
    properties.isAlphabetic || properties.numericType == .decimal || properties.generalCategory == .connectorPunctuation
  }
}
