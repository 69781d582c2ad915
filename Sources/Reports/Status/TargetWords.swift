public import Base
public import JSON
public import Provisioning

/// The quarantine, as `quarantine show` tells it.
extension TargetCondition {
  /// What `quarantine show` says, as a JSON object.
  public var quarantineJSON: JSONValue {
    [
      "quarantined": .bool(quarantine != nil), "reason": JSONValue(orNull: quarantine?.reason.rawValue),
      "status": JSONValue(orNull: quarantine?.status), "operation": JSONValue(orNull: quarantine?.operation),
      "causes": .array(quarantine?.causes.map(\.reportJSON) ?? []),
    ]
  }

  /// The same in lines.
  public var quarantineLines: [String] {
    guard let quarantine else { return ["there is no quarantine"] }
    let (meaning, remedy) = Explanation.of(quarantine.reason)
    let answer = "\(quarantine.operation) was answered \(quarantine.status)"
    return ["quarantine: \(meaning) (\(answer)). \(remedy)"] + quarantine.causes.map { "  \($0.sentence)" }
  }
}

extension DeliveryBlock {
  /// Why nothing leaves, to be said behind "nothing leaves".
  public var words: String {
    let end = until.map { " before \($0)" } ?? ""
    return switch reason {
    case .quarantine: ": in quarantine"
    case .operatorPause: "\(end): paused by an operator"
    case .maintenance: "\(end): planned maintenance"
    case .targetPause: "\(end), as TeamViewer asks"
    case .circuit: "\(end): the target fails"
    case .quota: "\(end): the quota \(quota ?? "") is used up"
    }
  }

  /// What is waited for at a moment, and for how long, in few words.
  public func wait(at now: Timestamp) -> String {
    let left = until.map { " \(max(0, ($0 - now).milliseconds / 1000)) s" } ?? ""
    return switch reason {
    case .quarantine: "no call leaves: quarantine"
    case .operatorPause: "paused by an operator\(left)"
    case .maintenance: "waits\(left): maintenance"
    case .targetPause: "waits\(left): TeamViewer asks for a pause"
    case .circuit: "waits\(left): TeamViewer fails"
    case .quota: "waits\(left): the quota \(quota ?? "") is used up"
    }
  }
}

/// Why a worker that was to end when nothing is pending ends before.
extension Fault {
  /// An operator's pause.
  public init(_ pause: DeliveryPaused) {
    let until = pause.until.map { " until \($0)" } ?? ""
    let reason = pause.reason.map { ": \($0)" } ?? ""
    self.init(
      .deliveriesPaused, "An operator has paused deliveries\(until)\(reason). `provledger delivery resume` ends it.")
  }

  /// A quarantine.
  public init(_ quarantine: QuarantineEntered) {
    let (meaning, remedy) = Explanation.of(quarantine.reason)
    let answer = "\(quarantine.operation) was answered \(quarantine.status)"
    let cause = FaultCode.target(quarantine)
    self.init(.of(quarantine.reason), "No call leaves: \(meaning) (\(cause); \(answer)). \(remedy)")
  }
}
