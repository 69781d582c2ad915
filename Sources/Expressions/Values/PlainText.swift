/// Texts of ASCII alone are most of all, and bytes do for them what takes Unicode's tables for others.
struct PlainText {
  private let bytes: [UInt8]

  /// Nil for a text with anything but ASCII.
  init?(_ text: String) {
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    bytes = Array(text.utf8)
  }

  var lowered: String { text(bytes.map(Self.lower)) }

  var raised: String { text(bytes.map(Self.upper)) }

  /// Each run of letters, digits and apostrophes with a capital, all else in lower case.
  var titled: String {
    var begins = true
    return text(
      bytes.map { byte in
        guard Self.isOfWord(byte) else {
          begins = true
          return byte
        }
        defer { begins = false }
        return begins ? Self.upper(byte) : Self.lower(byte)
      })
  }

  /// Some bytes from a place on, as far as there are any.
  func part(from start: Int, count: Int) -> String {
    guard start <= bytes.count else { return "" }
    return text(bytes[start..<(start + min(count, bytes.count - start))])
  }

  private func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func lower(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  private static func upper(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte & ~0x20 : byte
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "'")
  }
}

extension String {
  /// The parts between those places where another text stands, which is not empty. Bytes tell: what .NET compares are units, and
  /// a mark that follows a letter is one of its own.
  func parts(between other: String) -> [String] {
    let (all, sought) = (Array(utf8), Array(other.utf8))
    var parts: [String] = []
    var (begin, place) = (0, 0)
    while place + sought.count <= all.count {
      guard all[place] == sought[0], all[place...].starts(with: sought) else {
        place += 1
        continue
      }
      parts.append(String(decoding: all[begin..<place], as: UTF8.self))
      place += sought.count
      begin = place
    }
    return parts.isEmpty ? [self] : parts + [String(decoding: all[begin...], as: UTF8.self)]
  }

  /// Without the white space of ASCII at both ends; nil where something else than ASCII stands there.
  var trimmedOfPlainWhitespace: String? {
    func isWhite(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    guard let first = utf8.firstIndex(where: { !isWhite($0) }), let last = utf8.lastIndex(where: { !isWhite($0) })
    else { return "" }
    guard utf8[first] < 0x80, utf8[last] < 0x80 else { return nil }
    let end = utf8.index(after: last)
    return first == startIndex && end == endIndex ? self : String(self[first..<end])
  }
}
