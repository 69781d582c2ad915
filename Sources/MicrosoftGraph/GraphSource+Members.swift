import Base
import JSON
import Provisioning

/// The direct members of assigned groups (Microsoft Graph REST API v1.0, "group: delta"; Microsoft Graph, "Get incremental
/// changes for groups"): a group whose members were read before tells its changes alone.
extension GraphSource {
  /// How many groups one request may name.
  private static let groupsOfARequest = 50
  /// How many times more requests than are needed for the groups marks may take, before all are read anew.
  private static let mostScattered = 2

  /// Reads the members of all groups that were gathered. A group that is not there has none.
  func readMembers(since marks: [MembersMark], into gathered: inout AssignmentsGathered) async throws {
    var rest = Set(gathered.groups.keys)
    for mark in usable(marks, for: rest) {
      // A link that has ended says nothing of anybody: its groups are read whole.
      guard let round = try await round(from: mark.link, isMinimal: true) else { continue }
      // A group that was gone, if only for a while, need not tell all its members again.
      let groups = rest.intersection(mark.groups).subtracting(round.answer.gone)
      gathered.keep(groups, changedBy: round.answer)
      gathered.mark(groups, round.link)
      rest.subtract(groups)
    }
    let others = rest.sorted()
    for start in stride(from: 0, to: others.count, by: Self.groupsOfARequest) {
      let groups = Array(others[start..<min(start + Self.groupsOfARequest, others.count)])
      let round = try await whole(groups)
      let missing = Set(groups.filter { !round.answer.shows($0) })
      try await requireMissing(missing.sorted())
      gathered.add(round.answer, of: groups)
      // Who is not there is read whole again, until the group is.
      gathered.mark(groups.filter { !missing.contains($0) }, round.link)
    }
  }

  /// An answer that was to tell of all members, and does not name a group, says nothing of it; unless it is not there any more,
  /// all its members would seem to have left. Throws `Fault`.
  private func requireMissing(_ groups: [String]) async throws {
    for group in groups where try await client.isThere("groups/\(group.pathSafe)", .members) {
      throw client.unreadable("leaves out the assigned group \(group), which is there")
    }
  }

  /// How many direct members of a group are users. Throws as `assignments` does.
  func countMembers(of group: String) async throws -> Int {
    try await whole([group]).answer.members[group, default: [:]].count { $0.value }
  }

  /// The marks that tell of groups that are assigned, unless groups that came one by one have scattered them.
  private func usable(_ marks: [MembersMark], for groups: Set<String>) -> [MembersMark] {
    let usable = marks.filter { mayFollow($0.link) && !groups.isDisjoint(with: $0.groups) }
    let needed = (groups.count + Self.groupsOfARequest - 1) / Self.groupsOfARequest
    return usable.count > Self.mostScattered * needed ? [] : usable
  }

  private func whole(_ groups: [String]) async throws -> (answer: MembersAnswer, link: String) {
    let ids = groups.map { "id%20eq%20'\($0.pathSafe)'" }.joined(separator: "%20or%20")
    let link = "\(client.url)/groups/delta?$select=members&$filter=\(ids)"
    return try await anew { try await round(from: link, isMinimal: false) }
  }

  /// All pages from a link on; nil when a link has ended.
  private func round(from link: String, isMinimal: Bool) async throws -> (answer: MembersAnswer, link: String)? {
    var answer = MembersAnswer()
    var end: String?
    try await client.pages(from: link, .members, isMinimal: isMinimal) { reply in
      switch reply {
      case .body(let bytes):
        let page = try client.json(bytes)
        let groups = try client.elements(of: page)
        for group in groups { try answer.add(group) { client.unreadable($0) } }
        end = try client.link("@odata.deltaLink", of: page)
        let next = try client.link("@odata.nextLink", of: page)
        if next == nil, end == nil { throw client.unreadable("ends before its last page") }
        return next.map { NextPage($0, afterEmpty: groups.isEmpty) }
      case .resync:
        end = nil
        return nil
      case .missing: throw client.unreadable("says that there are no groups to read")
      }
    }
    return end.map { (answer, $0) }
  }
}
