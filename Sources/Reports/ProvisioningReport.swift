public import Base
public import JSON
import Provisioning
public import Views

/// What happened, decision by decision, in the words of Entra's provisioning logs (Graph's provisioningObjectSummary).
public struct ProvisioningReport {
  /// Which deliveries are wanted.
  public struct Filter: Equatable, Sendable {
    /// Of one cycle.
    public var cycle: String?
    /// With one status.
    public var status: DeliveryStatus?
    /// Decided at this moment or later.
    public var since: Timestamp?
    /// Also those with which nothing was to be done.
    public var includesUnchanged = false

    /// All but those with which nothing was to be done.
    public init() {}
  }

  private let views: ViewStore
  private let filter: Filter

  /// A report over views that are up to date.
  public init(_ views: ViewStore, _ filter: Filter) {
    self.views = views
    self.filter = filter
  }

  /// Hands out every row, in the order of the decisions, a page in memory at a time. Throws the faults of the views.
  @discardableResult
  public func forEach(_ body: (DeliveryRecord) throws -> Void) throws -> Int {
    var count = 0
    var last: Int64 = 0
    while true {
      let page = try views.deliveries(
        after: last, cycle: filter.cycle, status: filter.status, since: filter.since,
        includingUnchanged: filter.includesUnchanged)
      for delivery in page { try body(delivery) }
      count += page.count
      guard let next = page.last else { return count }
      last = next.decision
    }
  }
}

extension DeliveryRecord {
  /// The status in the words of Entra's provisioning logs.
  public var outcome: String {
    switch status {
    case .superseded where action == .held || action == .skip: "skipped"
    case .delivered, .unchanged, .superseded: "success"
    case .pending: "pending"
    case .parked, .abandoned: "failure"
    case .held, .frozen: "warning"
    case .skipped, .erased: "skipped"
    }
  }

  /// The action in the words of Entra's provisioning logs.
  public var provisioningAction: String {
    switch action {
    case .create, .update, .disable: action.rawValue
    case .enable: "update"
    case .held: "stagedDelete"
    case .skip, .none: "other"
    }
  }

  /// The code that says why: what keeps the delivery, else the decision's reason.
  public var code: String { obstacle ?? reason.rawValue }

  /// The word for what keeps the delivery; nil when nothing does.
  private var obstacle: String? {
    switch status {
    case .frozen: DeliveryWord.operatorHold
    case .parked, .abandoned: error
    case .skipped where error == DeliveryWord.operatorSkip: error
    default: nil
    }
  }

  /// Why, in plain words; of somebody who was erased, that too.
  public var explanation: String {
    guard let erasure else { return reasonInWords }
    return "\(reasonInWords); the person was erased on \(erasure.time), reason \(erasure.reason.code)"
  }

  private var reasonInWords: String {
    obstacle.map { Explanation.of(word: $0).meaning } ?? Explanation.of(action, reason)
  }

  /// What somebody has to do; nil when nobody has.
  public var remedy: String? {
    if erasure != nil { return nil }
    if let obstacle { return Explanation.of(word: obstacle).remedy }
    return switch status {
    case .skipped, .held: Explanation.remedy(action, reason)
    default: nil
    }
  }

  /// What TeamViewer answered last to what is not over, as `delivery list` and `why` have it; nil when it is over.
  public var answer: String? {
    guard [.pending, .parked, .abandoned].contains(status) else { return nil }
    let parts = [httpStatus.map(String.init), detail].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  /// One row as a JSON object; names are those of `provisioningObjectSummary` where it has them.
  public var json: JSONValue {
    var object = JSONObject()
    object["id"] = .string(String(decision))
    object["activityDateTime"] = .string(decided.description)
    object["cycleId"] = JSONValue(orNull: cycle)
    object["provisioningAction"] = .string(provisioningAction)
    object["action"] = .string(action.rawValue)
    object["status"] = .string(status.rawValue)
    object["sourceIdentity"] = [
      "id": JSONValue(orNull: objectID), "displayName": JSONValue(orNull: displayName),
      "userPrincipalName": JSONValue(orNull: userPrincipalName), "identityType": "User",
      "alias": .string(alias),
    ]
    object["targetIdentity"] = ["id": JSONValue(orNull: accountID), "identityType": "User"]
    object["provisioningStatusInfo"] = [
      "status": .string(outcome), "errorCode": outcome == "success" ? .null : .string(code),
      "reason": .string(explanation), "recommendedAction": JSONValue(orNull: remedy),
      "httpStatus": JSONValue(orNull: httpStatus), "detail": JSONValue(orNull: detail),
    ]
    object["reason"] = .string(reason.rawValue)
    object["how"] = JSONValue(orNull: how?.rawValue)
    object["endedDateTime"] = JSONValue(orNull: ended?.description)
    object["retryDateTime"] = JSONValue(orNull: retry?.description)
    object["calls"] = .integer(Int64(calls))
    object["durationInMilliseconds"] = .integer(Int64(milliseconds))
    object["erased"] = erasure?.json ?? .null
    object["modifiedProperties"] = .array(changes.map(\.json))
    return .object(object)
  }

  /// The columns of the CSV form, in their fixed order.
  public static let columns = [
    "Date", "Identity", "ObjectId", "UserPrincipalName", "TargetId", "Action", "Status", "Reason", "Explanation",
    "RecommendedAction", "How", "Ended", "Retry", "Calls", "HttpStatus", "ModifiedProperties", "CycleId", "Position",
  ]

  /// The fields of the CSV form.
  public var fields: [String] {
    [
      decided.description, displayName ?? (erasure == nil ? "" : "erased \(alias)"), objectID ?? "",
      userPrincipalName ?? "", accountID ?? "",
      action.rawValue, status.rawValue, code, explanation, remedy ?? "", how?.rawValue ?? "",
      ended?.description ?? "", retry?.description ?? "", String(calls), httpStatus.map(String.init) ?? "",
      changes.map { "\($0.displayName): \($0.oldValue ?? "") → \($0.newValue ?? "")" }.joined(separator: "; "),
      cycle ?? "", String(decision),
    ]
  }
}
