import Base
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
  /// Where the value of the payload's member stands that was asked for.
  var member: Range<Int>?

  /// Why bytes are no envelope.
  struct Malformed: Error, Equatable {
    var offset: Int
    var wanted: String

    /// The fault to tell.
    var fault: Fault {
      Fault(
        .entryUnreadable,
        """
        An entry of the log is not an envelope: byte \(offset) should be \(wanted). Run `provledger verify`, and restore a \
        backup if it confirms this.
        """)
    }
  }

  /// The text of a range that was found in `bytes`.
  static func text(_ range: Range<Int>, of bytes: UnsafeBufferPointer<UInt8>) -> String {
    let text = bytes[range]
    if !text.contains(UInt8(ascii: "\\")) { return String(decoding: text, as: UTF8.self) }
    // The range was found only because this parses.
    return (try? JSONParser.parse(bytes[range.lowerBound - 1...range.upperBound]))?.string ?? ""
  }

  /// Finds them, and a member of the payload where one is asked for. Throws `Malformed`; never traps, whatever the bytes are.
  init(_ bytes: UnsafeBufferPointer<UInt8>, member wanted: StaticString? = nil) throws {
    var cursor = Cursor(bytes: bytes)
    actor = try cursor.member("{\"actor\":\"")
    causation = try cursor.optionalMember(",\"causation\":\"")
    correlation = try cursor.optionalMember(",\"correlation\":\"")
    try cursor.literal(",\"data\":")
    (data, member) = try cursor.object(finding: wanted)
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

  /// Where an object stands, which is passed over, and in it the value of a member.
  mutating func object(finding name: StaticString?) throws -> (object: Range<Int>, member: Range<Int>?) {
    let start = offset
    guard start < bytes.count, bytes[start] == UInt8(ascii: "{") else { throw malformed("an object") }
    do {
      let (length, member) = try JSONParser.read(UnsafeBufferPointer(rebasing: bytes[start...])) { parser in
        guard let name else { return (try parser.skip().count, Range<Int>?.none) }
        let member = try parser.range(of: name)
        return (parser.offset, member)
      }
      offset = start + length
      return (start..<offset, member.map { $0.lowerBound + start..<$0.upperBound + start })
    } catch let error as JSONError {
      offset = start + error.offset
      throw malformed(error.clause)
    }
  }
}
