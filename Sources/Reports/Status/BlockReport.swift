public import Base
public import JSON
public import Ledger
public import Provisioning
public import Views

/// One thing that holds all calls back.
public struct BlockReport: Equatable, Sendable {
  /// What holds them back.
  public typealias Reason = DeliveryBlock.Reason

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
  /// The code under which `target test` and `doctor` name the same cause; nil where TeamViewer is not to blame.
  public var cause: FaultCode?
  /// What somebody has to do so that calls leave again; nil where nobody has.
  public var remedy: String?
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
  ) -> [BlockReport] {
    DeliveryBlock.all(
      target.condition, maintenance: configuration.delivery.maintenance, quotas: configuration.target.quotas, at: now
    ).map { BlockReport($0, target, configuration) }
  }

  /// What holds calls back, with what else is known of it.
  private init(_ block: DeliveryBlock, _ target: TargetRow, _ configuration: Configuration) {
    self.init(block.reason, until: block.until)
    let condition = target.condition
    switch block.reason {
    case .quarantine:
      since = target.quarantined
      cause = condition.quarantine.map { .target($0) }
      detail = condition.quarantine.map {
        "\(Explanation.of($0.reason).meaning) (\(FaultCode.target($0)); \($0.operation) was answered \($0.status))"
      }
      causes = condition.quarantine?.causes ?? []
      remedy = condition.quarantine.map { Explanation.of($0.reason).remedy }
    case .operatorPause:
      (since, actor) = (target.pausedBy?.time, target.pausedBy?.operator)
      detail = condition.operatorPause?.reason
      remedy = "`provledger delivery resume` ends it."
    case .maintenance: break
    case .targetPause:
      cause = .targetRateLimited
      detail = condition.pause.map { "answered \($0.status)" }
    case .circuit:
      since = target.circuitOpened
      cause = condition.circuit.map { .target(error: $0.error, status: $0.status) }
      detail = condition.circuit.map { Self.words($0, condition.unreachable) }
    case .quota:
      detail = configuration.target.quotas.first { $0.name == block.quota }.map {
        "\($0.name): \($0.limit) of \($0.operation ?? "all calls")"
      }
    }
  }

  private static func words(_ circuit: CircuitOpened, _ later: TargetUnreachable?) -> String {
    let faults = circuit.faults == 1 ? "a fault" : "\(circuit.faults) faults in a row"
    let what = circuit.scope == .writes ? "writes of several people fail" : faults
    guard let later else { return "\(what); the last: \(words(circuit.operation, circuit.error, circuit.status))" }
    return "\(what), and more since, the last at \(later.last): \(words(later.operation, later.error, later.status))"
  }

  private static func words(_ operation: String, _ error: String, _ status: Int?) -> String {
    let answer = status.map { ", answered \($0)" } ?? ""
    return "\(operation), \(error)\(answer) (\(FaultCode.target(error: error, status: status).words))"
  }

  /// The row of `status`: a word, and what it says; of the past without the way out.
  public func row(isPast: Bool = false) -> [String] {
    let end = until.map { " until \($0)" } ?? ""
    let start = since.map { " since \($0)" } ?? ""
    let words = detail.map { ": \($0)" } ?? ""
    switch reason {
    case .quarantine: return ["QUARANTINE", "no call leaves\(start)\(words)"]
    case .operatorPause:
      let wayOut = until == nil && !isPast ? "; `provledger delivery resume` ends it" : ""
      return ["PAUSED", "by \(actor ?? "an operator")\(start)\(end)\(words)\(wayOut)"]
    case .maintenance: return ["MAINTENANCE", "no call leaves\(end)"]
    case .targetPause: return ["paused", "TeamViewer asked for no call before \(until?.description ?? "")"]
    case .circuit: return ["CIRCUIT OPEN", "only probes leave\(start)\(words)"]
    case .quota: return ["QUOTA USED UP", "\(detail ?? ""); the next calls are free at \(until?.description ?? "")"]
    }
  }

  /// The rows of `status`: what it says, the calls that led to it, and of a quarantine the way out.
  public func rows(isPast: Bool = false) -> [[String]] {
    let wayOut = reason == .quarantine && !isPast ? remedy : nil
    return [row(isPast: isPast)] + causes.map { ["", $0.sentence] } + (wayOut.map { [["", $0]] } ?? [])
  }

  /// The same in a sentence or two, without the calls.
  public var sentence: String {
    let words = row().joined(separator: ": ")
    return reason == .quarantine ? "\(words). \(remedy ?? "")" : "\(words)."
  }

  /// As a JSON object.
  public var json: JSONValue {
    [
      "reason": .string(reason.rawValue), "since": JSONValue(orNull: since?.description),
      "until": JSONValue(orNull: until?.description),
      "by": JSONValue(orNull: actor), "detail": JSONValue(orNull: detail),
      "cause": JSONValue(orNull: cause?.description), "causes": .array(causes.map(\.reportJSON)),
    ]
  }
}

extension OpenLedger {
  /// All that holds calls back now, the gravest first, as the views have it. Throws the faults of the views.
  public func blocks() throws -> [BlockReport] {
    BlockReport.all(try views.target(), configuration, at: clock())
  }
}

extension QuarantineCause {
  /// As a JSON object.
  public var reportJSON: JSONValue {
    [
      "operation": .string(operation), "status": .integer(Int64(status)),
      "person": JSONValue(orNull: person), "answered": .string(answered.description),
    ]
  }

  /// In a sentence's words: when, which call, and its answer.
  public var sentence: String { "\(answered): \(operation) was answered \(status)" }
}
