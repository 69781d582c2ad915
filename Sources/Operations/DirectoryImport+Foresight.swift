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
    fileprivate let unsettled: [Person]
    fileprivate let named: [Person]
  }

  /// Looks up whom changes concern at first. Throws the faults of log and views.
  public func foresight(of changes: [DirectoryChange], from beginning: Beginning) async throws -> Foresight {
    try await blocking {
      let position = try ledger.views.catchUp()
      let (unsettled, named) = try firstConcerned(by: changes)
      let marks = try needsMembers(beside: changes, People(named)) ? [] : beginning.members
      return Foresight(marks: marks, position: position, unsettled: unsettled, named: named)
    }
  }

  /// Whom every cycle looks at, and whom changes name.
  func firstConcerned(
    by reading: DirectoryReading, _ foresight: Foresight?
  ) throws -> (unsettled: [Person], named: [Person]) {
    if let foresight, try ledger.views.catchUp() == foresight.position { return (foresight.unsettled, foresight.named) }
    return try firstConcerned(by: reading.changes)
  }

  private func firstConcerned(by changes: [DirectoryChange]) throws -> (unsettled: [Person], named: [Person]) {
    (try ledger.views.unsettledPeople(), try ledger.views.people(withObjectIDs: changes.map(\.id)))
  }
}
