import Base
import JSON
import SCIM
import Testing

/// A value from its text.
func json(_ text: String) throws -> JSONValue { try JSONParser.parse(text.utf8) }

/// Expects that reading a message fails with this error, which has a clause for people.
func expectFailure<Message>(
  _ error: SCIMParseError, _ text: String, location: SourceLocation = #_sourceLocation,
  reading: (JSONValue) throws -> Message
) throws {
  let value = try json(text)
  #expect(throws: error, "\(text)", sourceLocation: location) { _ = try reading(value) }
  #expect(!error.clause.isEmpty, sourceLocation: location)
}

/// Every proper prefix of a text, as text.
func prefixes(_ text: String) -> [String] { text.indices.map { String(text[..<$0]) } }

/// Seeded numbers, so that a failing case comes back.
typealias Dice = SeededGenerator

extension SeededGenerator {
  /// One of some things, of which there is at least one.
  mutating func pick<Thing>(_ things: [Thing]) -> Thing { things[Int.random(in: 0..<things.count, using: &self)] }
}
