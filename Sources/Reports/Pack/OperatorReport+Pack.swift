import JSON
public import Ledger
import Provisioning

extension OperatorReport: EvidencedReport {
  /// The report with everything that its rows rest on: all of each stream that a deed stands in, and what the machine told of
  /// whoever did it. Throws the faults of log and keys.
  public func packed(of ledger: OpenLedger) throws -> PackedReport {
    let found = try found(in: ledger)
    var grounds = Grounds()
    for deed in found.deeds { found.add(deed, to: &grounds) }
    for actor in Set(found.deeds.map(\.row.actor)) {
      grounds.streams.formUnion((found.seen[actor] ?? []).map(\.stream.description))
    }
    return PackedReport(
      document: try document(found, of: ledger), grounds: grounds, query: query, parameters: query.parameters)
  }
}

extension OperatorReport.Found {
  /// Adds what the row of a deed rests on.
  fileprivate func add(_ deed: Deed, to grounds: inout Grounds) {
    for stream in deed.streams {
      switch stream {
      case .user(let alias), .account(let alias): grounds.people.insert(alias)
      default: grounds.streams.insert(stream.description)
      }
    }
    if deed.row.text != nil {
      grounds.opened[deed.row.position] = [deed.row.type == ReviewDecided.type ? "rationale" : "reason"]
    }
    if let (user, position) = about(deed), !user.attributes.isEmpty {
      grounds.opened[position] = [UserObserved.namingMember]
    }
    if let seen = human(of: deed), let identity = seen.identity {
      grounds.opened[seen.position] = OperatorIdentity.said.intersection(identity.json.members.map(\.name))
    }
  }

  /// Which cells of a deed's row are read off what is opened of which event.
  func read(_ deed: Deed) -> [String: Int64] {
    var read: [String: Int64] = [:]
    if !deed.isPlan { read["words"] = deed.row.position }
    read["userPrincipalName"] = about(deed)?.position
    read["human"] = human(of: deed)?.position
    return read
  }
}

extension PackReader {
  /// The rows and numbers of the report on operators, made anew; gives how many rows there are.
  func checkOperators(_ events: [LoggedEvent]) throws -> Int {
    let report = OperatorReport(try query())
    var (fold, found) = (DeedFold(), OperatorReport.Found())
    for event in events {
      if report.query.period.contains(event.time) { fold.take(event) }
      found.take(event)
    }
    found.deeds = fold.deeds
    let rows = found.deeds.map { MadeRow(cells: report.row($0, found), read: found.read($0)) }
    return try check(report.document(statedAbout, found, made(rows, OperatorReport.columns)))
  }
}
