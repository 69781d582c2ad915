import Base
import JSON

/// What an answer to `/groups/delta` says of the members of groups, page by page as it arrives: a group may come again with
/// more of them, and the last word on each counts.
struct MembersAnswer {
  /// Groups that are gone, or were for a while: of their members those alone count who are named.
  private(set) var gone: Set<String> = []
  /// Whether a user is a member of a group now, by group.
  private(set) var members: [String: [String: Bool]] = [:]

  private var named: Set<String> = []

  private static let user = "#microsoft.graph.user"

  /// Takes over a page; `fault` makes one of words that follow "An answer of …".
  mutating func add(_ page: JSONValue, _ fault: (String) -> Fault) throws(Fault) {
    guard page["error"] == nil, let groups = page["value"]?.array else { throw fault("has no list") }
    for group in groups {
      guard let id = group["id"]?.string?.asciiLowercased else { throw fault("holds a group without an id") }
      named.insert(id)
      if group["@removed"] != nil {
        gone.insert(id)
        members[id] = nil
      }
      for member in group["members@delta"]?.array ?? [] { try add(member, to: id, fault) }
    }
  }

  /// Whether anything is said of a group.
  func names(_ group: String) -> Bool { named.contains(group) }

  /// Members that are groups, devices or applications do not count.
  private mutating func add(_ member: JSONValue, to group: String, _ fault: (String) -> Fault) throws(Fault) {
    guard let id = member["id"]?.string?.asciiLowercased else { throw fault("holds a member without an id") }
    guard member["@odata.type"]?.string ?? Self.user == Self.user else { return }
    members[group, default: [:]][id] = member["@removed"] == nil
  }
}
