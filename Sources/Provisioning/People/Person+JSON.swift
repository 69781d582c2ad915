public import JSON

/// The form in which views keep a person; it never enters the log.
extension Person {
  /// The whole person as JSON.
  public var json: JSONValue {
    var object = JSONObject()
    object["alias"] = .string(alias)
    object["state"] = .string(state.rawValue)
    object["source"] = (source?.name).json
    object["user"] = user.map { .object($0.json) }
    object["decision"] = decision?.fields.json
    object["decisionPosition"] = decisionPosition.json
    object["decisionCycle"] = decisionCycle.json
    object["lastDesired"] = lastDesired?.json
    object["account"] = account.json
    object["removal"] = removal?.json
    object["hold"] = legalHold?.json
    object["erasure"] = erasure?.json
    return .object(object)
  }

  /// Reads the form that `json` writes; nil when it is another.
  public init?(_ json: JSONValue) {
    guard let alias = json["alias"]?.string, let state = json["state"]?.string.flatMap(DirectoryState.init),
      let position = json["decisionPosition"]?.position, let account = json["account"].flatMap({ Account($0) })
    else { return nil }
    self.init(alias: alias)
    self.state = state
    source = json["source"]?.string.map { DirectorySourceID($0) }
    user = json["user"]?.object.map { DirectoryUser($0) }
    decision = json["decision"].flatMap { try? Decision(Fields($0)) }
    decisionPosition = position
    decisionCycle = json["decisionCycle"]?.string
    lastDesired = DesiredAccount(json["lastDesired"])
    self.account = account
    removal = json["removal"]?.position
    legalHold = json["hold"].flatMap { LegalHold($0) }
    erasure = json["erasure"].flatMap { PersonErasure($0) }
  }
}

extension LegalHold {
  fileprivate var json: JSONValue {
    .object(JSONObject(present: [("position", position.json), ("time", time.json), ("reason", reason.json)]))
  }

  fileprivate init?(_ json: JSONValue) {
    guard let position = json["position"]?.position, let time = json["time"]?.timestamp else { return nil }
    self.init(position: position, time: time, reason: json["reason"]?.string)
  }
}

extension PersonErasure {
  /// As a JSON object: position, time, reason.
  public var json: JSONValue {
    .object(
      JSONObject(present: [("position", position.json), ("time", time.json), ("reason", .string(reason.code))]))
  }

  fileprivate init?(_ json: JSONValue) {
    guard let position = json["position"]?.position, let time = json["time"]?.timestamp,
      let reason = json["reason"]?.string.flatMap(ErasureReason.init)
    else { return nil }
    self.init(position: position, time: time, reason: reason)
  }
}

extension Account {
  fileprivate var json: JSONValue {
    .object(
      JSONObject(present: [
        ("believed", believed?.json), ("requested", requestedUserName.json), ("wanted", wanted.json),
        ("completed", completed.json), ("how", (completedHow?.rawValue).json), ("calls", calls.json),
        ("unanswered", unanswered?.fields.json), ("verified", .bool(isVerified)), ("parked", parked?.fields.json),
        ("abandoned", .bool(isAbandoned)), ("held", frozen?.fields.json), ("skipped", skipped?.fields.json),
        ("drift", (drift?.rawValue).json), ("unlinked", (unlinked?.rawValue).json),
        ("oldName", keepsOldName ? true : nil),
        ("unconfirmed", unconfirmedActive.map(JSONValue.bool)),
        ("former", formerAddresses.isEmpty ? nil : .array(formerAddresses.map(JSONValue.string))),
      ]))
  }

  fileprivate init?(_ json: JSONValue) {
    self.init()
    guard let wanted = json["wanted"]?.position, let completed = json["completed"]?.position,
      let calls = json["calls"]?.integer
    else { return nil }
    believed = RemoteAccount(json["believed"])
    requestedUserName = json["requested"]?.string
    self.wanted = wanted
    self.completed = completed
    completedHow = json["how"]?.string.flatMap(DeliveryCompleted.How.init)
    self.calls = calls
    unanswered = json["unanswered"].flatMap { try? CallStarted(Fields($0)) }
    isVerified = json["verified"] == true
    parked = json["parked"].flatMap { try? DeliveryParked(Fields($0)) }
    isAbandoned = json["abandoned"] == true
    frozen = json["held"].flatMap { try? DeliveryHeld(Fields($0)) }
    skipped = json["skipped"].flatMap { try? DeliverySkipped(Fields($0)) }
    drift = json["drift"]?.string.flatMap(DriftDetected.Kind.init)
    unlinked = json["unlinked"]?.string.flatMap(AccountUnlinked.Reason.init)
    keepsOldName = json["oldName"] == true
    unconfirmedActive = json["unconfirmed"]?.bool
    formerAddresses = (json["former"]?.array ?? []).compactMap(\.string)
  }
}

extension Fields {
  /// Both halves as one JSON object.
  var json: JSONValue { ["clear": .object(clear), "sealed": .object(sealed)] }

  init(_ json: JSONValue) {
    self.init(clear: json["clear"]?.object ?? JSONObject(), sealed: json["sealed"]?.object ?? JSONObject())
  }
}
