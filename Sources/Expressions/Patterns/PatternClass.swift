/// A class of characters in brackets: in ICU's, brackets, `&&` and `--` inside one mean more than they do in .NET's.
enum PatternClass {
  /// Reads the class that begins here, and gives it as ICU spells it. A `]` that comes first stands for itself. One that is not
  /// closed is left as it is, and ICU refuses it.
  static func carry(_ scanner: inout PatternScanner) throws(PatternFlaw) -> String {
    var text = scanner.take()
    let isNegated = scanner.next == "^"
    var subtracted: String?
    if isNegated { text += scanner.take() }
    if scanner.next == "]" { text += "\\" + scanner.take() }
    while let next = scanner.next, next != "]" {
      if scanner.looksAt("-[") {
        _ = scanner.take()
        subtracted = try carry(&scanner)
        continue
      }
      text += try item(&scanner)
      if scanner.next == "-", let end = scanner.peek(1), end != "]", end != "[" {
        text += scanner.take()
        text += try item(&scanner)
      }
    }
    let close = scanner.take()
    guard let subtracted else { return text + close }
    // ICU negates what is left of a subtraction, .NET only what it is taken from.
    return isNegated ? "[\(text)\(close)--\(subtracted)\(close)" : "\(text)--\(subtracted)\(close)"
  }

  /// One character, or one escape.
  private static func item(_ scanner: inout PatternScanner) throws(PatternFlaw) -> String {
    if scanner.looksAt("\\b") {
      _ = scanner.take(2)
      return "\\x08"
    }
    if scanner.looksAt("\\v") {
      _ = scanner.take(2)
      return "\\x0B"
    }
    if scanner.next == "\\" { return try scanner.plainEscape(knowing: "acdDefnpPrsStuwWx") }
    let isPlain = scanner.next.map { !$0.isASCII || $0.isWordCharacter } ?? true
    return isPlain ? scanner.take() : "\\" + scanner.take()
  }
}
