import Base
import JSON
import Provisioning
import SCIM
import TeamViewerModel

/// The fault plan on the control side: `{"seed": 1, "probability": 0.1, "kinds": {"reset-after": 1}, "script": [{"kind",
/// "next", "method", "path", "milliseconds", "retryAfterSeconds"}], "outages": [{"from", "to", "kind"}]}`.
///
/// `kinds` may also be an array of kinds that are equally likely; `from` and `to` are RFC 3339 with three decimals, UTC.
enum FaultsJSON {
  static func write(_ plan: FaultPlan) -> JSONValue {
    var kinds = JSONObject()
    for kind in SimulatedFault.Kind.allCases {
      kinds[kind.rawValue] = plan.profile.weights[kind].map { .integer(Int64($0)) }
    }
    return [
      "probability": .decimal("\(plan.profile.probability)"), "kinds": .object(kinds),
      "script": .array(
        plan.script.map { scripted in
          [
            "kind": .string(scripted.fault.kind.rawValue), "next": .integer(Int64(scripted.remaining)),
            "method": scripted.method.map { .string($0.rawValue) } ?? .null,
            "path": scripted.pathTemplate.map(JSONValue.string) ?? .null,
            "milliseconds": .integer(scripted.fault.milliseconds),
            "retryAfterSeconds": .integer(scripted.fault.retryAfterSeconds),
          ]
        }),
      "outages": .array(
        plan.outages.map { outage in
          [
            "from": .string(outage.start.description), "to": .string(outage.end.description),
            "kind": .string(outage.fault.kind.rawValue),
          ]
        }),
    ]
  }

  /// The plan with the named parts changed.
  static func apply(_ json: JSONValue, to plan: FaultPlan) throws(ControlError) -> FaultPlan {
    guard let object = json.object else { throw .wrong("faults", "an object") }
    var changed = plan
    for member in object.members {
      switch member.name {
      case "seed":
        guard let seed = member.value.integer else { throw .wrong("faults.seed", "a whole number") }
        changed.generator = SeededGenerator(seed: UInt64(bitPattern: Int64(seed)))
      case "probability":
        guard let probability = number(member.value), (0...1).contains(probability) else {
          throw .wrong("faults.probability", "a number of 0 to 1")
        }
        changed.profile.probability = probability
      case "kinds": changed.profile.weights = try weights(member.value)
      case "script": changed.script = try list(member.value, "script", scripted)
      case "outages": changed.outages = try list(member.value, "outages", outage)
      default: throw ControlError(400, "There is no setting faults.\(member.name).")
      }
    }
    return changed
  }

  static func number(_ value: JSONValue) -> Double? {
    if case .decimal(let text) = value { return Double(text) }
    return value.integer.map(Double.init)
  }

  static func list<Element>(
    _ json: JSONValue, _ name: String, _ read: (JSONValue) throws(ControlError) -> Element
  ) throws(ControlError) -> [Element] {
    guard let entries = json.array else { throw .wrong("faults.\(name)", "an array") }
    var elements: [Element] = []
    for entry in entries { elements.append(try read(entry)) }
    return elements
  }

  private static func weights(_ json: JSONValue) throws(ControlError) -> [SimulatedFault.Kind: Int] {
    var weights: [SimulatedFault.Kind: Int] = [:]
    for name in json.array ?? [] { weights[try kind(name)] = 1 }
    for member in json.object?.members ?? [] {
      guard let weight = member.value.integer, weight >= 0, weight <= 1_000_000 else {
        throw .wrong("faults.kinds", "weights of 0 to 1000000")
      }
      weights[try kind(.string(member.name))] = weight
    }
    return weights
  }

  private static func kind(_ json: JSONValue?) throws(ControlError) -> SimulatedFault.Kind {
    guard let kind = json?.string.flatMap(SimulatedFault.Kind.init) else {
      let names = SimulatedFault.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw ControlError(400, "A kind of fault is not one of \(names).")
    }
    return kind
  }

  private static func fault(_ json: JSONValue) throws(ControlError) -> SimulatedFault {
    var fault = SimulatedFault(try kind(json["kind"]))
    if let milliseconds = json["milliseconds"]?.integer { fault.milliseconds = Int64(max(0, milliseconds)) }
    if let seconds = json["retryAfterSeconds"]?.integer { fault.retryAfterSeconds = Int64(max(0, seconds)) }
    return fault
  }

  private static func scripted(_ json: JSONValue) throws(ControlError) -> FaultPlan.Scripted {
    var method: SCIMRequest.Method?
    if let name = json["method"]?.string {
      method = SCIMRequest.Method(rawValue: name)
      if method == nil { throw .wrong("faults.script.method", "a method of SCIM") }
    }
    return FaultPlan.Scripted(
      try fault(json), next: max(0, json["next"]?.integer ?? 1), method: method, pathTemplate: json["path"]?.string)
  }

  private static func outage(_ json: JSONValue) throws(ControlError) -> FaultPlan.Outage {
    guard let start = json["from"]?.string.flatMap({ Timestamp($0) }),
      let end = json["to"]?.string.flatMap({ Timestamp($0) })
    else { throw .wrong("faults.outages", "spans with from and to, such as 2026-01-02T03:04:05.678Z") }
    return FaultPlan.Outage(
      from: start, to: end, fault: json["kind"] == nil ? SimulatedFault(.refused) : try fault(json))
  }
}
