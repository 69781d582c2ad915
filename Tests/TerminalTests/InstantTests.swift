import Base
import Foundation
import Testing

@testable import Terminal

/// Instants beside which their age stands, and in local time.
@Suite("Instants that people read")
struct InstantTests {
  private func at(_ text: String) throws -> Timestamp { try #require(Timestamp(text)) }

  @Test(
    "an age has one unit, and never fewer than two of a larger one",
    arguments: [
      (0, "now"), (1, "1 s ago"), (119, "119 s ago"), (120, "2 min ago"), (7199, "119 min ago"), (7200, "2 h ago"),
      (172_799, "47 h ago"), (172_800, "2 d ago"), (-1, "in 1 s"), (-300, "in 5 min"),
    ] as [(Int64, String)])
  func ages(_ seconds: Int64, _ text: String) {
    let now = Timestamp(milliseconds: 1_800_000_000_000)
    #expect(Age.of(now + .seconds(-seconds), at: now) == text)
  }

  @Test("each instant in a text gets its age; commands stay as they are")
  func text() throws {
    let instants = Instants(now: try at("2026-11-28T10:05:00.000Z"))
    #expect(
      instants.shown(in: "since 2026-11-28T10:00:00.000Z, until 2026-11-28T11:05:00.000Z")
        == "since 2026-11-28T10:00:00.000Z (5 min ago), until 2026-11-28T11:05:00.000Z (in 60 min)")
    let command = "say `--as-of 2026-11-28T10:00:00.000Z` now"
    #expect(instants.shown(in: command) == command)
    #expect(instants.shown(in: "2026-11-28T10:00:00.000") == "2026-11-28T10:00:00.000")
    #expect(Instants().shown(in: "2026-11-28T10:00:00.000Z") == "2026-11-28T10:00:00.000Z")
  }

  @Test("local time names its offset, summer time too")
  func local() throws {
    let instants = Instants(zone: TimeZone(identifier: "Europe/Berlin"))
    #expect(instants.shown(in: "at 2026-11-28T23:30:01.500Z") == "at 2026-11-29 00:30:01 +01:00")
    #expect(instants.text(try at("2026-07-01T22:00:00.000Z")) == "2026-07-02 00:00:00 +02:00")
  }
}
