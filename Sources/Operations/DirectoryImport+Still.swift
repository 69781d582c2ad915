import Base
import EventLog
import Ledger
import Provisioning
import Views

/// Cycles in which nothing has changed, and nobody waits for one: they end without a look at everybody, so that they cost
/// the same however many people there are.
extension DirectoryImport {
  /// How many events between two cycles are looked at.
  private static let events = 500

  /// True when a cycle about an input, by the rules of the source's last one, is certain to say nothing of anybody: the
  /// source shows nobody changed, and either nothing has happened to anybody since a cycle that said nothing, or nobody's
  /// decision waits for one.
  ///
  /// Held people are always looked at, since whoever runs the cycle is told of them.
  func isStill(_ input: Input) throws -> Bool {
    guard let beginning = input.beginning, case .delta = input.reading.kind, input.reading.changes.isEmpty,
      input.assigned?.digest == beginning.assignments, input.assigned?.hasSameMembers != false,
      let last = try ledger.views.lastCycle(of: source)
    else { return false }
    if try ledger.views.hasHeldPeople() { return false }
    let saidNothing = last.upperBound - last.lowerBound == 1
    if saidNothing, try !hasNewsOfPeople(since: last.upperBound) { return true }
    return try !ledger.views.hasUnsettledPeople() && !ledger.views.hasDecisions(after: last.upperBound)
  }

  /// Whether the log says anything of anybody behind a position; also when there is much to look through.
  private func hasNewsOfPeople(since position: Int64) throws -> Bool {
    let events = try ledger.log.read(from: position + 1, limit: Self.events)
    return events.count == Self.events
      || events.contains { event in
        switch Stream(event.stream) {
        case .user, .account: true
        default: false
        }
      }
  }
}

extension DirectoryImport.Input {
  /// What was read, with what stands for the assignments.
  var marked: DirectoryReading {
    var reading = reading
    reading.assignments = assigned?.digest ?? reading.assignments
    reading.members = assigned?.marks ?? reading.members
    return reading
  }
}
