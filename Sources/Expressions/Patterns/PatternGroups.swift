/// The groups of a pattern, with the numbers that .NET gives them: those without a name come first (Microsoft Learn,
/// "Grouping constructs in regular expressions").
struct PatternGroups: Equatable, Sendable {
  /// The places in the carried pattern, from 1 on, of the groups without a name.
  private var unnamed: [Int] = []
  private var named: [(name: String, place: Int)] = []

  private var next: Int { unnamed.count + named.count + 1 }

  mutating func addUnnamed() { unnamed.append(next) }

  /// False when there is one with the name already.
  mutating func addNamed(_ name: String) -> Bool {
    if named.contains(where: { $0.name == name }) { return false }
    named.append((name, next))
    return true
  }

  /// By .NET's numbers the places in the carried pattern; at 0 the whole.
  var places: [Int] { [0] + unnamed + named.map(\.place) }

  /// The places of those with a name.
  var names: [(name: String, place: Int)] { named }

  /// The place of a group by its name, or by its number; nil for none.
  func place(of group: String) -> Int? {
    if let found = named.first(where: { $0.name == group }) { return found.place }
    return Int(group).flatMap { places.indices.contains($0) ? places[$0] : nil }
  }

  static func == (left: PatternGroups, right: PatternGroups) -> Bool {
    left.unnamed == right.unnamed && left.named.elementsEqual(right.named) { $0 == $1 }
  }
}
