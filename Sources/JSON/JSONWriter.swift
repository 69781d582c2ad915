/// Writes JSON bytes: compact, and in the canonical form of RFC 8785 (JCS) for the values that the ledger records.
///
/// Canonical means: members sorted by the UTF-16 code units of their names, no white space, the shortest escapes.
/// The form is exact for null, booleans, integers, strings, arrays and objects; a decimal number keeps its
/// source text, which JCS would reformat, so records hold none.
public struct JSONWriter: Sendable {
  /// The bytes written so far.
  public private(set) var bytes: [UInt8] = []

  /// A writer with room for a typical event.
  public init(reserving capacity: Int = 1024) { bytes.reserveCapacity(capacity) }

  /// Appends literal text: punctuation, and member names that are known to need no escape.
  public mutating func raw(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends bytes that are JSON already.
  public mutating func raw(_ json: some Sequence<UInt8>) { bytes.append(contentsOf: json) }

  /// Appends bytes that are JSON already.
  public mutating func raw(_ json: [UInt8]) { bytes.append(contentsOf: json) }

  /// Appends bytes in memory that are JSON already.
  public mutating func raw(_ json: UnsafeBufferPointer<UInt8>) { bytes.append(contentsOf: json) }

  /// Appends text that is JSON already, or needs no escape.
  public mutating func raw(_ text: String) {
    var text = text
    text.withUTF8 { bytes.append(contentsOf: $0) }
  }

  /// Appends a whole number.
  public mutating func integer(_ value: Int64) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var rest = value.magnitude
      var start = 20
      repeat {
        start -= 1
        digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      } while rest > 0
      if value < 0 {
        start -= 1
        digits[start] = UInt8(ascii: "-")
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[start..<20]))
    }
  }

  /// Appends a whole number.
  public mutating func integer(_ value: Int) { integer(Int64(value)) }

  /// Appends bytes as base64 (RFC 4648 section 4) without quotes.
  public mutating func base64(_ data: UnsafeRawBufferPointer) {
    let count = Base64.length(of: data.count)
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: max(1, count)) { text in
      guard let start = text.baseAddress else { return }
      Base64.write(data, to: start)
      bytes.append(contentsOf: UnsafeBufferPointer(start: start, count: count))
    }
  }

  /// Appends a string with its quotes; only `"`, `\` and control characters are escaped (RFC 8785 section 3.2.2.2).
  public mutating func string(_ value: String) {
    bytes.append(UInt8(ascii: "\""))
    var value = value
    value.withUTF8 { utf8 in
      var start = 0
      for index in 0..<utf8.count {
        let byte = utf8[index]
        guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<index]))
        escape(byte)
        start = index + 1
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start...]))
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): raw("\\\"")
    case UInt8(ascii: "\\"): raw("\\\\")
    case 0x08: raw("\\b")
    case 0x09: raw("\\t")
    case 0x0A: raw("\\n")
    case 0x0C: raw("\\f")
    case 0x0D: raw("\\r")
    default:
      raw("\\u00")
      for digit in [byte >> 4, byte & 0x0F] {
        bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      }
    }
  }

  /// Appends a value, members in the order of the object or in canonical order.
  public mutating func value(_ value: JSONValue, canonical: Bool) {
    switch value {
    case .null: raw("null")
    case .bool(let bool): if bool { raw("true") } else { raw("false") }
    case .integer(let number): integer(number)
    case .decimal(let text): bytes.append(contentsOf: text.utf8)
    case .string(let text): string(text)
    case .array(let elements):
      raw("[")
      for (index, element) in elements.enumerated() {
        if index > 0 { raw(",") }
        self.value(element, canonical: canonical)
      }
      raw("]")
    case .object(let object):
      raw("{")
      let members = canonical ? object.canonicalMembers : object.members
      for (index, member) in members.enumerated() {
        if index > 0 { raw(",") }
        string(member.name)
        raw(":")
        self.value(member.value, canonical: canonical)
      }
      raw("}")
    }
  }
}

/// RFC 8785 section 3.2.3: names are ordered by UTF-16 code units, which differs from UTF-8 order above U+FFFF.
private func utf16Precedes(_ left: String, _ right: String) -> Bool {
  var (first, second) = (left, right)
  let order: Bool? = first.withUTF8 { first in
    second.withUTF8 { second in
      for index in 0..<min(first.count, second.count) where first[index] != second[index] {
        // Up to U+DFFF both orders are one, and so they are where the bytes differ before that.
        return max(first[index], second[index]) < 0xEE ? first[index] < second[index] : nil
      }
      return first.count < second.count
    }
  }
  return order ?? left.utf16.lexicographicallyPrecedes(right.utf16)
}

extension JSONObject {
  /// The members in canonical order.
  public var canonicalMembers: [Member] {
    let isSorted = zip(members, members.dropFirst()).allSatisfy { utf16Precedes($0.name, $1.name) }
    return isSorted ? members : members.sorted { utf16Precedes($0.name, $1.name) }
  }
}

extension JSONValue {
  /// The RFC 8785 bytes of this value.
  public var canonicalBytes: [UInt8] {
    var writer = JSONWriter()
    writer.value(self, canonical: true)
    return writer.bytes
  }

  /// The compact text of this value, members in their own order.
  public var text: String {
    var writer = JSONWriter()
    writer.value(self, canonical: false)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
