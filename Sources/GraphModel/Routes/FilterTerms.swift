import JSON

/// `$filter` as far as the simulator knows it: `name eq value`, several of them joined by `or`.
struct FilterTerms {
  private(set) var terms: [(name: String, value: JSONValue)] = []

  init(_ text: String) throws(Refusal) {
    for part in text.split(separator: " or ") {
      let words = part.trimmingSpaces.split(separator: " ", maxSplits: 2)
      guard words.count == 3, words[1] == "eq", let value = Self.value(words[2].trimmingSpaces) else {
        throw Refusal(400, "BadRequest", "Invalid filter clause: '\(part)'.")
      }
      terms.append((String(words[0]), value))
    }
  }

  /// A text in single quotes, of which an inner one is doubled; or true, false.
  private static func value(_ text: String) -> JSONValue? {
    if text == "true" || text == "false" { return .bool(text == "true") }
    guard text.count >= 2, text.hasPrefix("'"), text.hasSuffix("'") else { return nil }
    return .string(
      text.dropFirst().dropLast().split(separator: "''", omittingEmptySubsequences: false).joined(separator: "'"))
  }

  /// Whether one of the terms holds; texts are compared without regard to case.
  func hold(_ get: (String) -> JSONValue?) -> Bool {
    terms.contains { term in
      guard let text = term.value.string else { return get(term.name) == term.value }
      return get(term.name)?.string?.lowercased() == text.lowercased()
    }
  }

  /// The values when every term is about one property.
  func values(of name: String) -> [String]? {
    terms.allSatisfy { $0.name == name } ? terms.compactMap(\.value.string) : nil
  }
}
