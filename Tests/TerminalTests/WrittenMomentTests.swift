import Base
import Foundation
import Testing

@testable import Terminal

/// Moments as people write them.
@Suite("Moments as people write them")
struct WrittenMomentTests {
  private static let now = "2026-11-28T10:05:00.000Z"

  private func read(_ text: String, _ zone: String = "UTC") throws -> String? {
    let now = try #require(Timestamp(Self.now))
    let zone = TimeZone(identifier: zone) ?? .gmt
    return WrittenMoment(text)?.resolved(in: zone, now: now)?.description
  }

  @Test(
    "each form is the moment that it says",
    arguments: [
      ("2026-11-28", "2026-11-28T00:00:00.000Z"), ("2026-11-28 06:33", "2026-11-28T06:33:00.000Z"),
      ("2026-11-26T22:00Z", "2026-11-26T22:00:00.000Z"), ("2026-11-26T22:00:01Z", "2026-11-26T22:00:01.000Z"),
      ("2026-11-26T22:00:01.5Z", "2026-11-26T22:00:01.500Z"), ("2026-11-26T09:00:00.123Z", "2026-11-26T09:00:00.123Z"),
      ("2026-11-28T06:33+02:00", "2026-11-28T04:33:00.000Z"), ("2026-11-28 06:33 -0530", "2026-11-28T12:03:00.000Z"),
      ("now", now), ("today", "2026-11-28T00:00:00.000Z"), ("yesterday", "2026-11-27T00:00:00.000Z"),
      ("yesterday 14:00", "2026-11-27T14:00:00.000Z"), ("tomorrow", "2026-11-29T00:00:00.000Z"),
      ("2 hours ago", "2026-11-28T08:05:00.000Z"), ("90s ago", "2026-11-28T10:03:30.000Z"),
      ("in 30 min", "2026-11-28T10:35:00.000Z"), ("1 week ago", "2026-11-21T10:05:00.000Z"),
      ("last week", "2026-11-21T10:05:00.000Z"), ("an hour ago", "2026-11-28T09:05:00.000Z"),
      ("2026-11-28T06:33+01", "2026-11-28T05:33:00.000Z"),
      ("2026-11-26T09:00:00.1239999Z", "2026-11-26T09:00:00.123Z"),
    ])
  func forms(_ text: String, _ moment: String) throws { #expect(try read(text) == moment) }

  @Test("a zone gives what no offset says, summer time too, and the day of today")
  func zones() throws {
    #expect(try read("2026-11-28 06:33", "Europe/Berlin") == "2026-11-28T05:33:00.000Z")
    #expect(try read("2026-07-01", "Europe/Berlin") == "2026-06-30T22:00:00.000Z")
    #expect(try read("2026-11-28T06:33Z", "Europe/Berlin") == "2026-11-28T06:33:00.000Z")
    #expect(try read("today", "Pacific/Kiritimati") == "2026-11-28T10:00:00.000Z")
    #expect(try read("2026-03-29 03:30", "Europe/Berlin") == "2026-03-29T01:30:00.000Z")
  }

  @Test(
    "what a clock shows twice is the first, and what it never shows is the moment at which it is put forward",
    arguments: [
      ("2026-10-25 02:30", "Europe/Berlin", "2026-10-25T00:30:00.000Z"),
      ("2026-10-25 03:00", "Europe/Berlin", "2026-10-25T02:00:00.000Z"),
      ("2026-11-01 01:30", "America/New_York", "2026-11-01T05:30:00.000Z"),
      ("2026-03-29 02:30", "Europe/Berlin", "2026-03-29T01:00:00.000Z"),
      ("2026-03-08 02:30", "America/New_York", "2026-03-08T07:00:00.000Z"),
      ("2026-09-06", "America/Santiago", "2026-09-06T04:00:00.000Z"),
      ("2026-03-08", "America/Havana", "2026-03-08T05:00:00.000Z"),
      ("2026-03-29", "Atlantic/Azores", "2026-03-29T01:00:00.000Z"),
      ("2026-04-24", "Africa/Cairo", "2026-04-23T22:00:00.000Z"),
      ("2026-04-05 01:45", "Australia/Lord_Howe", "2026-04-04T14:45:00.000Z"),
    ])
  func changes(_ text: String, _ zone: String, _ moment: String) throws { #expect(try read(text, zone) == moment) }

  @Test(
    "what is no moment is refused",
    arguments: [
      "", "2026", "2026-13-01", "2026-02-30", "25:00", "2026-11-28 25:00", "2026-11-28+99:00", "2 fortnights ago",
      "last",
    ])
  func refused(_ text: String) throws { #expect(try read(text) == nil) }
}
