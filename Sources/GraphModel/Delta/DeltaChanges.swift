/// What happened to each object between two places of the history, as far as a query tracks it.
struct DeltaChanges {
  /// What happened to one object.
  struct Change {
    var id: String
    /// Made or restored: it is told whole.
    var hasAppeared = false
    var properties: Set<String> = []
    /// The objects that entered or left a relation, in the order in which they did first.
    var related: [String: [String]] = [:]
    /// All of them: a kind of object has one relation that is tracked.
    fileprivate var seen: Set<String> = []
  }

  private(set) var all: [Change] = []
  private var places: [String: Int] = [:]

  init(_ history: TenantHistory, _ query: DeltaCursor.Query, from: Int, to: Int) {
    let tracked = Set(Selection.properties(query))
    for change in history.changes(from: from, to: to) where change.kind == query.kind {
      guard query.ids.isEmpty || query.ids.contains(change.object) else { continue }
      take(change, tracked)
    }
  }

  private mutating func take(_ change: TenantHistory.Change, _ tracked: Set<String>) {
    switch change.what {
    case .appeared: all[place(of: change.object)].hasAppeared = true
    case .removed: _ = place(of: change.object)
    case .property(let name):
      if tracked.contains(name) { all[place(of: change.object)].properties.insert(name) }
    case .related(let relation, let other):
      if tracked.contains(relation) { all[place(of: change.object)].relate(relation, other) }
    }
  }

  private mutating func place(of id: String) -> Int {
    if let place = places[id] { return place }
    places[id] = all.count
    all.append(Change(id: id))
    return all.count - 1
  }
}

extension DeltaChanges.Change {
  fileprivate mutating func relate(_ relation: String, _ other: String) {
    guard seen.insert(other).inserted else { return }
    related[relation, default: []].append(other)
  }
}
