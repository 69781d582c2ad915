public import Ledger
import Provisioning

extension ErasureReport: EvidencedReport {
  /// The report with everything that its rows and numbers rest on. That nobody else is held only all of the log can show. Throws
  /// the faults of log, keys and views.
  public func packed(of ledger: OpenLedger) throws -> PackedReport {
    let found = try found(in: ledger)
    var grounds = Grounds(people: Set(found.held.keys))
    for event in found.events {
      switch event.stream {
      case .user(let alias), .account(let alias): grounds.people.insert(alias)
      default: grounds.streams.insert(event.stream.description)
      }
      if event.hasHoldReason { grounds.opened[event.position] = [LegalHoldPlaced.reasonMember] }
    }
    return PackedReport(
      document: try document(found, of: ledger), grounds: grounds, query: query, parameters: query.parameters)
  }
}

extension FailureReport: EvidencedReport {
  /// The report with everything that its rows rest on. Of somebody who was erased nothing is opened. Throws the faults of log
  /// and keys.
  public func packed(of ledger: OpenLedger) throws -> PackedReport {
    let all = try failures(in: ledger)
    var grounds = Grounds()
    for failure in all {
      guard let alias = failure.alias else {
        grounds.streams.insert(Stream.target.description)
        continue
      }
      grounds.people.insert(alias)
      if let named = failure.named { grounds.opened[named] = [UserObserved.namingMember] }
    }
    return PackedReport(
      document: try document(all, of: ledger), grounds: grounds, query: query, parameters: query.parameters)
  }
}

extension DriftReport: EvidencedReport {
  /// The report with everything that its rows and numbers rest on. Of somebody who was erased nothing is opened. Throws the
  /// faults of log and keys.
  public func packed(of ledger: OpenLedger) throws -> PackedReport {
    let found = try found(in: ledger)
    var grounds = Grounds(streams: [Stream.target.description])
    for drift in found.drifts {
      grounds.people.insert(drift.alias)
      if drift.found.account != nil { grounds.opened[drift.point.position] = [RemoteAccount.sealedMember] }
      if let named = drift.named, drift.user?.attributes.isEmpty == false {
        grounds.opened[named] = [UserObserved.namingMember]
      }
    }
    return PackedReport(
      document: try document(found, of: ledger), grounds: grounds, query: query, parameters: query.parameters)
  }
}

extension LegalHoldPlaced {
  /// The sealed member that says why somebody is held, and why no longer.
  static let reasonMember = "reason"
}

extension LoggedEvent {
  /// Whether it says why a hold was placed or lifted.
  fileprivate var hasHoldReason: Bool {
    switch payload {
    case .legalHoldPlaced(let placed): placed.reason != nil
    case .legalHoldLifted(let lifted): lifted.reason != nil
    default: false
    }
  }
}
