public import JSON
import Provisioning

/// What operations answer, as JSON.
extension CycleSummary {
  /// As a JSON object: the cycle, the numbers of people by what was decided, and the safeguard if it tripped.
  public var json: JSONValue {
    var object = JSONObject()
    object["cycle"] = .string(cycle)
    object["position"] = .string(String(position))
    object["source"] = .string(source.name)
    object["read"] = .integer(Int64(counts.read))
    object["observed"] = .integer(Int64(counts.observed))
    for action in Decision.Action.allCases { object[action.rawValue] = .integer(Int64(counts[action])) }
    object["passedOver"] = .integer(Int64(passedOver))
    object["unread"] = .array(
      unread.map { ["attribute": .string($0.attribute.rawValue), "objectId": .string($0.id)] })
    object["safeguard"] = JSONValue(orNull: held?.id)
    return .object(object)
  }
}

extension Receipt {
  /// What was done to a person, as a JSON object: `member` names the deed, such as `done`.
  public func json(_ member: String, _ deed: String, of alias: String) -> JSONValue {
    [member: .string(deed), "alias": .string(alias), "position": .string(String(last))]
  }
}
