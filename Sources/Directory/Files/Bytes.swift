import Glibc

extension [UInt8] {
  /// The first index of `byte` in a part of the bytes.
  func index(of byte: UInt8, in range: Range<Int>) -> Int? {
    withUnsafeBytes { memory in
      let part = UnsafeRawBufferPointer(rebasing: memory[range])
      guard let base = part.baseAddress, let found = memchr(base, Int32(byte), part.count) else { return nil }
      return range.lowerBound + (UnsafeRawPointer(found) - base)
    }
  }

  /// Where the bytes end but for a character of UTF-8 whose last bytes may be still to come.
  var endOfWholeCharacters: Int {
    guard let lead = indices.suffix(3).last(where: { self[$0] & 0xC0 != 0x80 }) else { return count }
    let length =
      switch self[lead] {
      case ..<0xC0: 1
      case ..<0xE0: 2
      case ..<0xF0: 3
      default: 4
      }
    return lead + length > count ? lead : count
  }

  /// The line, from 1, in which an offset lies.
  func line(at offset: Int) -> Int {
    var counter = LineCounter()
    return counter.line(at: offset, in: self)
  }
}

/// Tells the lines of rising offsets in one pass over the bytes, however few lines there are.
struct LineCounter {
  private var line = 1
  private var position = 0

  mutating func line(at offset: Int, in bytes: [UInt8]) -> Int {
    while let end = bytes.index(of: UInt8(ascii: "\n"), in: position..<offset) {
      line += 1
      position = end + 1
    }
    position = offset
    return line
  }

  /// The bytes before the last offset are gone, and those after it begin at zero.
  mutating func drop() { position = 0 }
}

/// Where a text stops being UTF-8, or nil when it is UTF-8 throughout.
func firstInvalidUTF8(in bytes: ArraySlice<UInt8>) -> Int? {
  do throws(UTF8.ValidationError) {
    _ = try UTF8Span(validating: bytes.span)
    return nil
  } catch {
    return bytes.startIndex + error.byteOffsets.lowerBound
  }
}

extension String {
  /// The text in quotes for an error message: on one line, and no longer than a GUID needs.
  var quoted: String {
    let shown = unicodeScalars.prefix(40).map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }
    var piece = String.UnicodeScalarView()
    piece.append(contentsOf: shown)
    return "\"\(String(piece))\(unicodeScalars.count > 40 ? "…" : "")\""
  }
}
