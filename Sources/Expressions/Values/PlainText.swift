/// Texts of ASCII alone are most of all, and bytes do for them what takes Unicode's tables for others.
struct PlainText {
  private let bytes: [UInt8]

  /// Nil for a text with anything but ASCII, or with a carriage return: that one and a line feed are one character.
  init?(_ text: String) {
    guard text.utf8.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "\r") }) else { return nil }
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

  /// The parts between those places where another text stands, which is not empty.
  func parts(between other: PlainText) -> [String] {
    var parts: [String] = []
    var (begin, place) = (0, 0)
    while place + other.bytes.count <= bytes.count {
      guard bytes[place] == other.bytes[0], bytes[place...].starts(with: other.bytes) else {
        place += 1
        continue
      }
      parts.append(text(bytes[begin..<place]))
      place += other.bytes.count
      begin = place
    }
    return parts + [text(bytes[begin...])]
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
  /// With another text for each place where one stands, by their bytes.
  func replacingEach(_ old: String, with new: String) -> String? {
    guard !old.isEmpty, let text = PlainText(self), let sought = PlainText(old) else { return nil }
    let parts = text.parts(between: sought)
    return parts.count == 1 ? self : parts.joined(separator: new)
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
