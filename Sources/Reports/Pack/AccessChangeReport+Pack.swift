import Base
import JSON
public import Ledger
import Provisioning

extension AccessChangeReport: EvidencedReport {
  /// What the rows of these changes rest on. Of somebody who was erased nothing is opened.
  func grounds(_ shown: [AccessChange]) -> Grounds {
    var grounds = Grounds()
    for change in shown {
      grounds.people.insert(change.alias)
      if change.isErased { grounds.erased.insert(change.alias) }
      if let named = change.named, !change.isErased { grounds.opened[named] = [UserObserved.namingMember] }
    }
    return grounds
  }

  /// The report with everything that its rows rest on. Throws the faults of log and keys.
  public func packed(of ledger: OpenLedger) throws -> PackedReport {
    let all = try changes(in: ledger)
    return PackedReport(
      document: try document(all, of: ledger), grounds: grounds(shown(of: all)), query: query, parameters: parameters)
  }

  /// What the report was asked, so that others can ask it again.
  var parameters: JSONObject {
    var parameters = query.parameters
    parameters["kind"] = .string(kind.rawValue)
    parameters["sample"] = sample.map { .integer(Int64($0.count)) }
    parameters["seed"] = sample.map { .string($0.seed) }
    parameters["withinMilliseconds"] = .integer(limit.milliseconds)
    return parameters
  }

  /// The question that parameters put; nil where they put none.
  init?(_ parameters: JSONObject) {
    guard let kind = parameters["kind"]?.string.flatMap(AccessChange.Kind.init), let query = ReportQuery(parameters),
      let limit = parameters["withinMilliseconds"]?.integer, limit >= 0
    else { return nil }
    let seed = parameters["seed"]?.string
    let sample = parameters["sample"]?.integer.flatMap { count in seed.map { Sample(count: Int(count), seed: $0) } }
    self.init(kind, query, limit: .milliseconds(limit), sample: sample)
  }
}

extension ReportQuery {
  /// The question about a period, so that others can ask it again.
  var parameters: JSONObject {
    JSONObject(present: [
      ("asOf", .string(asOf.moment.description)), ("asOfPosition", .string(String(asOf.position))),
      ("from", .string(period.lowerBound.description)), ("to", .string(period.upperBound.description)),
    ])
  }

  /// The question that parameters put; nil where they put none. Who asked, and with what program, plays no part.
  init?(_ parameters: JSONObject) {
    func moment(_ name: String) -> Timestamp? { parameters[name]?.string.flatMap { Timestamp($0) } }
    guard let asOf = moment("asOf"), let position = parameters["asOfPosition"]?.string.flatMap({ Int64($0) }),
      let from = moment("from"), let to = moment("to"), from <= to
    else { return nil }
    self.init(
      period: from..<to, asOf: AsOf(asOf, position: position), zone: "", words: "", actor: .worker, version: "")
  }
}
