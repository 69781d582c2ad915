import Testing

@testable import Base

/// What somebody may have meant.
@Suite("Suggestions")
struct SuggestionTests {
  private let words = ["status", "source", "safeguard", "delivery", "deliver", "doctor", "verify", "why", "user"]

  @Test(
    "slips of the fingers find their word",
    arguments: [
      ("stauts", "status"), ("statu", "status"), ("verfiy", "verify"), ("delivry", "delivery"), ("dotcor", "doctor"),
      ("wyh", "why"), ("STATUS", "status"), ("safe", "safeguard"),
    ])
  func near(_ written: String, _ word: String) { #expect(Suggestion.nearest(to: written, among: words) == word) }

  @Test("what is near nothing gets no suggestion", arguments: ["frobnicate", "x", "", "permissions"])
  func far(_ written: String) { #expect(Suggestion.nearest(to: written, among: words) == nil) }

  @Test("distances")
  func distances() {
    #expect(Suggestion.distance("", "abc") == 3)
    #expect(Suggestion.distance("abcd", "abdc") == 1)
    #expect(Suggestion.distance("kitten", "sitting") == 3)
  }
}
