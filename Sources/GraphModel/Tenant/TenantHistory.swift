import Base

/// What changed in a tenant, in order: from it come the answers to delta queries.
///
/// A place is the number of changes before it since the tenant was made, those that were forgotten included.
struct TenantHistory: Equatable, Sendable {
  /// One change of one object.
  struct Change: Equatable, Sendable {
    var object: String
    var kind: TenantObject.Kind
    var what: What
    var at: Timestamp
  }

  /// What a change did.
  enum What: Equatable, Sendable {
    /// The object was made, or restored.
    case appeared
    /// The object was deleted, softly or for good.
    case removed
    /// A property has another value.
    case property(String)
    /// Another object entered or left a relation.
    case related(String, String)
  }

  private var changes: [Change] = []
  /// The place of the oldest change that is remembered.
  private(set) var start = 0

  /// The place behind the newest change.
  var end: Int { start + changes.count }

  mutating func note(_ what: What, of object: TenantObject, at now: Timestamp) {
    changes.append(Change(object: object.id, kind: object.kind, what: what, at: now))
  }

  /// The place behind the changes up to a moment.
  func end(at moment: Timestamp) -> Int {
    start + (changes.lastIndex { $0.at <= moment } ?? -1) + 1
  }

  /// The changes between two places, those that are remembered.
  func changes(from first: Int, to last: Int) -> ArraySlice<Change> {
    let lower = min(max(first - start, 0), changes.count)
    return changes[lower..<min(max(last - start, lower), changes.count)]
  }

  /// Forgets what is older than a moment: no token that is still good leads there.
  mutating func forget(before moment: Timestamp) {
    let old = changes.firstIndex { $0.at >= moment } ?? changes.count
    changes.removeFirst(old)
    start += old
  }
}
