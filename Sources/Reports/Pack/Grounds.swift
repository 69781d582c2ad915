import Base
import JSON
import Provisioning

/// What a report rests on: whose events, and which sealed members have to be opened for its rows to be read off them.
public struct Grounds: Equatable, Sendable {
  /// Everybody who has a row, by alias. All their events up to the report's moment are given, so that none can be passed over.
  public var people: Set<String> = []
  /// The sealed members that are opened, by the position of their event.
  public var opened: [Int64: Set<String>] = [:]
  /// Who of them was erased, at whatever time.
  public var erased: Set<String> = []
}

extension AccessChangeReport {
  /// The member of an observation that holds the names.
  static let namingMember = "attributes"

  /// What the rows of these changes rest on. Of somebody who was erased nothing is opened.
  func grounds(_ shown: [AccessChange]) -> Grounds {
    var grounds = Grounds()
    for change in shown {
      grounds.people.insert(change.alias)
      if change.isErased { grounds.erased.insert(change.alias) }
      if let named = change.named, !change.isErased { grounds.opened[named] = [Self.namingMember] }
    }
    return grounds
  }

  /// What the report was asked, so that others can ask it again.
  var parameters: JSONObject {
    JSONObject(present: [
      ("asOf", .string(query.asOf.moment.description)), ("asOfPosition", .string(String(query.asOf.position))),
      ("from", .string(query.period.lowerBound.description)), ("kind", .string(kind.rawValue)),
      ("sample", sample.map { .integer(Int64($0.count)) }), ("seed", sample.map { .string($0.seed) }),
      ("to", .string(query.period.upperBound.description)),
      ("withinMilliseconds", .integer(limit.milliseconds)),
    ])
  }

  /// The question that parameters put; nil where they put none. Who asked, and with what program, plays no part.
  init?(_ parameters: JSONObject) {
    func moment(_ name: String) -> Timestamp? { parameters[name]?.string.flatMap { Timestamp($0) } }
    guard let kind = parameters["kind"]?.string.flatMap(AccessChange.Kind.init), let asOf = moment("asOf"),
      let position = parameters["asOfPosition"]?.string.flatMap({ Int64($0) }), let from = moment("from"),
      let to = moment("to"), from <= to, let limit = parameters["withinMilliseconds"]?.integer, limit >= 0
    else { return nil }
    let query = ReportQuery(
      period: from..<to, asOf: AsOf(asOf, position: position), zone: "", words: "", actor: .worker, version: "")
    let seed = parameters["seed"]?.string
    let sample = parameters["sample"]?.integer.flatMap { count in seed.map { Sample(count: Int(count), seed: $0) } }
    self.init(kind, query, limit: .milliseconds(limit), sample: sample)
  }
}
