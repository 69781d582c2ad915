import Base
import Glibc

/// A pull parser over bytes in memory (RFC 8259): the caller takes the members that it wants and skips the rest.
///
/// Strict where interchange is at stake (RFC 7493): no duplicate names in parsed values, no lone surrogates, valid
/// UTF-8 only, nesting at most `depthLimit`. The caller bounds the size before it hands bytes in. It lives only
/// inside `read`, as long as the bytes do.
public struct JSONParser {
  let bytes: UnsafeBufferPointer<UInt8>
  private let depthLimit: Int
  /// True when what is no Unicode in a string is read as U+FFFD.
  let repairs: Bool
  private var depth = 0
  /// The offset of the next byte to read, from 0.
  public internal(set) var offset = 0

  @usableFromInline
  init(_ bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int, repairs: Bool = false) {
    self.bytes = bytes
    self.depthLimit = depthLimit
    self.repairs = repairs
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

  /// Parses one whole document of somebody else's: half a surrogate pair, which the grammar allows (RFC 8259 section 8.2),
  /// and bytes that are not UTF-8 are read as U+FFFD. Throws `JSONError` for all else that `parse` refuses.
  public static func repaired(_ bytes: [UInt8]) throws -> JSONValue {
    try bytes.withUnsafeBufferPointer { try parse(buffer: $0, depthLimit: defaultDepthLimit, repairs: true) }
  }

  @usableFromInline
  static func parse(
    buffer: UnsafeBufferPointer<UInt8>, depthLimit: Int, repairs: Bool = false
  ) throws -> JSONValue {
    var parser = JSONParser(buffer, depthLimit: depthLimit, repairs: repairs)
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
    try object(leaving: nil) { try $0.skip() }
  }

  /// Parses an object whole, but for the member of one name: that one `body` consumes, by a parse or by `skip`, and it is
  /// not among the members. Throws `JSONError`, also for a name that stands there twice, and what `body` throws.
  public mutating func object(
    leaving left: String?, _ body: (inout JSONParser) throws -> Void
  ) throws -> JSONObject {
    var members: [JSONObject.Member] = []
    var names = Set<[UInt8]>()
    var isLeft = false
    let linear = 16
    try object { parser, name in
      if let left, name.hasSameBytes(as: left) {
        if isLeft { throw JSONError(.duplicateName(name), offset: parser.offset) }
        isLeft = true
        return try body(&parser)
      }
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
      let name = try name()
      try member(&self, name)
      if try another(before: UInt8(ascii: "}"), "a comma or the end of the object") == false { return }
    }
  }

  /// Parses an object, with the bytes of the names where they lie: no text is made of them. `member` must consume the value
  /// of each, by a parse or by `skip`.
  ///
  /// Names are not checked for duplicates here. Throws `JSONError`, and what `member` throws.
  public mutating func members(_ member: (inout JSONParser, UnsafeBufferPointer<UInt8>) throws -> Void) throws {
    try open(UInt8(ascii: "{"), "an object")
    if try peek() == UInt8(ascii: "}") { return close() }
    while true {
      guard try peek() == UInt8(ascii: "\"") else { throw unexpected("a member name in quotes") }
      let start = offset
      let (range, isEscaped, isASCII) = try scanString()
      if isEscaped || !isASCII {
        offset = start
        var name = try name()
        try name.withUTF8 { try member(&self, $0) }
      } else {
        guard try peek() == UInt8(ascii: ":") else { throw unexpected("a colon after a member name") }
        offset += 1
        try member(&self, UnsafeBufferPointer(rebasing: bytes[range]))
      }
      if try another(before: UInt8(ascii: "}"), "a comma or the end of the object") == false { return }
    }
  }

  /// Passes over an object and returns where the value of the last member of a name stands; nil where there is none. Throws
  /// `JSONError`.
  public mutating func range(of name: StaticString) throws -> Range<Int>? {
    var range: Range<Int>?
    try members { parser, found in
      let value = try parser.skip()
      if found.isText(name) { range = value }
    }
    return range
  }

  /// Parses the name of a member and the colon after it. Throws `JSONError`.
  public mutating func name() throws -> String {
    guard try peek() == UInt8(ascii: "\"") else { throw unexpected("a member name in quotes") }
    let name = try string()
    guard try peek() == UInt8(ascii: ":") else { throw unexpected("a colon after a member name") }
    offset += 1
    return name
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

  func unexpected(_ wanted: String) -> JSONError { JSONError(.unexpected(wanted), offset: offset) }

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
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether these bytes are a text.
  package func isText(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount, let start = baseAddress else { return false }
    return memcmp(start, text.utf8Start, count) == 0
  }
}
