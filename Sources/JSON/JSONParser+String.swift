import Base

/// Strings (RFC 8259 section 7).
extension JSONParser {
  /// Parses a string.
  public mutating func string() throws -> String {
    guard try peek() == UInt8(ascii: "\"") else { throw unexpected("a string") }
    let start = offset
    let (range, isEscaped, isASCII) = try scanString()
    let decoded = isEscaped ? try unescape(range) : text(range, isASCII: isASCII)
    guard let decoded else { throw JSONError(.invalidUTF8, offset: start) }
    return decoded
  }

  /// Passes over a string and returns where its bytes stand between the quotes; none of them may be escaped. Throws
  /// `JSONError`.
  public mutating func plainString() throws -> Range<Int> {
    guard try peek() == UInt8(ascii: "\"") else { throw unexpected("a string") }
    let start = offset
    let (range, isEscaped, _) = try scanString()
    if isEscaped { throw JSONError(.unexpected("a string without escapes"), offset: start) }
    return range
  }

  /// The text of some bytes; nil when they are not UTF-8 and that is not repaired.
  private func text(_ range: Range<Int>, isASCII: Bool) -> String? {
    let bytes = UnsafeBufferPointer(rebasing: bytes[range])
    var text = String(decoding: bytes, as: UTF8.self)
    if isASCII || repairs { return text }
    // What is not UTF-8 was repaired. Faster than the initialiser that validates.
    return text.withUTF8({ $0.elementsEqual(bytes) }) ? text : nil
  }

  /// The range of the bytes between the quotes, whether an escape is among them, and whether all are ASCII.
  mutating func scanString() throws -> (Range<Int>, isEscaped: Bool, isASCII: Bool) {
    offset += 1
    let start = offset
    var (isEscaped, isASCII) = (false, true)
    while true {
      offset = Self.plainEnd(bytes, from: offset)
      guard offset < bytes.count else { throw JSONError(.truncated, offset: bytes.count) }
      switch bytes[offset] {
      case UInt8(ascii: "\""):
        offset += 1
        return (start..<offset - 1, isEscaped, isASCII)
      case UInt8(ascii: "\\"):
        isEscaped = true
        offset += 2
      case 0..<0x20: throw unexpected("no control character inside a string")
      default:
        isASCII = false
        offset += 1
      }
    }
  }

  /// The offset of the first byte, from one on, that is not plain text of a JSON string: a quote, a backslash, a
  /// control character or a byte that is not ASCII; the number of bytes or more when there is none.
  public static func plainEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let raw = UnsafeRawBufferPointer(bytes)
    var offset = start
    // Eight bytes at a time. A borrow can only mark a byte above one that is marked rightly, and the lowest counts.
    let (ones, highs): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
    while offset + 8 <= raw.count {
      let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      let quote = word ^ ones &* UInt64(UInt8(ascii: "\""))
      let escape = word ^ ones &* UInt64(UInt8(ascii: "\\"))
      let below = (word &- ones &* 0x20) & ~word
      let found = (((quote &- ones) & ~quote) | ((escape &- ones) & ~escape) | below | word) & highs
      if found != 0 { return offset + found.trailingZeroBitCount / 8 }
      offset += 8
    }
    while offset < raw.count {
      let byte = raw[offset]
      if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return offset }
      offset += 1
    }
    return offset
  }

  private func unescape(_ range: Range<Int>) throws -> String? {
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      guard bytes[index] == UInt8(ascii: "\\") else {
        result.append(bytes[index])
        index += 1
        continue
      }
      switch bytes[index + 1] {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(bytes[index + 1])
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "u"):
        let (scalar, length) = try scalar(at: index, before: range.upperBound)
        result.append(contentsOf: Array(String(scalar).utf8))
        index += length
        continue
      default: throw JSONError(.unexpected("a valid escape"), offset: index)
      }
      index += 2
    }
    return repairs ? String(decoding: result, as: UTF8.self) : String(validating: result, as: UTF8.self)
  }

  /// The scalar of a `\u` escape, or of a pair of them, and the number of bytes that it takes.
  private func scalar(at index: Int, before end: Int) throws -> (Unicode.Scalar, Int) {
    let first = try codeUnit(at: index)
    if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
    guard first < 0xDC00, index + 7 < end, bytes[index + 6] == UInt8(ascii: "\\"), bytes[index + 7] == UInt8(ascii: "u")
    else { return try half(at: index) }
    let second = try codeUnit(at: index + 6)
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { return try half(at: index) }
    return (scalar, 12)
  }

  /// What half of a surrogate pair is read as, and the number of bytes that it takes.
  private func half(at index: Int) throws -> (Unicode.Scalar, Int) {
    guard repairs else { throw JSONError(.loneSurrogate, offset: index) }
    return ("\u{FFFD}", 6)
  }

  /// The code unit of a `\u` escape; the quote behind a string that is too short for one is no digit, and so ends it.
  private func codeUnit(at index: Int) throws -> UInt32 {
    var unit: UInt32 = 0
    for position in index + 2..<index + 6 {
      let byte = bytes[position]
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: throw JSONError(.unexpected("four hexadecimal digits"), offset: position)
      }
      unit = unit << 4 | UInt32(digit)
    }
    return unit
  }
}
