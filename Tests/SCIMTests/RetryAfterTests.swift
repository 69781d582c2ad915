import SCIM
import Testing

@Suite("SCIM: Retry-After (RFC 9110 sections 5.6.7 and 10.2.3)")
struct SCIMRetryAfterTests {
  @Test("the header is read where there is one")
  func header() {
    #expect(SCIMResponse(status: 429, headers: ["retry-after": "120"]).retryAfter == .seconds(120))
    #expect(SCIMResponse(status: 429, headers: ["retry-after": "soon"]).retryAfter == nil)
    #expect(SCIMResponse(status: 429).retryAfter == nil)
  }

  // MARK: Seconds

  static let seconds: [(String, Int64)] = [
    ("0", 0), ("7", 7), ("120", 120), ("604800", 604_800), ("0000000007", 7), ("9999999999", 9_999_999_999),
  ]

  @Test("seconds are whole and have at most ten digits", arguments: seconds)
  func read(text: String, wanted: Int64) {
    #expect(RetryAfter(text) == .seconds(wanted))
    #expect(RetryAfter(RetryAfter.seconds(wanted).text) == .seconds(wanted))
  }

  static let noSeconds = [
    "", " ", "-1", "+1", "1.5", "1e3", "0x10", "7s", "7 ", " 7", "1,000", "10000000000", "00000000007", "٣", "12\u{0}",
    "1\n",
  ]

  @Test("anything else is no number of seconds", arguments: noSeconds)
  func refused(text: String) { #expect(RetryAfter(text) == nil) }
}
