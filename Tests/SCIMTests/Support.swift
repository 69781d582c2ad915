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

/// Seeded numbers (SplitMix64), so that a failing case comes back.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// One of some things, of which there is at least one.
  mutating func pick<Thing>(_ things: [Thing]) -> Thing { things[Int.random(in: 0..<things.count, using: &self)] }
}
