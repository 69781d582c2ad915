import Base
import JSON
import Provisioning

/// One page of an answer to `/users` or `/users/delta`.
struct GraphPage {
  let file: String
  private(set) var changes: [DirectoryChange] = []
  /// True when an object says `@removed`, which only a delta does.
  private(set) var hasRemoved = false
  private(set) var nextLink: String?
  private(set) var deltaLink: String?
  /// `@odata.count`: what the whole answer holds.
  private(set) var count: Int?
  private let limits: Limits
  private var lines = LineCounter()

  /// Reads the rest of a file, at most `Limits.page`, and parses it.
  init(_ head: TextHead, limits: Limits) throws {
    let source = head.page
    file = source.name
    self.limits = limits
    var bytes = head.bytes
    let size = source.size ?? 0
    var more = size <= limits.page
    while more && bytes.count <= limits.page { more = try source.read(into: &bytes) }
    guard size <= limits.page, bytes.count <= limits.page else {
      throw source.fault(.inputTooLarge, "the page is larger than \(limits.page >> 20) MiB; export smaller pages")
    }
    try parse(bytes, from: head.start)
  }

  private mutating func parse(_ bytes: [UInt8], from start: Int) throws {
    if let zero = bytes.index(of: 0, in: bytes.indices) {
      throw fault(.inputEncoding, "the file holds a NUL byte; it is no text file", line: bytes.line(at: zero))
    }
    if let offset = firstInvalidUTF8(in: bytes[...]) {
      throw fault(.inputEncoding, "the text is not valid UTF-8; save the file as UTF-8", line: bytes.line(at: offset))
    }
    do {
      try bytes.withUnsafeBufferPointer { buffer in
        // The parser counts from the first byte it sees; what precedes it is a byte order mark and no line.
        try JSONParser.read(UnsafeBufferPointer(rebasing: buffer[start...])) { parser in
          try page(&parser, Text(bytes: bytes, start: start))
          try parser.end()
        }
      }
    } catch let error as JSONError {
      throw error.fault(at: .init(file: file, line: bytes.line(at: min(start + error.offset, bytes.count))))
    }
  }

  /// The bytes of the file, and where the parser's offsets begin in them.
  private struct Text {
    let bytes: [UInt8]
    let start: Int
  }

  // MARK: Members

  private mutating func page(_ parser: inout JSONParser, _ text: Text) throws {
    // The users by themselves, as command lines print them.
    if try parser.peek() == UInt8(ascii: "[") { return try users(&parser, text) }
    guard try parser.peek() == UInt8(ascii: "{") else {
      throw fault(
        .jsonShape, "the file is no page: a page is one JSON object with a value array", line: line(parser, text))
    }
    var names = Set<ByteKey>()
    var error: JSONValue?
    try parser.object { parser, name in
      guard names.insert(ByteKey(name)).inserted else {
        throw JSONError(.duplicateName(name), offset: parser.offset)
      }
      switch name {
      case "value": try users(&parser, text)
      case "error": error = try small(&parser, name, text)
      case "@odata.context": try checkContext(small(&parser, name, text))
      case "@odata.nextLink": nextLink = try link(small(&parser, name, text), name)
      case "@odata.deltaLink": deltaLink = try link(small(&parser, name, text), name)
      case "@odata.count": count = try total(small(&parser, name, text))
      default: try parser.skip()
      }
    }
    guard names.contains(ByteKey("value")) else {
      if let error {
        let code = error["code"]?.string.map { " \($0.quoted)" } ?? ""
        throw fault(.jsonShape, "the file holds an error\(code) of Microsoft Graph and no page; fetch the page again")
      }
      throw fault(.jsonShape, "the file is no page: it has no value array")
    }
    guard nextLink == nil || deltaLink == nil else {
      throw fault(.jsonShape, "a page has a nextLink or a deltaLink, this one has both; fetch it again")
    }
  }

  private mutating func users(_ parser: inout JSONParser, _ text: Text) throws {
    guard try parser.peek() == UInt8(ascii: "[") else {
      throw fault(.jsonShape, "the file is no page: its value is no array", line: line(parser, text))
    }
    try parser.array { parser in
      let first = try parser.peek()
      let spot = Spot(
        place: .init(file: file, line: lines.line(at: text.start + parser.offset, in: text.bytes)),
        object: changes.count + 1)
      guard changes.count < limits.objects else { throw tooMany(limits, at: spot.place) }
      guard first == UInt8(ascii: "{") else { throw spot.fault(.jsonShape, "it must be a user object") }
      // Passed over first, so that no oversized object becomes a tree of values.
      let range = try parser.skip()
      guard range.count <= limits.object else {
        throw spot.fault(.inputTooLarge, "it is larger than \(limits.object >> 10) KiB; select fewer attributes")
      }
      guard let object = try value(range, text).object else { return }
      if object["@removed"] != nil { hasRemoved = true }
      changes.append(try UserObject.change(object, at: spot, limits: limits))
    }
  }

  /// A member beside the users; bounded before it becomes a value.
  private func small(_ parser: inout JSONParser, _ name: String, _ text: Text) throws -> JSONValue {
    let range = try parser.skip()
    guard range.count <= limits.object else {
      throw fault(
        .inputTooLarge, "\(name) is larger than \(limits.object >> 10) KiB; fetch the page again",
        line: line(parser, text))
    }
    return try value(range, text)
  }

  private func value(_ range: Range<Int>, _ text: Text) throws -> JSONValue {
    do {
      return try JSONParser.parse(text.bytes[text.start + range.lowerBound..<text.start + range.upperBound])
    } catch let error as JSONError {
      throw JSONError(error.reason, offset: range.lowerBound + error.offset)
    }
  }

  private func checkContext(_ value: JSONValue) throws {
    guard let context = value.string else {
      throw fault(.jsonShape, "@odata.context must be a string; fetch the page again")
    }
    // `…/$metadata#users(id,displayName)`, `…#users/$delta`: the collection's name ends at a bracket or a slash.
    let parts = context.split(separator: "#", maxSplits: 1)
    guard parts.count == 2 else { return }
    let collection = parts[1].prefix { $0 != "(" && $0 != "/" }
    guard ["users", "directoryObjects"].contains(collection) else {
      throw fault(.jsonShape, "the page holds \(String(collection).quoted), not users; query /users or /users/delta")
    }
  }

  private func link(_ value: JSONValue, _ name: String) throws -> String {
    guard let link = value.string, !link.isEmpty else {
      throw fault(.jsonShape, "\(name) must be a string and not empty; fetch the page again")
    }
    guard link.utf8.count <= limits.value else {
      throw fault(.inputTooLarge, "\(name) is larger than \(limits.value >> 10) KiB; fetch the page again")
    }
    return link
  }

  private func total(_ value: JSONValue) throws -> Int {
    guard let count = value.integer, count >= 0 else {
      throw fault(.jsonShape, "@odata.count must be a whole number; fetch the page again")
    }
    return count
  }

  private func line(_ parser: JSONParser, _ text: Text) -> Int { text.bytes.line(at: text.start + parser.offset) }

  private func fault(_ code: FaultCode, _ sentence: String, line: Int? = nil) -> Fault {
    Fault(code, sentence, at: .init(file: file, line: line))
  }
}
