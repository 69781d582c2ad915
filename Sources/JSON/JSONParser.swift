import Base

/// A pull parser over bytes in memory (RFC 8259): the caller takes the members that it wants and skips the rest.
///
/// Strict where interchange is at stake (RFC 7493): no duplicate names in parsed values, no lone surrogates, valid
/// UTF-8 only, nesting at most `depthLimit`. The caller bounds the size before it hands bytes in. It lives only
/// inside `read`, as long as the bytes do.
public struct JSONParser {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let depthLimit: Int
  private var depth = 0
  /// The offset of the next byte to read, from 0.
  public private(set) var offset = 0

  @usableFromInline
  init(_ bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  /// The nesting that is accepted unless the caller says otherwise.
  public static let defaultDepthLimit = 64

  /// Runs `body` with a parser over `bytes`; `body` may stop before the end.
  @inlinable
  public static func read<Result>(
    _ bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int = defaultDepthLimit,
    _ body: (inout JSONParser) throws -> Result
  ) rethrows -> Result {
    var parser = JSONParser(bytes, depthLimit: depthLimit)
    return try body(&parser)
  }

  /// Parses one whole document. Throws `JSONError`, also when anything but white space follows it.
  @inlinable
  public static func parse(
    _ bytes: some Collection<UInt8>, depthLimit: Int = defaultDepthLimit
  ) throws -> JSONValue {
    if let value = try bytes.withContiguousStorageIfAvailable({ try parse(buffer: $0, depthLimit: depthLimit) }) {
      return value
    }
    return try Array(bytes).withUnsafeBufferPointer { try parse(buffer: $0, depthLimit: depthLimit) }
  }

  @usableFromInline
  static func parse(buffer: UnsafeBufferPointer<UInt8>, depthLimit: Int) throws -> JSONValue {
    var parser = JSONParser(buffer, depthLimit: depthLimit)
    let value = try parser.value()
    try parser.end()
    return value
  }

  // MARK: Values

  /// Parses the next value whole.
  public mutating func value() throws -> JSONValue {
    switch try peek() {
    case UInt8(ascii: "{"): return .object(try object())
    case UInt8(ascii: "["):
      var elements: [JSONValue] = []
      try array { parser in elements.append(try parser.value()) }
      return .array(elements)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"):
      try literal("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try literal("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try literal("null")
      return .null
    default: return try number()
    }
  }

  private mutating func object() throws -> JSONObject {
    var members: [JSONObject.Member] = []
    var names = Set<[UInt8]>()
    let linear = 16
    try object { parser, name in
      let doubled: Bool
      if members.count < linear {
        doubled = members.contains { $0.name.hasSameBytes(as: name) }
      } else {
        if names.isEmpty { names = Set(members.map { Array($0.name.utf8) }) }
        doubled = !names.insert(Array(name.utf8)).inserted
      }
      if doubled { throw JSONError(.duplicateName(name), offset: parser.offset) }
      members.append(.init(name: name, value: try parser.value()))
    }
    return JSONObject(unique: members)
  }

  /// Parses an object; `member` must consume the value of each member, by a parse or by `skip`.
  ///
  /// Names are not checked for duplicates here: a caller of untrusted input uses `value`.
  public mutating func object(_ member: (inout JSONParser, String) throws -> Void) throws {
    try open(UInt8(ascii: "{"), "an object")
    if try peek() == UInt8(ascii: "}") { return close() }
    while true {
      guard try peek() == UInt8(ascii: "\"") else { throw unexpected("a member name in quotes") }
      let name = try string()
      guard try peek() == UInt8(ascii: ":") else { throw unexpected("a colon after a member name") }
      offset += 1
      try member(&self, name)
      if try another(before: UInt8(ascii: "}"), "a comma or the end of the object") == false { return }
    }
  }

  /// Parses an array; `element` must consume each element.
  public mutating func array(_ element: (inout JSONParser) throws -> Void) throws {
    try open(UInt8(ascii: "["), "an array")
    if try peek() == UInt8(ascii: "]") { return close() }
    while true {
      try element(&self)
      if try another(before: UInt8(ascii: "]"), "a comma or the end of the array") == false { return }
    }
  }

  /// Passes over the next value, checking its structure, and returns the range of its bytes.
  @discardableResult
  public mutating func skip() throws -> Range<Int> {
    let first = try peek()
    let start = offset
    try pass(first)
    return start..<offset
  }

  /// Passes over the value that begins with this byte; makes no strings, since entries are skipped by the million.
  private mutating func pass(_ first: UInt8) throws {
    switch first {
    case UInt8(ascii: "{"):
      try open(UInt8(ascii: "{"), "an object")
      if try peek() == UInt8(ascii: "}") { return close() }
      while true {
        guard try peek() == UInt8(ascii: "\"") else { throw unexpected("a member name in quotes") }
        try passName()
        guard try peek() == UInt8(ascii: ":") else { throw unexpected("a colon after a member name") }
        offset += 1
        try pass(try peek())
        if try another(before: UInt8(ascii: "}"), "a comma or the end of the object") == false { return }
      }
    case UInt8(ascii: "["): try array { parser in try parser.pass(try parser.peek()) }
    case UInt8(ascii: "\""): _ = try scanString()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): _ = try scanNumber()
    default: _ = try value()
    }
  }

  private mutating func passName() throws {
    let start = offset
    let name = try scanString()
    if name.isEscaped || !name.isASCII {
      offset = start
      _ = try string()
    }
  }

  /// Throws unless only white space is left.
  public mutating func end() throws {
    skipSpace()
    if offset < bytes.count { throw JSONError(.trailing, offset: offset) }
  }

  // MARK: Structure

  private mutating func open(_ bracket: UInt8, _ name: String) throws {
    guard try peek() == bracket else { throw unexpected(name) }
    guard depth < depthLimit else { throw JSONError(.tooDeep(limit: depthLimit), offset: offset) }
    depth += 1
    offset += 1
  }

  private mutating func close() {
    depth -= 1
    offset += 1
  }

  private mutating func another(before bracket: UInt8, _ wanted: String) throws -> Bool {
    let byte = try peek()
    if byte == UInt8(ascii: ",") {
      offset += 1
      return true
    }
    guard byte == bracket else { throw unexpected(wanted) }
    close()
    return false
  }

  private func unexpected(_ wanted: String) -> JSONError { JSONError(.unexpected(wanted), offset: offset) }

  private mutating func skipSpace() {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0A, 0x0D: offset += 1
      default: return
      }
    }
  }

  /// The next byte that is not white space, without consuming it.
  public mutating func peek() throws -> UInt8 {
    skipSpace()
    guard offset < bytes.count else { throw JSONError(.truncated, offset: offset) }
    return bytes[offset]
  }

  private mutating func literal(_ text: StaticString) throws {
    for index in 0..<text.utf8CodeUnitCount {
      guard offset < bytes.count else { throw JSONError(.truncated, offset: offset) }
      guard bytes[offset] == text.utf8Start[index] else { throw unexpected("\(text)") }
      offset += 1
    }
  }

  // MARK: Numbers

  private mutating func number() throws -> JSONValue {
    let (range, whole) = try scanNumber()
    let text = String(decoding: bytes[range], as: UTF8.self)
    if whole, let value = Int64(text) { return .integer(value) }
    return .decimal(text)
  }

  /// The range of the number's bytes, and whether it has neither fraction nor exponent.
  private mutating func scanNumber() throws -> (Range<Int>, whole: Bool) {
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

  // MARK: Strings

  /// Parses a string.
  public mutating func string() throws -> String {
    guard try peek() == UInt8(ascii: "\"") else { throw unexpected("a string") }
    let start = offset
    let (range, isEscaped, isASCII) = try scanString()
    let decoded = isEscaped ? try unescape(range) : text(range, isASCII: isASCII)
    guard let decoded else { throw JSONError(.invalidUTF8, offset: start) }
    return decoded
  }

  /// The text of some bytes; nil when they are not UTF-8.
  private func text(_ range: Range<Int>, isASCII: Bool) -> String? {
    let bytes = UnsafeBufferPointer(rebasing: bytes[range])
    var text = String(decoding: bytes, as: UTF8.self)
    if isASCII { return text }
    // What is not UTF-8 was repaired. Faster than the initialiser that validates.
    return text.withUTF8({ $0.elementsEqual(bytes) }) ? text : nil
  }

  /// The range of the bytes between the quotes, whether an escape is among them, and whether all are ASCII.
  private mutating func scanString() throws -> (Range<Int>, isEscaped: Bool, isASCII: Bool) {
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
    return String(validating: result, as: UTF8.self)
  }

  /// The scalar of a `\u` escape, or of a pair of them, and the number of bytes that it takes.
  private func scalar(at index: Int, before end: Int) throws -> (Unicode.Scalar, Int) {
    let first = try codeUnit(at: index)
    if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
    guard first < 0xDC00, index + 7 < end, bytes[index + 6] == UInt8(ascii: "\\"), bytes[index + 7] == UInt8(ascii: "u")
    else { throw JSONError(.loneSurrogate, offset: index) }
    let second = try codeUnit(at: index + 6)
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw JSONError(.loneSurrogate, offset: index) }
    return (scalar, 12)
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
