public import Base
public import JSON
import Provisioning
public import Views

/// What `delivery list` says of one person: what is not over, what keeps it, and what somebody can do.
extension OpenDelivery {
  /// The sign-in name, else the address that is wanted, else the alias.
  public var address: String {
    person.user?[.userPrincipalName] ?? person.desired?.userName ?? person.account.userName ?? person.alias
  }

  /// The word for what keeps the delivery, or for what went wrong with it last; nil when nothing did.
  public var code: String? {
    switch status {
    case .frozen: DeliveryWord.operatorHold
    case .held: delivery?.reason.rawValue
    case .skipped where person.account.skipped == nil: delivery?.reason.rawValue
    default: delivery?.error
    }
  }

  /// How often it was tried: how often in a row it was parked, else how many writes were sent.
  public var attempts: Int { person.account.parked?.attempt ?? delivery?.calls ?? 0 }

  /// Since when it stands so: the first refusal of a parked one, else when it became due.
  public var since: Timestamp? { person.account.parked?.since ?? delivery?.since }

  /// Why an operator skips or holds it, in that operator's words; nil when none does.
  public var operatorReason: String? {
    guard status == .skipped || status == .frozen else { return nil }
    let reasons = [person.account.skipped?.reason, person.account.frozen?.reason].compactMap { $0 }
    return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
  }

  /// What TeamViewer said last; nil when it said nothing.
  public var answer: String? {
    // Of a skipped one the row has the operator's words in the place of the answer's.
    let words = delivery?.error == DeliveryWord.operatorSkip ? nil : delivery?.detail
    let parts = [delivery?.httpStatus.map(String.init), words].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  /// When it is tried again by itself; nil when the worker does so as soon as calls leave, or somebody has to act.
  public var next: Timestamp? { status == .parked ? delivery?.retry : nil }

  /// What somebody can do; nil when nobody has to.
  public var remedy: String? {
    switch status {
    case .held,
      .skipped where person.account.skipped == nil:
      delivery.flatMap { Explanation.remedy($0.reason) }
    case .skipped where person.account.frozen != nil:
      "The person is on hold too: `provledger delivery retry` ends both, a change the skip alone."
    default: code.map { Explanation.of(word: $0).remedy }
    }
  }

  /// The same where something may hold all calls back: that keeps what is pending.
  public func code(behind block: BlockReport?) -> String? {
    code ?? (status == .pending ? block?.reason.rawValue : nil)
  }

  /// What somebody can do where something may hold all calls back: nothing else helps what is pending.
  public func remedy(behind block: BlockReport?) -> String? {
    (status == .pending ? block?.remedy : nil) ?? remedy
  }

  /// As a JSON object; `block` is the gravest of what holds all calls back.
  public func json(behind block: BlockReport?) -> JSONValue {
    var object = JSONObject()
    object["alias"] = .string(person.alias)
    object["address"] = .string(address)
    object["action"] = JSONValue(orNull: delivery?.action.rawValue)
    object["lane"] = JSONValue(orNull: lane?.rawValue)
    object["status"] = .string(status.rawValue)
    object["error"] = JSONValue(orNull: code(behind: block))
    object["attempts"] = .integer(Int64(attempts))
    object["failures"] = .integer(Int64(delivery?.failures ?? 0))
    object["since"] = JSONValue(orNull: since?.description)
    object["httpStatus"] = JSONValue(orNull: delivery?.httpStatus)
    object["answer"] = JSONValue(orNull: answer)
    object["operatorReason"] = JSONValue(orNull: operatorReason)
    object["next"] = JSONValue(orNull: next?.description)
    object["remedy"] = JSONValue(orNull: remedy(behind: block))
    object["decision"] = JSONValue(orNull: delivery.map { String($0.decision) })
    return .object(object)
  }
}

/// What `delivery list --resolved` says: a delivery that failed once, and is done.
extension DeliveryRecord {
  /// As a JSON object.
  public var curedJSON: JSONValue {
    [
      "alias": .string(alias), "address": JSONValue(orNull: userPrincipalName), "action": .string(action.rawValue),
      "status": .string(status.rawValue), "resolved": true, "error": .null, "was": JSONValue(orNull: failure?.word),
      "failures": .integer(Int64(failures)), "failed": JSONValue(orNull: failure?.time.description),
      "delivered": JSONValue(orNull: ended?.description), "how": JSONValue(orNull: how?.rawValue),
      "decision": .string(String(decision)),
    ]
  }
}
