import Base
public import JSON
public import Operations
import Provisioning

extension ErasureRemainder {
  /// What stays there, in a sentence without its full stop.
  public var sentence: String {
    switch self {
    case .account: "TeamViewer keeps the account, inactive; delete it in TeamViewer's own administration"
    case .activeAccount:
      "TeamViewer keeps the account, ACTIVE; disable or delete it in TeamViewer's own administration"
    case .configuration:
      "provledger.yaml names the account's id under safeguard.protectedAccounts; take it out there"
    case .recordedConfiguration:
      "a configuration that was recorded names the account's id; it is sealed under the ledger's own key"
    }
  }
}

extension ErasurePlan {
  /// As one JSON object.
  public var json: JSONValue {
    [
      "alias": .string(alias), "events": .integer(Int64(events)), "calls": .integer(Int64(calls)),
      "obstacles": .array(
        obstacles.map { ["obstacle": .string($0.rawValue), "canBeForced": .bool($0.canBeForced)] }),
      "remains": .array(remains.map { .string($0.rawValue) }), "doubles": .array(doubles.map { .string($0.alias) }),
    ]
  }
}

extension ErasureCertificate {
  /// As one JSON object.
  public var json: JSONValue {
    [
      "log": .string(origin), "alias": .string(plan.alias), "position": .string(String(position)),
      "time": .string(time.description), "actor": .string(actor.description), "reason": .string(erased.reason.code),
      "forced": .array(erased.forced.map { .string($0.rawValue) }), "events": .integer(Int64(erased.events)),
      "calls": .integer(Int64(erased.calls)), "remains": .array(plan.remains.map { .string($0.rawValue) }),
      "doubles": .array(plan.doubles.map { .string($0.alias) }),
      "checkpoint": .string(checkpoint),
    ]
  }

  /// As text to be kept.
  public var text: String {
    var lines = [
      "Certificate of erasure", "", "log         \(origin)", "person      \(plan.alias)", "erased      \(time)",
      "by          \(actor)", "reason      \(erased.reason.code)", "event       \(position)", "",
      "The key of this person is deleted. With it, the content of \(erased.events.of("event")) of the log, \(erased.calls) of them",
      "about calls, can no longer be read by anybody. The entries themselves stay, so that the log can still be proved.",
      "No file of the ledger holds a value of the person. Copies made before still do: backups of keys.sqlite, exports.",
    ]
    for double in plan.doubles {
      lines += ["", "Erased with it: \(double.alias), by which the ledger knew the person too, until a handover."]
    }
    for obstacle in erased.forced { lines += ["", "Forced in spite of \(obstacle.rawValue): \(obstacle.loss)."] }
    if !plan.remains.isEmpty { lines += ["", "What stays elsewhere:"] + plan.remains.map { "- \($0.sentence)." } }
    lines += ["", "The log after it, signed:", "", checkpoint]
    return lines.joined(separator: "\n")
  }
}
