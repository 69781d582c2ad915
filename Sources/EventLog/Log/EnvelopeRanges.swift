import Glibc
import JSON

/// Where the attributes of an entry stand in its bytes.
///
/// The reader knows the one order in which `EntryEncoder` writes the members, so reading an envelope proves its form
/// too: every member is there, once, in order, and each text is escaped in the one canonical way.
struct EnvelopeRanges {
  var actor: Range<Int>
  var causation: Range<Int>?
  var correlation: Range<Int>?
  var data: Range<Int>
  var dataschema: Range<Int>
  var id: Range<Int>
  var occurred: Range<Int>
  var position: Range<Int>
  var source: Range<Int>
  var stream: Range<Int>
  var subject: Range<Int>?
  var time: Range<Int>
  var type: Range<Int>
  var version: Range<Int>

  /// Why bytes are no envelope.
  struct Malformed: Error, Equatable {
    var offset: Int
    var wanted: String
  }

  /// Throws `Malformed`; never traps, whatever the bytes are.
  init(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    var cursor = Cursor(bytes: bytes)
    actor = try cursor.member("{\"actor\":\"")
    causation = try cursor.optionalMember(",\"causation\":\"")
    correlation = try cursor.optionalMember(",\"correlation\":\"")
    try cursor.literal(",\"data\":")
    data = try cursor.object()
    dataschema = try cursor.member(",\"datacontenttype\":\"application/json\",\"dataschema\":\"")
    id = try cursor.member(",\"id\":\"")
    occurred = try cursor.member(",\"occurred\":\"")
    position = try cursor.member(",\"position\":\"")
    source = try cursor.member(",\"source\":\"")
    stream = try cursor.member(",\"specversion\":\"1.0\",\"stream\":\"")
    subject = try cursor.optionalMember(",\"subject\":\"")
    time = try cursor.member(",\"time\":\"")
    type = try cursor.member(",\"type\":\"")
    version = try cursor.member(",\"version\":\"")
    try cursor.literal("}")
    guard cursor.offset == bytes.count else { throw cursor.malformed("the end of the entry") }
  }
}

private struct Cursor {
  let bytes: UnsafeBufferPointer<UInt8>
  var offset = 0

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  func malformed(_ wanted: String) -> EnvelopeRanges.Malformed { .init(offset: offset, wanted: wanted) }

  private func stands(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard bytes.count - offset >= count, let start = bytes.baseAddress else { return false }
    return memcmp(start + offset, text.utf8Start, count) == 0
  }

  mutating func literal(_ text: StaticString) throws {
    guard stands(text) else { throw malformed("\(text)") }
    offset += text.utf8CodeUnitCount
  }

  mutating func member(_ opening: StaticString) throws -> Range<Int> {
    try literal(opening)
    return try text()
  }

  mutating func optionalMember(_ opening: StaticString) throws -> Range<Int>? {
    stands(opening) ? try member(opening) : nil
  }

  /// The bytes up to the closing quote, which is consumed.
  private mutating func text() throws -> Range<Int> {
    let start = offset
    var plain = true
    while true {
      offset = JSONParser.plainEnd(bytes, from: offset)
      guard offset < bytes.count, bytes[offset] != UInt8(ascii: "\"") else { break }
      if bytes[offset] < 0x20 { throw malformed("no control character") }
      plain = false
      offset += bytes[offset] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard offset < bytes.count else { throw malformed("a closing quote") }
    let range = start..<offset
    guard plain || isCanonical(range) else { throw malformed("text in canonical form") }
    offset += 1
    return range
  }

  private func isCanonical(_ range: Range<Int>) -> Bool {
    let quoted = bytes[range.lowerBound - 1...range.upperBound]
    guard case .string(let text)? = try? JSONParser.parse(quoted) else { return false }
    var writer = JSONWriter(reserving: quoted.count)
    writer.string(text)
    return writer.bytes.elementsEqual(quoted)
  }

  mutating func object() throws -> Range<Int> {
    let start = offset
    guard start < bytes.count, bytes[start] == UInt8(ascii: "{") else { throw malformed("an object") }
    do {
      let length = try JSONParser.read(UnsafeBufferPointer(rebasing: bytes[start...])) { try $0.skip().count }
      offset = start + length
      return start..<offset
    } catch let error as JSONError {
      offset = start + error.offset
      throw malformed(error.clause)
    }
  }
}
