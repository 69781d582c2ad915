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

  /// Appends a whole number.
  public mutating func integer(_ value: some BinaryInteger) {
    bytes.append(contentsOf: String(value).utf8)
  }

  /// Appends a string with its quotes; only `"`, `\` and control characters are escaped (RFC 8785 section 3.2.2.2).
  public mutating func string(_ value: String) {
    bytes.append(UInt8(ascii: "\""))
    var value = value
    value.withUTF8 { utf8 in
      var start = 0
      for (index, byte) in utf8.enumerated()
      where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        bytes.append(contentsOf: utf8[start..<index])
        escape(byte)
        start = index + 1
      }
      bytes.append(contentsOf: utf8[start...])
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
      let members = canonical ? object.members.sorted { utf16Precedes($0.name, $1.name) } : object.members
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
  left.utf16.lexicographicallyPrecedes(right.utf16)
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
