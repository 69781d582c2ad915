import JSON

/// The numbers of a report, and the positions in the log behind each.
struct ReportNumbers {
  private(set) var facts: [ReportDocument.Fact] = []
  private(set) var positions: [String: [Int64]] = [:]

  /// As a report in JSON states them, where they are not to be made anew: those of some keys, or all.
  func stated(_ counts: JSONValue?, _ positions: JSONValue?, for keys: Set<String>? = nil) -> ReportNumbers {
    var numbers = self
    for (index, fact) in facts.enumerated() where keys?.contains(fact.key) ?? true {
      numbers.facts[index] = ReportDocument.Fact(fact.key, fact.name, counts?[fact.key]?.string ?? "")
      numbers.positions[fact.key] = (positions?[fact.key]?.array ?? []).compactMap { $0.string.flatMap { Int64($0) } }
    }
    return numbers
  }

  /// Counts things by the events that they rest on, one each.
  mutating func count(_ key: String, _ name: String, _ positions: some Sequence<Int64>) {
    let positions = positions.sorted()
    say(key, name, String(positions.count), positions)
  }

  /// A number that is no count of events, and the events behind it.
  mutating func say(_ key: String, _ name: String, _ value: String, _ positions: [Int64] = []) {
    facts.append(ReportDocument.Fact(key, name, value))
    self.positions[key] = positions
  }
}

extension [ReportDocument.Bar] {
  /// How often each word is there, the most frequent first, as far as a page has room.
  static func all(_ words: some Sequence<String>) -> [Element] {
    var counts: [String: Int] = [:]
    for word in words { counts[word, default: 0] += 1 }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(12)
      .map { ReportDocument.Bar(name: $0.key, count: $0.value) }
  }
}

extension Sequence<Int64?> {
  /// The events of a row, each once and in order, as a cell.
  var cell: String { Set(compactMap { $0 }).sorted().map(String.init).joined(separator: " ") }
}
