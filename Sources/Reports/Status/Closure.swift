public import Base
public import JSON
public import Ledger
public import Provisioning
public import Views

/// One thing that holds all calls back.
public struct Closure: Equatable, Sendable {
  /// What holds them back.
  public enum Reason: String, CaseIterable, Sendable {
    /// The target refuses the credentials, or is no SCIM endpoint.
    case quarantine
    /// An operator wants no call.
    case operatorPause
    /// A planned maintenance.
    case maintenance
    /// TeamViewer asked for a slower pace.
    case targetPause
    /// Faults in a row: only probes leave.
    case circuit
    /// A configured quota is used up: none of its calls leave.
    case quota
  }

  /// What holds them back.
  public var reason: Reason
  /// Since when, where that is known.
  public var since: Timestamp?
  /// When it ends by itself; nil when somebody, or a good call, has to end it.
  public var until: Timestamp?
  /// Who wanted it.
  public var actor: String?
  /// Why, in words: an operator's, the call that failed, the quota's name.
  public var detail: String?
  /// The calls that led to a quarantine.
  public var causes: [QuarantineCause] = []

  init(
    _ reason: Reason, since: Timestamp? = nil, until: Timestamp? = nil, by actor: String? = nil, detail: String? = nil,
    causes: [QuarantineCause] = []
  ) {
    self.reason = reason
    self.since = since
    self.until = until
    self.actor = actor
    self.detail = detail
    self.causes = causes
  }

  /// All that holds calls back at a moment, the gravest first.
  public static func all(
    _ target: TargetRow, _ configuration: Configuration, at now: Timestamp
  ) -> [Closure] {
    let condition = target.condition
    var closures: [Closure] = []
    if let quarantine = condition.quarantine {
      closures.append(
        Closure(
          .quarantine, since: target.quarantined,
          detail:
            "\(Explanation.of(quarantine.reason).meaning) (\(quarantine.operation) was answered \(quarantine.status))",
          causes: quarantine.causes))
    }
    if let pause = condition.operatorPause, pause.isInForce(at: now) {
      closures.append(
        Closure(
          .operatorPause, since: target.pausedBy?.time, until: pause.until, by: target.pausedBy?.operator,
          detail: pause.reason))
    }
    if let end = configuration.delivery.maintenance.end(at: now) { closures.append(Closure(.maintenance, until: end)) }
    if let pause = condition.pause, pause.until > now {
      closures.append(Closure(.targetPause, until: pause.until, detail: "answered \(pause.status)"))
    }
    if let circuit = condition.circuit {
      let answer = circuit.status.map { ", answered \($0)" } ?? ""
      closures.append(
        Closure(
          .circuit, since: target.circuitOpened,
          detail: "\(circuit.faults) faults in a row; the last: \(circuit.operation), \(circuit.error)\(answer)"))
    }
    return closures + configuration.target.quotas.compactMap { used($0, condition, now) }
  }

  /// A quota of which no further block can be taken; calls of the newest block may still leave.
  private static func used(_ quota: Quota, _ condition: TargetCondition, _ now: Timestamp) -> Closure? {
    let counting = condition.reservations.filter { $0.quota == quota.name && $0.expires + quota.window > now }
    guard counting.reduce(0, { $0 + $1.count }) >= quota.limit else { return nil }
    return Closure(
      .quota, until: counting.map { $0.expires + quota.window }.min(),
      detail: "\(quota.name): \(quota.limit) of \(quota.operation ?? "all calls")")
  }

  /// The row of `status`: a word, and what it says.
  public var row: [String] {
    let end = until.map { " until \($0)" } ?? ""
    let start = since.map { " since \($0)" } ?? ""
    let words = detail.map { ": \($0)" } ?? ""
    switch reason {
    case .quarantine: return ["QUARANTINE", "no call leaves\(start)\(words)"]
    case .operatorPause:
      let wayOut = until == nil ? "; `provledger delivery resume` ends it" : ""
      return ["PAUSED", "by \(actor ?? "an operator")\(start)\(end)\(words)\(wayOut)"]
    case .maintenance: return ["MAINTENANCE", "no call leaves\(end)"]
    case .targetPause: return ["paused", "TeamViewer asked for no call before \(until?.description ?? "")"]
    case .circuit: return ["CIRCUIT OPEN", "only probes leave\(start)\(words)"]
    case .quota: return ["QUOTA USED UP", "\(detail ?? ""); the next calls are free at \(until?.description ?? "")"]
    }
  }

  /// As a JSON object.
  public var json: JSONValue {
    func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
    return [
      "reason": .string(reason.rawValue), "since": text(since?.description), "until": text(until?.description),
      "by": text(actor), "detail": text(detail),
      "causes": .array(causes.map(\.reportJSON)),
    ]
  }
}

extension QuarantineCause {
  /// As a JSON object.
  public var reportJSON: JSONValue {
    [
      "operation": .string(operation), "status": .integer(Int64(status)),
      "person": person.map(JSONValue.string) ?? .null, "answered": .string(answered.description),
    ]
  }

  /// In a sentence's words: when, which call, and its answer.
  public var sentence: String { "\(answered): \(operation) was answered \(status)" }
}
