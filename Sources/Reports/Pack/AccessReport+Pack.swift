import Base
import JSON
public import Ledger
import Provisioning
import Views

extension AccessReport: EvidencedReport {
  /// The report with everything that its rows rest on: all events of whoever has a row. That nobody else had access only all of
  /// the log can show. Throws the faults of log, keys and views.
  public func packed(of ledger: OpenLedger) throws -> PackedReport {
    let document = try document(of: ledger)
    var grounds = Grounds()
    for alias in document.cells(of: "alias") {
      grounds.people.insert(alias)
      grounds.opened.merge(Self.opened(try query.events(about: alias, in: ledger).events)) { $0.union($1) }
    }
    return PackedReport(document: document, grounds: grounds, query: query, parameters: parameters)
  }

  private var parameters: JSONObject {
    JSONObject(present: [
      ("asOf", .string(query.asOf.moment.description)), ("asOfPosition", .string(String(query.asOf.position))),
    ])
  }

  /// The sealed members that the row of a person is read off, by the positions of their events: the newest observation, what the
  /// newest decision wants, and each account that TeamViewer showed. What was wanted before, and which addresses were asked for,
  /// only counts for an account that somebody changed at TeamViewer and that was found as wanted later.
  static func opened(_ events: [LoggedEvent]) -> [Int64: Set<String>] {
    let drifted = events.contains { if case .driftDetected = $0.payload { true } else { false } }
    let observed = events.last { if case .userObserved = $0.payload { true } else { false } }
    let decided = events.last { if case .decided = $0.payload { true } else { false } }
    var opened: [Int64: Set<String>] = [:]
    for event in events {
      let isWanted = drifted || [observed?.position, decided?.position].contains(event.position)
      guard let member = event.accessMember, isWanted || member == RemoteAccount.sealedMember else { continue }
      if case .userObserved = event.payload, event.position != observed?.position { continue }
      opened[event.position] = [member]
    }
    return opened
  }
}

extension LoggedEvent {
  /// The sealed member that access may rest on; nil where there is none.
  var accessMember: String? {
    switch payload {
    case .userObserved(let observed):
      observed.user.id.isEmpty
        ? nil : observed.user.attributes.isEmpty ? UserObserved.idMember : UserObserved.namingMember
    case .decided(let decision): decision.desired.map { _ in "desired" }
    case .linked(let linked): linked.account.map { _ in RemoteAccount.sealedMember }
    case .callFinished(let finished): finished.account.map { _ in RemoteAccount.sealedMember }
    case .accountVerified(let verified): verified.account.map { _ in RemoteAccount.sealedMember }
    case .driftDetected(let drift): drift.account.map { _ in RemoteAccount.sealedMember }
    case .callStarted(let started): started.userName.map { _ in "userName" }
    default: nil
    }
  }
}

extension ReportDocument {
  /// The cells of a column.
  func cells(of key: String) -> [String] {
    columns.firstIndex { $0.key == key }.map { index in rows.map { $0[index] } } ?? []
  }
}
