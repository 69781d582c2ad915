/// Numbers (RFC 8259 section 6).
extension JSONParser {
  mutating func number() throws -> JSONValue {
    let (range, whole) = try scanNumber()
    let text = String(decoding: bytes[range], as: UTF8.self)
    if whole, let value = Int64(text) { return .integer(value) }
    return .decimal(text)
  }

  /// The range of the number's bytes, and whether it has neither fraction nor exponent.
  mutating func scanNumber() throws -> (Range<Int>, whole: Bool) {
    let start = offset
    var whole = true
    if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
    let leadingZero = offset < bytes.count && bytes[offset] == UInt8(ascii: "0")
    let count = try digits()
    if leadingZero && count > 1 { throw JSONError(.unexpected("a number without leading zeros"), offset: start) }
    if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
      whole = false
      offset += 1
      _ = try digits()
    }
    if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
      whole = false
      offset += 1
      if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") { offset += 1 }
      _ = try digits()
    }
    return (start..<offset, whole)
  }

  private mutating func digits() throws -> Int {
    let start = offset
    while offset < bytes.count, bytes[offset] >= UInt8(ascii: "0"), bytes[offset] <= UInt8(ascii: "9") { offset += 1 }
    if offset == start {
      throw offset < bytes.count ? unexpected("a value") : JSONError(.truncated, offset: offset)
    }
    return offset - start
  }
}
