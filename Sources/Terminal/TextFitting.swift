/// Text as a terminal shows it.
extension StringProtocol {
  /// How many columns the text takes.
  public var columns: Int { reduce(0) { $0 + CharacterWidth.of($1) } }

  /// The longest beginning that takes no more than so many columns; no grapheme is cut.
  func leading(columns width: Int) -> SubSequence {
    var taken = 0
    return prefix { character in
      taken += CharacterWidth.of(character)
      return taken <= width
    }
  }

  /// The text, or as much of it as fits with "…" behind it; nothing where not even that fits.
  public func shortened(to width: Int) -> String {
    // Most text is ASCII, and its bytes are its columns at least.
    if utf8.count <= width || columns <= width { return String(self) }
    return width < 1 ? "" : leading(columns: width - 1) + "…"
  }

  /// The text with spaces behind it up to so many columns.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - columns)) }
}

extension String {
  /// The text in lines of no more than so many columns, cut between words; those after the first begin with `indent` spaces,
  /// or as many as the text itself begins with. A word that fits in no line is cut between graphemes.
  public func wrapped(to width: Int, indent: Int? = nil) -> [String] {
    guard width > 0, utf8.count > width, columns > width else { return [self] }
    let own = prefix { $0 == " " }.count
    var wrapping = Wrapping(
      width: width, indent: Swift.min(indent ?? own, width * 2 / 3), first: Swift.min(own, width / 2))
    for word in dropFirst(own).split(separator: " ", omittingEmptySubsequences: false) { wrapping.add(word) }
    return wrapping.finished
  }
}

/// Lines that are being filled with words.
private struct Wrapping {
  let width: Int
  let indent: Int
  private var lines: [String] = []
  private var line: String
  private var taken: Int
  private var isFresh = true

  init(width: Int, indent: Int, first: Int) {
    self.width = width
    self.indent = indent
    line = String(repeating: " ", count: first)
    taken = first
  }

  var finished: [String] { lines + [line] }

  mutating func add(_ word: Substring) {
    let size = word.columns
    if !isFresh, taken + 1 + size > width { breakLine() }
    if !isFresh { append(" ", 1) }
    if taken + size <= width {
      isFresh = false
      return append(word, size)
    }
    var rest = word
    while !rest.isEmpty {
      let part = rest.leading(columns: width - taken)
      // A grapheme wider than the line goes there all the same.
      let piece = part.isEmpty ? rest.prefix(1) : part
      append(piece, piece.columns)
      rest = rest.dropFirst(piece.count)
      if !rest.isEmpty { breakLine() }
    }
    isFresh = false
  }

  private mutating func append(_ text: some StringProtocol, _ columns: Int) {
    line += text
    taken += columns
  }

  private mutating func breakLine() {
    lines.append(line)
    line = String(repeating: " ", count: indent)
    taken = indent
    isFresh = true
  }
}
