/// The limits of addresses and names that the Web API documents (its reference, model of a user).
enum Limits {
  static func allowsName(_ name: String) -> Bool { (2...50).contains(name.utf16.count) }

  /// ASCII only. Before the `@`: letters, digits, `_`, `-`, with single inner `.`, `+`, `'`, `=`. After it: labels of
  /// letters and digits with single inner hyphens, the last of at least two letters.
  static func allowsEmail(_ email: String) -> Bool {
    let bytes = Array(email.utf8)
    guard (6...100).contains(bytes.count) else { return false }
    let parts = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard parts.count == 2 else { return false }
    let labels = parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard labels.count >= 2, let last = labels.last, last.count >= 2, last.allSatisfy(isLetter) else { return false }
    return hasSingleInner(parts[0], ".+'=", around: { isLetter($0) || isDigit($0) || $0 == 0x5F || $0 == 0x2D })
      && labels.allSatisfy { hasSingleInner($0, "-", around: { isLetter($0) || isDigit($0) }) }
  }

  /// True when the text is not empty, holds nothing but plain bytes and separators, and each separator stands between
  /// two plain bytes.
  private static func hasSingleInner(
    _ text: ArraySlice<UInt8>, _ separators: String, around isPlain: (UInt8) -> Bool
  ) -> Bool {
    var afterPlain = false
    for byte in text {
      if isPlain(byte) {
        afterPlain = true
      } else {
        guard afterPlain, separators.utf8.contains(byte) else { return false }
        afterPlain = false
      }
    }
    return afterPlain
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
