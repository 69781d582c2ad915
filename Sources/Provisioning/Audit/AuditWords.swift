import Foundation

/// The words of a text, as they are searched for: in lower case, without accents, cut at what is neither letter nor digit.
public enum AuditWords {
  /// Longer words are cut: nobody types them, and a log may hold anything. In bytes of UTF-8.
  static let longest = 64
  /// More words of one text are not kept.
  static let most = 512

  /// The words, each once, in order of first appearance.
  public static func of(_ text: String) -> [String] {
    var words: [String] = []
    func add(_ word: String) {
      let word = cut(word)
      if !word.isEmpty, words.count < most, !words.contains(word) { words.append(word) }
    }
    if text.utf8.allSatisfy({ $0 < 0x80 }) {
      for piece in text.utf8.split(whereSeparator: { !isPart($0) }) { add(Address.folded(String(piece) ?? "")) }
    } else {
      split(text.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars, add)
    }
    return words
  }

  private static func split(_ text: String.UnicodeScalarView, _ add: (String) -> Void) {
    var word = String.UnicodeScalarView()
    func end() {
      add(String(word))
      word = String.UnicodeScalarView()
    }
    for scalar in text where !isMark(scalar) {
      // Scripts without blanks between words: each sign is one.
      let isPart = isPart(scalar)
      if !isPart || isWord(scalar) { end() }
      if isPart { word.append(scalar) }
      if isPart, isWord(scalar) { end() }
    }
    end()
  }

  /// The end of the words that begin with one: the first that does not, in the order of their bytes.
  public static func end(of beginning: String) -> String { beginning + "\u{10FFFF}" }

  private static func cut(_ word: String) -> String {
    guard word.utf8.count > longest else { return word }
    var short = word
    while short.utf8.count > longest { short.unicodeScalars.removeLast() }
    return short
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return isPart(UInt8(scalar.value)) }
    return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }

  /// A combining mark: `e` with an accent behind it is found as `e`.
  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x300 && scalar.properties.generalCategory == .nonspacingMark
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x3040 && (scalar.properties.isIdeographic || (0x3040...0x30FF).contains(scalar.value))
  }
}
