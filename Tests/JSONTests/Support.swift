import Base
import JSON
import Testing

/// Expects that bytes are refused, for this reason, at this offset.
func expectRefused(
  _ bytes: [UInt8], _ reason: JSONError.Reason, at offset: Int, location: SourceLocation = #_sourceLocation
) {
  #expect(throws: JSONError(reason, offset: offset), "\(shown(bytes))", sourceLocation: location) {
    try JSONParser.parse(bytes)
  }
}

/// Expects that a text is refused, for this reason, at this offset.
func expectRefused(
  _ text: String, _ reason: JSONError.Reason, at offset: Int, location: SourceLocation = #_sourceLocation
) {
  expectRefused(Array(text.utf8), reason, at: offset, location: location)
}

/// Expects that a text is read as this value.
func expectRead(_ text: String, _ value: JSONValue, location: SourceLocation = #_sourceLocation) {
  #expect(throws: Never.self, "\(text)", sourceLocation: location) {
    let read = try JSONParser.parse(text.utf8)
    #expect(read == value, "\(text)", sourceLocation: location)
  }
}

/// Bytes for the message of a failing test: as text, and where that says too little, as numbers.
func shown(_ bytes: [UInt8]) -> String {
  let text = String(decoding: bytes, as: UTF8.self)
  return Array(text.utf8) == bytes ? text.debugDescription : "\(text.debugDescription) \(bytes)"
}

/// The value that bytes hold, or why they are refused; any other error is a failure of the test.
func outcome(
  _ bytes: [UInt8], depthLimit: Int = JSONParser.defaultDepthLimit, location: SourceLocation = #_sourceLocation
) -> Result<JSONValue, JSONError> {
  do {
    return .success(try JSONParser.parse(bytes, depthLimit: depthLimit))
  } catch let error as JSONError {
    return .failure(error)
  } catch {
    Issue.record(error, sourceLocation: location)
    return .failure(JSONError(.unexpected("a JSONError"), offset: 0))
  }
}

/// What a pull parser makes of some bytes.
func pull<Value>(_ bytes: [UInt8], _ body: (inout JSONParser) throws -> Value) rethrows -> Value {
  try bytes.withUnsafeBufferPointer { try JSONParser.read($0, body) }
}

/// A text of JSON that a writer made.
func written(_ body: (inout JSONWriter) -> Void) -> String {
  var writer = JSONWriter()
  body(&writer)
  return String(decoding: writer.bytes, as: UTF8.self)
}

/// Seeded numbers, so that a failing case comes back.
typealias Dice = SeededGenerator

extension SeededGenerator {
  /// True so many times in a hundred.
  mutating func odds(_ percent: Int) -> Bool { below(100) < percent }

  /// A number from 0 up to, but not including, a bound.
  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  /// One of some things, of which there is at least one.
  mutating func pick<Thing>(_ things: [Thing]) -> Thing { things[below(things.count)] }
}
