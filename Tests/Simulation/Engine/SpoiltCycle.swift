import Base
import Ledger
import MicrosoftGraph
import Provisioning
import Views

@testable import Cycles
@testable import Operations

/// What a spoilt engine keeps from cycle to cycle, and must not.
final class SpoiltMemory {
  /// The newest mark that was read, whether or not its cycle finished.
  var mark: String?
}

/// A cycle as `GraphCycle` runs it, but for one thing.
struct SpoiltCycle {
  let source: GraphSource
  let ledger: OpenLedger
  let mutation: EngineMutation
  let memory: SpoiltMemory
  let pieces: CyclePieces

  private var cycle: DirectoryImport {
    var cycle = DirectoryImport(into: ledger, actor: .schedule("cycles"))
    cycle.pieces = pieces
    return cycle
  }

  func run(full: Bool) async throws -> CycleSummary? {
    let beginning = try spoilt(try cycle.beginning())
    let before = try ledger.views.people().people
    let isPolicyNew = try cycle.isPolicyNew()
    var reading = try spoilt(try await read(full ? nil : beginning.mark))
    if cycle.readsAssignments { try await addAssignments(to: &reading) }
    let summary = try await cycle.run(reading, from: beginning)
    if mutation == .changedOnlyDecided, isPolicyNew, let summary {
      try await takeBack(summary, before, changed: Set(reading.changes.map(\.id)))
    }
    return summary
  }

  func leavers() async throws -> CycleSummary? {
    let beginning = try cycle.beginning()
    guard let mark = beginning.mark, case .reading(var reading) = try await source.changes(since: mark) else {
      return nil
    }
    reading.changes = try cycle.leavers(among: reading.changes)
    if reading.changes.isEmpty { return nil }
    reading.kind = .partial
    if mutation != .leaversMoveMark { reading.watermark = mark }
    return try await cycle.run(reading, from: beginning)
  }

  // MARK: Where reading begins

  private func spoilt(_ beginning: DirectoryImport.Beginning) throws -> DirectoryImport.Beginning {
    switch mutation {
    case .markBeforeFinished:
      guard let mark = memory.mark, beginning.mark != nil else { return beginning }
      return DirectoryImport.Beginning(mark: mark, assignments: beginning.assignments, cycle: beginning.cycle)
    case .markKeptOverConfiguration:
      return DirectoryImport.Beginning(
        mark: try cycle.mark(Watermark.users), assignments: beginning.assignments, cycle: beginning.cycle)
    default: return beginning
    }
  }

  // MARK: What was read

  private func read(_ mark: String?) async throws -> DirectoryReading {
    guard let mark else { return try await source.everybody() }
    if case .reading(let reading) = try await source.changes(since: mark) { return reading }
    var reading = try await source.everybody()
    switch mutation {
    case .resyncFindsNoLeavers: reading.kind = .delta(link: reading.watermark ?? "")
    case .resyncFromNow:
      (reading.kind, reading.changes) = (.delta(link: reading.watermark ?? ""), [])
    default: break
    }
    return reading
  }

  private func spoilt(_ reading: DirectoryReading) throws -> DirectoryReading {
    memory.mark = reading.watermark
    var reading = reading
    switch (mutation, reading.kind) {
    case (.deltaTakenAsFull, .delta) where !reading.changes.isEmpty: reading.kind = .snapshot
    case (.deltaCut, .delta): reading.changes = Array(reading.changes.prefix(2))
    case (.cutReadTakenAsWhole, .snapshot): reading.changes.removeLast(reading.changes.count / 10)
    case (.removedIgnored, .delta): reading.changes.removeAll { $0.state != .present }
    case (.clearedIgnored, .delta):
      for place in reading.changes.indices {
        for (attribute, value) in reading.changes[place].attributes where value == .cleared {
          reading.changes[place].attributes[attribute] = nil
        }
      }
    default: break
    }
    return reading
  }

  // MARK: Assignments

  private func addAssignments(to reading: inout DirectoryReading) async throws {
    let read = Set(reading.changes.map(\.id))
    let assigned = spoilt(try await source.assignments())
    reading.add(assigned, of: People(try ledger.views.people().people), in: .standard)
    switch mutation {
    case .assignmentsOfChangedOnly: reading.changes.removeAll { !read.contains($0.id) }
    case .unassignedIgnored:
      reading.changes.removeAll { !read.contains($0.id) && $0.attributes[.appRoleAssignments] == .cleared }
    default: break
    }
  }

  private func spoilt(_ assignments: Assignments) -> Assignments {
    guard mutation == .groupsIgnored else { return assignments }
    var spoilt = Assignments()
    for person in assignments.people {
      for given in assignments[person] where given.group == nil { spoilt.add(given, to: person) }
    }
    return spoilt
  }

  // MARK: What was decided

  /// Those whom the reading does not show get back what was decided before.
  private func takeBack(_ summary: CycleSummary, _ before: [Person], changed: Set<String>) async throws {
    let events = before.compactMap { person -> Event? in
      guard let id = person.user?.id, !changed.contains(id), var decision = person.decision else { return nil }
      decision.isChange = true
      return Event(.user(person.alias), .decided(decision), correlation: summary.cycle)
    }
    if !events.isEmpty { try await ledger.append(events, actor: .schedule("cycles")) }
  }
}
