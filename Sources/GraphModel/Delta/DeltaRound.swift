import Base
import JSON

/// One page of a delta query, and where the next one begins.
struct DeltaPage {
  var entries: [JSONValue] = []
  var next: DeltaCursor
}

/// Reads a tenant page by page: first everything, then what changed.
struct DeltaRound {
  let tenant: Tenant
  let cursor: DeltaCursor
  /// The objects of a page, and the related objects of one entry.
  let size: Int
  let slice: Int
  /// Whether the first round tells of the recycle bin too.
  var showsRemoved = false

  func page() -> DeltaPage {
    guard let from = cursor.from else {
      let ids = tenant.order[cursor.query.kind, default: []]
      return page(ids.count) { first(ids[$0], after: $1) }
    }
    let changes = DeltaChanges(tenant.history, cursor.query, from: from, to: cursor.to).all
    return page(changes.count) { later(changes[$0], after: $1) }
  }

  /// An entry, and behind which related object the object's next entry goes on; nil where it was told whole.
  private struct Told {
    var entry: JSONObject
    var rest: Int?
  }

  private func page(_ count: Int, _ tell: (Int, Int?) -> Told?) -> DeltaPage {
    var page = DeltaPage(next: cursor)
    page.next.rests = []
    var place = cursor.next
    // Objects that did not fit go first, each once a page; others come between their entries.
    var waiting = cursor.rests[...]
    while page.entries.count < size, !waiting.isEmpty || place < count {
      let rest = waiting.popFirst()
      let current = rest?.place ?? place
      if rest == nil { place += 1 }
      guard let told = tell(current, rest?.after) else { continue }
      page.entries.append(.object(told.entry))
      if let after = told.rest { page.next.rests.append(.init(place: current, after: after)) }
    }
    page.next.rests = waiting + page.next.rests
    page.next.next = place
    if place >= count && page.next.rests.isEmpty { page.next.end() }
    return page
  }

  // MARK: Entries

  private func first(_ id: String, after: Int?) -> Told? {
    guard cursor.query.ids.isEmpty || cursor.query.ids.contains(id), let object = tenant.objects[id] else { return nil }
    if object.deleted != nil { return showsRemoved ? Told(entry: Self.removed(id, "changed")) : nil }
    return whole(object, after: after, gone: [])
  }

  private func later(_ change: DeltaChanges.Change, after: Int?) -> Told {
    guard let object = tenant.objects[change.id] else { return Told(entry: Self.removed(change.id, "deleted")) }
    if object.deleted != nil { return Told(entry: Self.removed(change.id, "changed")) }
    let related = change.related[relation] ?? []
    if change.hasAppeared {
      let there = Set(tenant.related(object))
      return whole(object, after: after, gone: related.filter { !there.contains($0) })
    }
    let names = cursor.query.isMinimal ? names.filter(change.properties.contains) : names
    var entry = Selection.object(object, names, withNulls: cursor.query.isMinimal)
    let start = after ?? 0
    let end = min(start + slice, related.count)
    guard start < end else { return Told(entry: entry) }
    let there = Set(tenant.related(object))
    entry["\(relation)@delta"] = .array(
      related[start..<end].sorted { !there.contains($0) && there.contains($1) }.map {
        reference($0, isThere: there.contains($0))
      })
    return Told(entry: entry, rest: end < related.count ? end : nil)
  }

  /// An object with all that is selected, and as many of its related objects as fit.
  private func whole(_ object: TenantObject, after: Int?, gone: [String]) -> Told {
    var entry = Selection.object(object, names, withNulls: false)
    guard Selection.properties(cursor.query).contains(relation) else { return Told(entry: entry) }
    if object.kind == .user {
      let references = gone.map { reference($0, isThere: false) } + tenant.related(object).map { reference($0) }
      if !references.isEmpty { entry["\(relation)@delta"] = .array(references) }
      return Told(entry: entry)
    }
    let members = tenant.memberships(of: object.id, after: after ?? -1, limit: slice + 1)
    let left = after == nil ? gone.map { reference($0, isThere: false) } : []
    let references = left + members.prefix(slice).map { reference($0.id) }
    if !references.isEmpty { entry["\(relation)@delta"] = .array(references) }
    return Told(entry: entry, rest: members.count > slice ? members[slice - 1].since : nil)
  }

  private var relation: String { cursor.query.kind == .user ? "manager" : "members" }
  private var names: [String] { Selection.properties(cursor.query).filter { $0 != relation } }

  private func reference(_ id: String, isThere: Bool = true) -> JSONValue {
    let kind = tenant.objects[id]?.kind ?? .user
    guard isThere else {
      return ["@odata.type": .string(kind.typeName), "id": .string(id), "@removed": ["reason": "deleted"]]
    }
    return ["@odata.type": .string(kind.typeName), "id": .string(id)]
  }

  private static func removed(_ id: String, _ reason: String) -> JSONObject {
    JSONObject(present: [("id", .string(id)), ("@removed", ["reason": .string(reason)])])
  }
}

extension Tenant {
  /// The objects that a user or a group leads to: the manager, or the members.
  func related(_ object: TenantObject) -> [String] {
    object.kind == .user ? [manager(of: object.id)].compactMap { $0 } : members(of: object.id)
  }
}
