/// Finds the aliases of a YAML text before anything follows them: a few of them, each standing for several of the last,
/// would be more than any memory holds.
struct AliasScanner {
  /// An alias and where it stands, from 1.
  struct Alias: Equatable {
    var name: String
    var line: Int
    var column: Int
    /// Where it stands among the text's scalars, with its asterisk.
    var scalars: Range<Int>
  }

  private static let flow: Set<Unicode.Scalar> = ["[", "]", "{", "}", ","]
  private static let blanks: Set<Unicode.Scalar> = [" ", "\t"]
  private static let breaks: Set<Unicode.Scalar> = ["\n", "\r"]

  private let text: [Unicode.Scalar]
  private var index = 0
  private var line = 1
  private var column = 1
  private var depth = 0
  private var aliases: [Alias] = []

  private init(_ text: String) { self.text = Array(text.unicodeScalars) }

  /// The aliases of a text.
  static func aliases(of text: String) -> [Alias] {
    var scanner = AliasScanner(text)
    while scanner.index < scanner.text.count { scanner.step() }
    return scanner.aliases
  }

  private var next: Unicode.Scalar { text[index] }
  private func peek(_ offset: Int) -> Unicode.Scalar? {
    text.indices.contains(index + offset) ? text[index + offset] : nil
  }

  /// Blank, line break or the end.
  private static func isGap(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map { blanks.contains($0) || breaks.contains($0) } ?? true
  }

  private mutating func take() {
    if next == "\n" || (next == "\r" && peek(1) != "\n") {
      line += 1
      column = 1
    } else {
      column += 1
    }
    index += 1
  }

  private mutating func take(while holds: (Unicode.Scalar) -> Bool) {
    while index < text.count, holds(next) { take() }
  }

  /// What begins here is a node, an indicator before one, or what stands between them.
  private mutating func step() {
    switch next {
    case " ", "\t", "\n", "\r": take()
    case "#": take(while: { !Self.breaks.contains($0) })
    case "[", "{": open()
    case "]", "}": close()
    case ",": take()
    case "-", "?", ":":
      if Self.isGap(peek(1)) || (depth > 0 && next == ":") { take() } else { plain() }
    case "\"", "'": quoted()
    case "|", ">": depth == 0 ? block() : plain()
    case "&", "!": take { !Self.isGap($0) && !Self.flow.contains($0) }
    case "*": alias()
    default: plain()
    }
  }

  private mutating func open() {
    depth += 1
    take()
  }

  private mutating func close() {
    depth = max(0, depth - 1)
    take()
  }

  private mutating func alias() {
    var alias = Alias(name: "", line: line, column: column, scalars: index..<index)
    take()
    while index < text.count, !Self.isGap(next), !Self.flow.contains(next) {
      alias.name.unicodeScalars.append(next)
      take()
    }
    alias.scalars = alias.scalars.lowerBound..<index
    aliases.append(alias)
  }

  private mutating func quoted() {
    let quote = next
    take()
    while index < text.count {
      if quote == "\"", next == "\\" {
        take()
        if index < text.count { take() }
      } else if next == quote {
        take()
        guard quote == "'", index < text.count, next == "'" else { return }
        take()
      } else {
        take()
      }
    }
  }

  /// A scalar without quotes: to the end of the line, to what parts key and value, or to what ends it in a list.
  private mutating func plain() {
    while index < text.count, !Self.breaks.contains(next) {
      if next == ":", Self.isGap(peek(1)) || depth > 0 && peek(1).map(Self.flow.contains) == true { return }
      if next == "#", column > 1, Self.blanks.contains(text[index - 1]) { return }
      if depth > 0, Self.flow.contains(next) { return }
      take()
    }
  }

  /// A scalar of whole lines: all that are indented deeper than the line on which it begins.
  private mutating func block() {
    var start = index
    while start > 0, !Self.breaks.contains(text[start - 1]) { start -= 1 }
    let indentation = text[start...].prefix { $0 == " " }.count
    take { !Self.breaks.contains($0) }
    while index < text.count {
      take { Self.breaks.contains($0) }
      let rest = text[index...]
      let blanks = rest.prefix { $0 == " " }.count
      let first = rest.dropFirst(blanks).first
      if first == nil || blanks <= indentation && !Self.breaks.contains(first ?? "\n") { return }
      take { !Self.breaks.contains($0) }
    }
  }
}
