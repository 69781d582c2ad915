import Base
import JSON

/// What an answer to `/groups/delta` says of the members of groups, page by page as it arrives: a group may come again with
/// more of them, and the last word on each counts.
struct MembersAnswer {
  /// Groups that are gone, or were for a while.
  private(set) var gone: Set<String> = []
  /// Whether a user is a member of a group now, by group.
  private(set) var members: [String: [String: Bool]] = [:]

  /// Groups that are there, by the last word on each.
  private var shown: Set<String> = []

  private static let user = "#microsoft.graph.user"

  /// Takes over what is said of a group; `fault` makes one of words that follow "An answer of …".
  mutating func add(_ group: JSONValue, _ fault: (String) -> Fault) throws(Fault) {
    guard let id = group["id"]?.string?.asciiLowercased else { throw fault("holds a group without an id") }
    if group["@removed"] == nil {
      shown.insert(id)
    } else {
      gone.insert(id)
      shown.remove(id)
      members[id] = nil
    }
    for member in group["members@delta"]?.array ?? [] { try add(member, to: id, fault) }
  }

  /// Whether the answer says that a group is there.
  func shows(_ group: String) -> Bool { shown.contains(group) }

  /// Members that are groups, devices or applications do not count.
  private mutating func add(_ member: JSONValue, to group: String, _ fault: (String) -> Fault) throws(Fault) {
    guard let id = member["id"]?.string?.asciiLowercased else { throw fault("holds a member without an id") }
    guard member["@odata.type"]?.string ?? Self.user == Self.user else { return }
    members[group, default: [:]][id] = member["@removed"] == nil
  }
}
