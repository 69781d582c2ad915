import Base
import Ledger
public import Provisioning
import Views

/// Cycles over changes look up at first whom the changes name; that needs no assignment, so that it is done while those
/// still arrive.
extension DirectoryImport {
  /// What was looked up beside reading. It holds as long as the views stand where they stood.
  public struct Foresight: Sendable {
    /// From where on the members of groups are to be read: from the beginning where their changes cannot tell of everybody.
    public let marks: [MembersMark]
    /// Where the views stood.
    fileprivate let position: Int64
    fileprivate let concerned: FirstConcerned
  }

  /// Whom a cycle over changes looks at in any case.
  struct FirstConcerned: Sendable {
    /// Whom every cycle looks at.
    var unsettled: [Person]
    /// Whom the changes name.
    var named: [Person]
    /// Who may be meant to have any address; nil where that was not looked up.
    var unaddressed: [Person]?
  }

  /// Looks up whom changes concern at first. Throws the faults of log and views.
  public func foresight(of changes: [DirectoryChange], from beginning: Beginning) async throws -> Foresight {
    try await blocking {
      let position = try ledger.views.catchUp()
      var concerned = try firstConcerned(by: changes)
      let marks = try needsMembers(beside: changes, People(concerned.named)) ? [] : beginning.members
      // Where somebody has changed, whoever might share their address is asked for.
      if !changes.isEmpty { concerned.unaddressed = try ledger.views.peopleWithoutAddress() }
      return Foresight(marks: marks, position: position, concerned: concerned)
    }
  }

  /// Whom every cycle looks at, and whom changes name.
  func firstConcerned(by reading: DirectoryReading, _ foresight: Foresight?) throws -> FirstConcerned {
    if let foresight, try ledger.views.catchUp() == foresight.position { return foresight.concerned }
    return try firstConcerned(by: reading.changes)
  }

  private func firstConcerned(by changes: [DirectoryChange]) throws -> FirstConcerned {
    FirstConcerned(
      unsettled: try ledger.views.unsettledPeople(), named: try ledger.views.people(withObjectIDs: changes.map(\.id)))
  }
}
