import Base
import Testing

@Suite("Timestamp")
struct TimestampTests {
  static let known: [(Int64, String)] = [
    (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
    (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_767_323_045_678, "2026-01-02T03:04:05.678Z"),
    (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
  ]

  @Test("known moments are written and read", arguments: known)
  func knownMoments(milliseconds: Int64, text: String) {
    #expect(Timestamp(milliseconds: milliseconds).description == text)
    #expect(Timestamp(text)?.milliseconds == milliseconds)
  }

  @Test("days across five centuries survive the round trip")
  func manyDays() {
    for day in stride(from: Int64(-90_000), to: 90_000, by: 29) {
      let moment = Timestamp(milliseconds: day * 86_400_000 + 1)
      #expect(Timestamp(moment.description) == moment)
    }
  }

  @Test(
    "other forms are refused",
    arguments: [
      "", "2026-02-30T00:00:00.000Z", "2026-01-02T03:04:05Z", "2026-01-02 03:04:05.678Z", "2026-01-02T24:00:00.000Z",
      "2026-01-02T03:04:05.678+00:00",
    ])
  func refused(text: String) { #expect(Timestamp(text) == nil) }
}
