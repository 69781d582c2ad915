import Provisioning

/// Who is assigned, while it is read.
struct AssignmentsGathered {
  /// As many bytes of marks are kept as fit into one event beside all else; groups without a mark are read whole.
  private static let mostOfMarks = 32 << 10

  /// The groups that are assigned, in which roles.
  private(set) var groups: [String: Set<AppRole>] = [:]
  private var people = Assignments()
  private var digest = AssignmentsDigest()
  private var count = 0
  private var marked = 0
  private let progress: GraphSource.Progress

  init(progress: @escaping GraphSource.Progress) { self.progress = progress }

  /// What was gathered, with its digest.
  var assignments: Assignments {
    var assignments = people
    assignments.digest = digest.text
    return assignments
  }

  mutating func add(_ role: AppRole, to person: String) {
    if take(.init(role), person) { digest.add(.init(role), of: person) }
  }

  mutating func add(_ role: AppRole, toGroup group: String) {
    guard groups[group, default: []].insert(role).inserted else { return }
    digest.add(.init(role, through: group), of: group)
  }

  /// Takes over all members of some groups.
  mutating func add(_ answer: MembersAnswer, of groups: [String]) {
    people.hasWholeGroups = true
    for group in groups {
      for (member, isThere) in answer.members[group] ?? [:] where isThere {
        for role in self.groups[group] ?? [] { take(.init(role, through: group), member) }
      }
    }
  }

  /// Takes over what has changed of the members of some groups.
  mutating func keep(_ groups: Set<String>, changedBy answer: MembersAnswer) {
    for group in groups {
      people.kept.keep(group, in: self.groups[group] ?? [])
      for (member, isThere) in answer.members[group] ?? [:] { people.kept.set(member, in: group, isMember: isThere) }
    }
  }

  /// Takes over from where on some groups are read next time.
  mutating func mark(_ groups: some Sequence<String>, _ link: String) {
    let mark = MembersMark(groups: groups, link: link)
    let size = mark.text.utf8.count
    guard !mark.groups.isEmpty, link.utf8.count <= GraphClient.longestLink, marked + size <= Self.mostOfMarks else {
      return
    }
    marked += size
    people.marks.append(mark)
  }

  @discardableResult
  private mutating func take(_ assignment: Assignments.Assignment, _ person: String) -> Bool {
    guard people.add(assignment, to: person) else { return false }
    count += 1
    if count % 1000 == 0 { progress(count) }
    return true
  }
}
