import Base
import GraphModel
import JSON

/// The settings of the simulated Graph on the control side; the article MicrosoftGraphAsKnown lists them.
enum GraphSettingsJSON {
  typealias Settings = SimulatedGraph.Settings

  /// Whole numbers, with what each may be.
  private static var numbers: KeyValuePairs<String, (path: WritableKeyPath<Settings, Int64>, bounds: ClosedRange<Int>)>
  {
    [
      "page_size": (\.pageSize, 1...999), "member_slice": (\.memberSlice, 1...999), "latency": (\.latency, 0...600_000),
      "access_token_seconds": (\.accessTokenSeconds, 1...86_400),
      "delta_token_seconds": (\.deltaTokenSeconds, 1...31_536_000),
      "page_token_seconds": (\.pageTokenSeconds, 1...31_536_000),
      "replication_seconds": (\.replicationSeconds, 0...86_400),
    ]
  }

  private static var shares: KeyValuePairs<String, WritableKeyPath<Settings, Double>> {
    ["replays": \.replays, "empty_pages": \.emptyPages]
  }

  static func write(_ graph: SimulatedGraph) -> JSONValue {
    let settings = graph.settings
    var object = JSONObject()
    for (name, number) in numbers { object[name] = .integer(settings[keyPath: number.path]) }
    for (name, path) in shares { object[name] = .decimal("\(settings[keyPath: path])") }
    object["expiry"] = .string(settings.expiry.rawValue)
    object["shows_removed"] = .bool(settings.showsRemoved)
    object["throttle"] = throttle(settings.throttle)
    object["faults"] = GraphFaultsJSON.write(graph.faults)
    return .object(object)
  }

  /// The settings with the named ones changed; throws with a sentence that names the first wrong one.
  static func apply(_ json: JSONValue?, to graph: SimulatedGraph) throws(ControlError) -> SimulatedGraph {
    guard let members = json?.object?.members else { throw ControlError(400, "The body is no JSON object.") }
    var changed = graph
    for member in members {
      switch member.name {
      case "expiry":
        guard let form = member.value.string.flatMap(SimulatedGraph.Expiry.init) else {
          throw .wrong("expiry", SimulatedGraph.Expiry.allCases.map(\.rawValue).joined(separator: ", "))
        }
        changed.settings.expiry = form
      case "shows_removed": changed.settings.showsRemoved = member.value == true
      case "throttle": changed.settings.throttle = try throttle(member.value)
      case "faults": changed.faults = try GraphFaultsJSON.apply(member.value, to: changed.faults)
      default: try set(member, in: &changed.settings)
      }
    }
    return changed
  }

  private static func set(_ member: JSONObject.Member, in settings: inout Settings) throws(ControlError) {
    if let number = numbers.first(where: { $0.key == member.name })?.value {
      guard let value = member.value.integer, number.bounds.contains(value) else {
        throw .wrong(member.name, "a number from \(number.bounds.lowerBound) to \(number.bounds.upperBound)")
      }
      settings[keyPath: number.path] = Int64(value)
    } else if let path = shares.first(where: { $0.key == member.name })?.value {
      guard let value = FaultsJSON.number(member.value), (0...1).contains(value) else {
        throw .wrong(member.name, "a share from 0 to 1")
      }
      settings[keyPath: path] = value
    } else {
      throw ControlError(400, "There is no setting \(member.name).")
    }
  }

  private static func throttle(_ throttle: Throttle?) -> JSONValue {
    guard let throttle else { return "off" }
    guard let units = throttle.units else { return "documented" }
    return ["units": .integer(units), "seconds": .integer(throttle.seconds)]
  }

  private static func throttle(_ json: JSONValue) throws(ControlError) -> Throttle? {
    if json == "off" || json == .null { return nil }
    if json == "documented" { return .documented }
    guard let units = json["units"]?.integer, units > 0, let seconds = json["seconds"]?.integer, seconds > 0 else {
      throw .wrong("throttle", "off, documented, or an object with units and seconds")
    }
    return Throttle(units: Int64(units), seconds: Int64(seconds))
  }
}

/// The fault plan on the control side: `{"seed", "probability", "kinds": […], "script": [{"kind", "next", "after", "path",
/// "milliseconds", "retryAfterSeconds"}]}`.
enum GraphFaultsJSON {
  static func write(_ plan: GraphFaultPlan) -> JSONValue {
    [
      "probability": .decimal("\(plan.probability)"), "kinds": .array(plan.kinds.map { .string($0.rawValue) }),
      "script": .array(
        plan.script.map { scripted in
          [
            "kind": .string(scripted.fault.kind.rawValue), "next": .integer(Int64(scripted.remaining)),
            "after": .integer(Int64(scripted.after)), "path": JSONValue(orNull: scripted.path),
            "milliseconds": .integer(scripted.fault.milliseconds),
            "retryAfterSeconds": .integer(scripted.fault.retryAfterSeconds),
          ]
        }),
    ]
  }

  static func apply(_ json: JSONValue, to plan: GraphFaultPlan) throws(ControlError) -> GraphFaultPlan {
    guard let members = json.object?.members else { throw .wrong("faults", "an object") }
    var changed = plan
    for member in members {
      switch member.name {
      case "seed":
        guard let seed = member.value.integer else { throw .wrong("faults.seed", "a whole number") }
        changed.reseed(UInt64(bitPattern: Int64(seed)))
      case "probability":
        guard let probability = FaultsJSON.number(member.value), (0...1).contains(probability) else {
          throw .wrong("faults.probability", "a number of 0 to 1")
        }
        changed.probability = probability
      case "kinds": changed.kinds = try FaultsJSON.list(member.value, "kinds", kind)
      case "script": changed.script = try FaultsJSON.list(member.value, "script", scripted)
      default: throw ControlError(400, "There is no setting faults.\(member.name).")
      }
    }
    return changed
  }

  private static func kind(_ json: JSONValue?) throws(ControlError) -> GraphFault.Kind {
    guard let kind = json?.string.flatMap(GraphFault.Kind.init) else {
      throw .wrong("a kind of fault", "one of \(GraphFault.Kind.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return kind
  }

  private static func scripted(_ json: JSONValue) throws(ControlError) -> GraphFaultPlan.Scripted {
    var fault = GraphFault(try kind(json["kind"]))
    if let milliseconds = json["milliseconds"]?.integer { fault.milliseconds = Int64(max(0, milliseconds)) }
    if let seconds = json["retryAfterSeconds"]?.integer { fault.retryAfterSeconds = Int64(max(0, seconds)) }
    return GraphFaultPlan.Scripted(
      fault, next: max(0, json["next"]?.integer ?? 1), after: max(0, json["after"]?.integer ?? 0),
      path: json["path"]?.string)
  }
}
