import Foundation
import Testing

/// "1 findings" is never said: a number gets its noun from `of`, which knows the singular.
@Suite("Counted words")
struct CountedWordTests {
  /// Words that `of` is asked for somewhere, so that they are counted, and that are verbs as well.
  private static let verbs: Set<String> = ["holds", "lists", "shows", "counts"]

  /// Numbers that are limits of the program and never one, by what stands before the noun.
  private static let limits: Set<String> = ["limit", "Self.limit", "Self.byteLimit", "limits.objects", "limits.id"]

  private func code() throws -> [(path: String, text: String)] {
    try Repository.files(under: "Sources").filter { $0.hasSuffix(".swift") && !$0.hasPrefix("Sources/Bench/") }
      .map { ($0, try Repository.text($0)) }
  }

  /// The plural of each noun that is counted somewhere.
  private func nouns(_ code: [(path: String, text: String)]) -> Set<String> {
    let singular = code.flatMap { $0.text.matches(of: #/\.of\("([a-z]+)/#).map { "\($0.output.1)s" } }
    return Set(singular).union(["people", "entries", "deliveries", "accounts", "users", "rows"]).subtracting(Self.verbs)
  }

  @Test("no number is put before a plural by hand")
  func byHand() throws {
    let code = try code()
    let nouns = nouns(code)
    #expect(nouns.count > 20)
    for (path, text) in code {
      for match in text.matches(of: #/\\\(([A-Za-z.$0-9]+)\) ([a-z]+)\b/#)
      where nouns.contains(String(match.output.2)) && !Self.limits.contains(String(match.output.1)) {
        Issue.record("\(path): \(match.output.0)")
      }
    }
  }
}
