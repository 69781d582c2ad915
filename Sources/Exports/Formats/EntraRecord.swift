import Base
import JSON
import Provisioning
import Reports
import Views

/// What a provisioning log of Microsoft Entra says of one change to one person (Microsoft Graph v1.0,
/// `provisioningObjectSummary`): each decision that leads to nothing, and each delivery that ended, well or not.
struct EntraRecord {
  let event: ExportedEvent
  let settings: ExportSettings
  /// Whether it says that nothing was done.
  let isIdle: Bool

  /// Nil for an event of another kind.
  init?(_ event: ExportedEvent, _ settings: ExportSettings) {
    switch event.type {
    case Decision.type where ["skip", "none", "held"].contains(event.action): isIdle = true
    case DeliveryCompleted.type: isIdle = event.accountAction == nil
    case DeliveryParked.type, DeliveryAbandoned.type: isIdle = false
    default: return nil
    }
    (self.event, self.settings) = (event, settings)
  }

  /// The value of `provisioningAction`; to turn active again is an update there.
  var action: String {
    switch event.accountAction {
    case .create: "create"
    case .update, .enable: "update"
    case .disable: "disable"
    default: "other"
    }
  }

  /// The value of `status`.
  var status: String {
    switch event.status {
    case .success where isIdle: "skipped"
    case .success, .failure, .skipped, .warning: event.status.rawValue
    case .pending: "unknownFutureValue"
    }
  }

  var id: String { event.id.description }
  var job: String { "provledger.\(settings.origin)" }

  /// From the decision to its end, in milliseconds; a number of 32 bits there.
  var duration: Int {
    guard let decided = event.decided else { return 0 }
    return Int(min(max(0, event.row.time.milliseconds - decided.milliseconds), Int64(Int32.max)))
  }

  /// The code, its meaning and what to do, of what was not done.
  var error: (code: String, meaning: String, remedy: String?)? {
    guard event.status != .success, let code = event.reason else { return nil }
    if let reason = Decision.Reason(rawValue: code) {
      return (code, Explanation.of(reason), Explanation.remedy(reason))
    }
    let words = Explanation.of(word: code)
    return (code, words.meaning, words.remedy)
  }

  var json: JSONValue {
    .object(
      JSONObject(present: [
        ("id", .string(id)), ("activityDateTime", .string(event.row.time.description)), ("tenantId", ""),
        ("jobId", .string(job)), ("cycleId", .string(event.row.cycle ?? "")), ("changeId", .string(id)),
        ("provisioningAction", .string(action)), ("durationInMilliseconds", .integer(Int64(duration))),
        ("initiatedBy", initiator), ("servicePrincipal", principal), ("sourceSystem", source),
        ("targetSystem", target), ("sourceIdentity", sourceIdentity), ("targetIdentity", targetIdentity),
        ("provisioningStatusInfo", statusInfo), ("provisioningSteps", .array(steps.map(\.json))),
        ("modifiedProperties", .array(event.changes.map(\.json))),
      ]))
  }

  var initiator: JSONValue {
    ["id": "", "displayName": .string(ExportSettings.product), "initiatorType": "system"]
  }

  var principal: JSONValue { ["id": .string(settings.origin), "displayName": "TeamViewer"] }

  var source: JSONValue { ["id": "", "displayName": "Microsoft Entra ID", "details": [:]] }

  var target: JSONValue {
    ["id": "", "displayName": "TeamViewer", "details": ["BaseAddress": .string(settings.target)]]
  }

  var sourceIdentity: JSONValue {
    let person = event.person
    let (id, name) = (person?.objectID ?? person?.alias ?? "", person?.displayName ?? "")
    return [
      "id": .string(id), "displayName": .string(name), "identityType": "User",
      "details": [
        "id": .string(id), "odatatype": "User", "DisplayName": .string(name),
        "UserPrincipalName": .string(person?.userPrincipalName ?? ""),
      ],
    ]
  }

  var targetIdentity: JSONValue {
    [
      "id": .string(event.person?.accountID ?? ""), "displayName": .string(event.person?.accountName ?? ""),
      "identityType": "User", "details": [:],
    ]
  }

  var statusInfo: JSONValue {
    let information = error.map { error -> JSONValue in
      [
        "errorCode": .string(error.code), "reason": .string(error.meaning),
        "additionalDetails": JSONValue(orNull: event.row.text), "errorCategory": "nonServiceFailure",
        "recommendedAction": JSONValue(orNull: error.remedy),
      ]
    }
    return ["status": .string(status), "errorInformation": information ?? .null]
  }
}
