import Base
import GraphModel
import HTTPTypes
import Hummingbird
import JSON

/// All that the simulator of Graph holds; guarded by one lock.
struct GraphState: Sendable {
  var graph: SimulatedGraph
  private(set) var life: CompanyLife?
  private(set) var requests = RequestLog<GraphFault.Kind>()
  private var lived = 0
  private let initial: (graph: SimulatedGraph, life: CompanyLife?)
  private let speed: Double
  private var began: Timestamp

  init(_ graph: SimulatedGraph, life: CompanyLife?, speed: Double, began: Timestamp) {
    self.graph = graph
    self.life = life
    self.speed = speed
    self.began = began
    initial = (graph, life)
  }

  /// Lets the company live up to a moment, and gives that moment.
  mutating func live(_ now: Timestamp) -> Timestamp {
    if life != nil {
      let elapsed = Duration.milliseconds(Int64(Double(max(0, (now - began).milliseconds)) * speed))
      lived += life?.advance(to: elapsed, in: &graph.tenant, now: now).count ?? 0
    }
    // A day more than any token is good for.
    graph.tenant.forget(before: now + .seconds(-graph.settings.deltaTokenSeconds - 86_400))
    return now
  }

  mutating func record(
    _ request: Request, _ outcome: SimulatedGraph.Outcome, _ connection: Int?, _ now: Timestamp
  ) {
    let status: Int? =
      switch outcome.reaction {
      case .answer(let response), .cutOff(let response): response.status
      case .reset, .silence: nil
      }
    requests.record(
      RequestLog.Entry(
        time: now, method: request.method.rawValue, path: request.uri.description, status: status,
        fault: outcome.fault, userAgent: request.headers[.userAgent], connection: connection))
  }

  mutating func reset(_ now: Timestamp) {
    (graph, life) = initial
    (requests, lived, began) = (RequestLog(), 0, now)
  }

  /// Counts, and the faults that were carried out.
  var json: JSONValue {
    var faults = JSONObject()
    for kind in GraphFault.Kind.allCases {
      faults[kind.rawValue] = graph.carriedOut[kind].map { .integer(Int64($0)) }
    }
    return [
      "tenant": .string(graph.tenant.id), "users": .integer(Int64(graph.tenant.all(.user).count)),
      "groups": .integer(Int64(graph.tenant.all(.group).count)),
      "deletedUsers": .integer(Int64(graph.tenant.deletedUsers.count)),
      "servicePrincipals": .array(graph.tenant.servicePrincipals.map { .string($0.appId) }),
      "assignments": .integer(Int64(graph.tenant.assignments.count)),
      "day": life.map { .integer(Int64($0.company.day)) } ?? .null, "steps": .integer(Int64(lived)),
      "faults": .object(faults),
    ]
  }
}
